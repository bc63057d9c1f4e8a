"""Pins: a release that somebody reads is not pruned.

A reader holds a shared lock on `.pins/<id>` for as long as it reads; the kernel frees it when the
process dies, so no pin is ever left behind.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kg.disk import explained

_FOLDER: Final = ".pins"


@contextmanager
def pinned(root: Path, name: str) -> Iterator[None]:
    """Keep a release from being pruned for the time of the block.

    Raises:
        ReleaseError: the folder of releases cannot be written.
    """
    with explained(f"pin release {name}"):
        (root / _FOLDER).mkdir(exist_ok=True)
        file = (root / _FOLDER / name).open("a", encoding="utf-8")
    with file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def is_pinned(root: Path, name: str) -> bool:
    """Tell whether somebody reads a release."""
    try:
        with (root / _FOLDER / name).open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def drop_pin(root: Path, name: str) -> None:
    """Forget the lock file of a release that is gone."""
    (root / _FOLDER / name).unlink(missing_ok=True)
