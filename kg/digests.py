"""Digests of what a release depends on: equal digests, equal results."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from kg.disk import sha256_of


def digest(parts: Iterable[str]) -> str:
    """Return the SHA-256 of some strings, which may hold anything."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()


def tree(path: Path | None) -> str:
    """Return the digest of a file, or of the names and contents of all files of a folder."""
    return digest(_contents(path)) if path else ""


def listing(folder: Path | None) -> str:
    """Return the digest of the names, sizes and times of a folder's files: quick."""
    if folder is None:
        return ""
    with os.scandir(folder) as entries:
        found = sorted((entry.name, entry.stat()) for entry in entries)
    return digest(f"{name}/{stat.st_size}/{stat.st_mtime_ns}" for name, stat in found)


@cache
def code() -> str:
    """Return the digest of kg's own code, so that no cache survives a change of it."""
    return tree(Path(__file__).parent)


def _contents(path: Path) -> Iterator[str]:
    if path.is_file():
        yield sha256_of(path)
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            file = Path(folder, name)
            if file.is_file():
                yield file.relative_to(path).as_posix()
                yield sha256_of(file)
