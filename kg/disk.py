"""Writing so that a reader sees all of a file or none of it, and saying in words why it failed."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from kg.errors import ReleaseError

_REASONS: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than this system allows",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "access is denied",
    errno.EPERM: "access is denied",
    errno.EMFILE: "too many files are open",
}

_TOGETHER: Final = 8  # files
_PAUSE: Final = 0.005  # seconds between two looks at a lock


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn failures of the disk inside the block into a ReleaseError that says what was being done.

    RocksDB reports a full disk as an OSError without a number, SQLite as an error of its own.
    """
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
        path = f" ({error.filename})" if error.filename else ""
        raise ReleaseError(f"cannot {doing}: {reason}{path}") from error
    except sqlite3.Error as error:
        raise ReleaseError(f"cannot {doing}: {error}") from error


@contextmanager
def locked(path: Path, *, refusal: str, wait: float = 0) -> Iterator[None]:
    """Hold the lock file for the time of the block; the kernel frees it when the process dies.

    `wait` is for how many seconds to try.

    Raises:
        ReleaseError: another process holds it, `refusal` says what that means; or the file cannot
            be written.
    """
    with explained(f"write to {path.parent}"):
        file = path.open("a+", encoding="utf-8")
    with file:
        if not _taken(file, until=time.monotonic() + wait):
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            hint = f"process {holder} holds {path}; try again when it has ended"
            raise ReleaseError(refusal, hint=hint)
        with suppress(OSError):  # on a full disk nobody can be told who holds it
            os.ftruncate(file.fileno(), 0)
            os.pwrite(file.fileno(), str(os.getpid()).encode(), 0)  # leaves nothing to be flushed
        yield


def _taken(file: IO[str], *, until: float) -> bool:
    """Try for the lock until a moment of the monotonic clock, at least once."""
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_PAUSE)


def write_whole(path: Path, content: bytes, *, durable: bool = True, mode: int = 0o666) -> None:
    """Write a file so that it is either the old one or the new one, even when killed meanwhile.

    `durable`: also after a power cut, at the price of waiting for the disk. `mode`: who may use it,
    as in `os.open`.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if durable:
        sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Wait until everything in a folder is on the disk.

    A file with another name elsewhere is there already: links are made of published files only.
    """
    paths = sorted(folder.rglob("*"))
    files = [path for path in paths if path.is_file() and not path.is_symlink()]
    with ThreadPoolExecutor(_TOGETHER) as threads:  # a file system writes many as fast as one
        list(threads.map(sync, [file for file in files if file.stat().st_nlink == 1]))
        list(threads.map(sync, [path for path in paths if path.is_dir() and not path.is_symlink()]))
    sync(folder)


def link_tree(source: Path, target: Path) -> None:
    """Give the files of a folder second names in a new folder; they must not be written again."""
    shutil.copytree(source, target, copy_function=link_file, symlinks=True)


def link_file(source: str | Path, target: str | Path) -> None:
    """Give a file a second name; copy it when it has as many as the file system allows."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno != errno.EMLINK:
            raise
        shutil.copyfile(source, target)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
