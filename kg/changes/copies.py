"""Copies of a release's store to write to, made of hard links; one may be made beforehand.

A copy that waits lies in `.prepared-…` and is locked by its process, so that others can tell the
ones that a dead process has left behind.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Final

import pyoxigraph as ox

from kg.changes.dataset import Dataset
from kg.errors import ReleaseError
from kg.releases import Release, Releases

_FOLDER: Final = ".prepared-"
_LOCK: Final = ".lock"
_MANY: Final = (
    150  # files of a store; each write adds about ten, which the engine merges at leisure
)


@dataclass(slots=True)
class Copy:
    """A folder that is to become a release: its store, and that of the release it was made of."""

    folder: Path
    before: Dataset
    after: Dataset

    @classmethod
    def of(cls, release: Release, folder: Path) -> Copy:
        """Link the store of a release into a folder, and open it for writing.

        Raises:
            ReleaseError: the store is damaged.
            OSError: the disk refuses.
        """
        try:
            before = ox.Store.read_only(str(release.store_path))
            before.backup(str(folder / "store"))
            after = ox.Store(str(folder / "store"))
        except RuntimeError as error:
            raise ReleaseError(f"the store of release {release.id} is damaged: {error}") from error
        manifest = release.manifest
        return cls(folder, Dataset.of(before, manifest), Dataset.of(after, manifest))

    def close(self) -> None:
        """Close the stores; what was written is on the disk."""
        self.after.store.flush()
        del self.before, self.after


@dataclass(slots=True)
class Copies:
    """Makes copies, and keeps at most one for the next change."""

    releases: Releases
    _ready: Copy | None = None
    _release: str = ""
    _held: IO[str] | None = field(default=None)

    def prepare(self, release: Release) -> None:
        """Make a copy for the next change, if it is not there; the lock must be held."""
        if self._ready and self._release == release.id and self._ready.folder.is_dir():
            return
        self.discard()
        for left in self.releases.root.glob(f"{_FOLDER}*"):
            if not _is_held(left):
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(mkdtemp(prefix=_FOLDER, dir=self.releases.root))
        try:
            folder.chmod(0o755)
            self._held = (folder / _LOCK).open("w", encoding="utf-8")
            fcntl.flock(self._held, fcntl.LOCK_EX)
            self._ready, self._release = Copy.of(release, folder), release.id
        except (OSError, ReleaseError):
            self._forget()
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def compact(self) -> None:
        """Tidy the copy that waits, if its store lies in many files; the lock need not be held."""
        if self._ready and len(list((self._ready.folder / "store").iterdir())) > _MANY:
            self._ready.after.store.optimize()

    @contextmanager
    def taken(self, release: Release) -> Iterator[Copy]:
        """Give a copy of a release's store, ready or made now; the lock must be held.

        It is removed in the end, if it has not become a release.
        """
        if self._ready and self._release == release.id and self._ready.folder.is_dir():
            copy = self._ready
            self._forget()
            (copy.folder / _LOCK).unlink()
            try:
                yield copy
            finally:
                shutil.rmtree(copy.folder, ignore_errors=True)
            return
        self.discard()
        with self.releases.staging() as folder:
            yield Copy.of(release, folder)

    def discard(self) -> None:
        """Remove the copy that is kept."""
        if self._ready:
            shutil.rmtree(self._ready.folder, ignore_errors=True)
        self._forget()

    def _forget(self) -> None:
        self._ready, self._release = None, ""
        if self._held:
            self._held.close()
            self._held = None


def _is_held(folder: Path) -> bool:
    try:
        with (folder / _LOCK).open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
