"""Texts that many releases share: a write must not link every article anew.

A built release has its texts in a folder of its own. Releases made from it by changes have a
symbolic link to `.texts/<digest>`, whose files are hard links: it stays when the built one goes.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from kg.disk import link_tree, sync, sync_tree

FOLDER: Final = ".texts"


def share_texts(parent: Path, staging: Path, *, digest: str) -> None:
    """Give the release in `staging` the texts of its parent; the lock must be held.

    Both lie in the folder of releases. `digest` is that of the list of articles.
    """
    source = parent / "texts"
    if source.is_symlink():
        (staging / "texts").symlink_to(os.readlink(source))
        return
    pool = parent.parent / FOLDER / digest
    if not pool.is_dir():
        half = pool.with_name(f".half-{digest}")
        shutil.rmtree(half, ignore_errors=True)
        pool.parent.mkdir(exist_ok=True)
        link_tree(source, half)
        sync_tree(half)
        half.rename(pool)
        sync(pool.parent)
    (staging / "texts").symlink_to(Path("..", FOLDER, digest))


def drop_unused_texts(root: Path, *, releases: list[Path]) -> None:
    """Remove the texts that no release of a folder links to; the lock must be held."""
    used = {os.path.basename(os.readlink(link)) for link in _links(releases)}
    for pool in (root / FOLDER).glob("*"):
        if pool.name not in used:
            shutil.rmtree(pool)


def _links(releases: list[Path]) -> list[Path]:
    return [path / "texts" for path in releases if (path / "texts").is_symlink()]
