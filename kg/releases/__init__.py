"""Releases on disk: immutable folders, and `current`, which points to the one in force.

    releases/
        <id>/            manifest.json  articles.jsonl  void.ttl  store/  dump/  search.db  report/
                         texts/<slug>.txt  rules/*.rq  shapes/  retired.tsv (when any IRI was
                         retired)  patch.rdfp (what it changed, when a change made it)
        current          → <id>, moved by rename
        changes/         accepted changes, which a build replays; see `kg.changes.kept`
        purged.json      release ids and IRIs that were purged → null
        .lock            held while a release is made
        .staging-…       a release being made; what is left of a killed process is cleaned away
        .prepared-…      a copy of a store for the next change, locked by the process that made it
        .completing-…    dumps and index of a written release being made, likewise
        .texts/          texts that releases share, by digest of their list
        .pins/           a file for each release, locked by whoever reads it
        .cache/          what articles came to, by content

A release appears under its name only when it is whole and on the disk; one that was made by a
change gets its dumps later, and says so until then.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from kg.disk import explained, locked, sync, sync_tree, write_whole
from kg.errors import ReleaseError
from kg.iris import Iris
from kg.releases.checking import damage
from kg.releases.manifest import ArticleEntry, Manifest
from kg.releases.pins import drop_pin, is_pinned, pinned
from kg.releases.retired import read_retired
from kg.releases.texts import drop_unused_texts

_ID: Final = re.compile(r"[0-9a-f]{16}")
_STAGING: Final = ".staging-"
_WAIT: Final = 10.0  # seconds that a short piece of work waits for another process
_DAY: Final = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Release:
    """One release: its folder and what it says about itself."""

    path: Path
    manifest: Manifest

    @classmethod
    def open(cls, path: Path) -> Release:
        """Read the manifest of a release's folder.

        Raises:
            ReleaseError: there is no manifest, or it is damaged.
        """
        try:
            text = (path / "manifest.json").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            hint = "unipact releases list shows the releases there are"
            raise ReleaseError(f"{path} is not a release: {error}", hint=hint) from error
        return cls(path=path, manifest=Manifest.from_json(text))

    @property
    def id(self) -> str:
        """Return the name of the release."""
        return self.manifest.id

    @property
    def made(self) -> float:
        """Return when it was made, in seconds since the epoch."""
        return (self.path / "manifest.json").stat().st_mtime

    @property
    def store_path(self) -> Path:
        """Return the folder of the store, to be opened with `Store.read_only`."""
        return self.path / "store"

    @property
    def dump_dir(self) -> Path:
        """Return the folder of the dumps."""
        return self.path / "dump"

    @property
    def dataset(self) -> Path:
        """Return the dump with every statement: sorted N-Quads."""
        return self.dump_dir / "unipact.nq"

    @property
    def search_db(self) -> Path:
        """Return the label index."""
        return self.path / "search.db"

    @property
    def report_dir(self) -> Path:
        """Return the folder of the validation report."""
        return self.path / "report"

    @property
    def texts_dir(self) -> Path:
        """Return the folder of the articles' texts, `<slug>.txt`."""
        return self.path / "texts"

    @property
    def rules_dir(self) -> Path:
        """Return the folder of the rules that the derived statements come from."""
        return self.path / "rules"

    @property
    def shapes_dir(self) -> Path:
        """Return the folder of the shapes that it was checked by; there may be none."""
        return self.path / "shapes"

    @property
    def patch(self) -> Path:
        """Return what a change made of the parent, as RDF Patch; there may be none."""
        return self.path / "patch.rdfp"

    @property
    def description(self) -> Path:
        """Return the VoID and DCAT description, Turtle."""
        return self.path / "void.ttl"

    def retired(self) -> Mapping[str, str]:
        """Return the retired IRIs, each with its successor or "".

        Raises:
            InputError: the list is damaged.
        """
        return read_retired(self.path / "retired.tsv", Iris(self.manifest.base))

    def articles(self) -> Iterator[ArticleEntry]:
        """Yield the articles in the order of their slugs."""
        with (self.path / "articles.jsonl").open(encoding="utf-8") as lines:
            yield from map(ArticleEntry.from_json, lines)


@dataclass(frozen=True, slots=True)
class Releases:
    """A folder of releases."""

    root: Path

    def current(self) -> Release:
        """Return the release in force.

        Raises:
            ReleaseError: there is none, or it is damaged.
        """
        release = self.find_current()
        if release is None:
            hint = "make one with: unipact build"
            raise ReleaseError(f"there is no release in {self.root}", hint=hint)
        return release

    def find_current(self) -> Release | None:
        """Return the release in force, or None when there is none yet.

        Raises:
            ReleaseError: `current` points to something that is no release.
        """
        try:
            target = os.readlink(self.root / "current")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ReleaseError(f"{self.root / 'current'} is not a link: {error}") from error
        return Release.open(self.root / target)

    def current_id(self) -> str | None:
        """Return the id of the release in force, or None when there is none yet."""
        release = self.find_current()
        return release.id if release else None

    def latest_complete(self) -> Release:
        """Return the release in force, or the last one before it whose dumps are there.

        Raises:
            ReleaseError: there is none, or it is damaged.
        """
        release = self.current()
        while release.manifest.pending:
            try:
                release = Release.open(self.root / release.manifest.parent)
            except ReleaseError:
                found = [known for known in self.list() if not known.manifest.pending]
                if not found:
                    raise ReleaseError("no release has its dumps yet") from None
                return found[0]
        return release

    def ids(self) -> tuple[str, ...]:
        """Return the names of all releases, sorted."""
        if not self.root.is_dir():
            return ()
        folders = (path.name for path in self.root.iterdir() if path.is_dir())
        return tuple(sorted(name for name in folders if _ID.fullmatch(name)))

    def list(self) -> tuple[Release, ...]:
        """Return all releases, the newest made first."""
        found = [Release.open(self.root / name) for name in self.ids()]
        return tuple(sorted(found, key=lambda release: (-release.made, release.id)))

    def get(self, name: str) -> Release:
        """Return a release by its id, the beginning of it, or `current`.

        Raises:
            ReleaseError: no release has that name, or several begin with it.
        """
        if name == "current":
            return self.current()
        found = [known for known in self.ids() if name and known.startswith(name)]
        if len(found) == 1:
            return Release.open(self.root / found[0])
        hint = "there are: " + (", ".join(found or self.ids()) or "none")
        what = "no release is called" if not found else "several releases begin with"
        raise ReleaseError(f"{what} {name!r}", hint=hint)

    def use(self, name: str) -> Release:
        """Make a release the current one, after checking that it is whole.

        Raises:
            ReleaseError: there is no such release, or it is damaged.
        """
        release = self.get(name)
        self.verify(release.id)
        with self.lock(wait=_WAIT):
            self.point_to(release.id)
        return release

    @contextmanager
    def pin(self, name: str) -> Iterator[None]:
        """Keep a release from being pruned for the time of the block.

        Raises:
            ReleaseError: the folder cannot be written.
        """
        with pinned(self.root, name):
            yield

    def verify(self, name: str) -> Release:
        """Return a release whose files, store and label index are what the manifest says.

        Raises:
            ReleaseError: it is damaged; the hint lists in what.
        """
        release = self.get(name)
        if found := damage(release.path, release.manifest):
            raise ReleaseError(f"release {release.id} is damaged", hint="\n".join(found))
        return release

    def prune(
        self, keep: int, *, older_than: float | None = None, pinned: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Remove all but the newest `keep` releases, of those only what is older than some days.

        What is in use stays: the current release, those that somebody reads or that are `pinned`,
        and those that the current one needs while its dumps are still to be made. Another one
        whose dumps were never made has its store to make them from.

        Returns:
            The ids removed, sorted.

        Raises:
            ReleaseError: `keep` is negative, or the folder cannot be written.
        """
        if keep < 0:
            raise ReleaseError(f"cannot keep {keep} releases")
        with self.lock(wait=_WAIT):
            found = self.list()
            newest = time.time() - (older_than or 0) * _DAY
            kept = {
                *(release.id for release in found[:keep]),
                *(release.id for release in found if older_than and release.made > newest),
                *(release.id for release in found if is_pinned(self.root, release.id)),
                *pinned,
                self.current_id() or "",
            }
            kept |= _needed({release.id: release for release in found}, {self.current_id() or ""})
            removed = [name for name in self.ids() if name not in kept]
            for name in removed:
                self.discard(name)
        return tuple(removed)

    def discard(self, name: str) -> None:
        """Remove a release that is not in use; it vanishes at once, its files follow."""
        with explained(f"remove release {name}"):
            doomed = self.root / f"{_STAGING}gone-{name}"
            (self.root / name).rename(doomed)
            shutil.rmtree(doomed)
            drop_pin(self.root, name)
            drop_unused_texts(self.root, releases=[self.root / known for known in self.ids()])

    def purged(self) -> Mapping[str, None]:
        """Return the release ids and IRIs that were purged."""
        try:
            found = json.loads((self.root / "purged.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise ReleaseError(f"{self.root / 'purged.json'} is damaged: {error}") from error
        return dict.fromkeys(found)

    def record_purged(self, names: Iterator[str] | Sequence[str]) -> None:
        """Add release ids and IRIs to those that were purged."""
        known = dict.fromkeys(sorted({*self.purged(), *names}))
        with explained("record what was purged"):
            write_whole(self.root / "purged.json", (json.dumps(known, indent=1) + "\n").encode())

    @contextmanager
    def lock(self, *, wait: float = 0) -> Iterator[None]:
        """Keep other processes from changing the folder meanwhile; try for `wait` seconds.

        Raises:
            ReleaseError: another process is at it, or the folder cannot be written.
        """
        with explained(f"write to {self.root}"):
            self.root.mkdir(parents=True, exist_ok=True)
        refusal = f"another process is writing to {self.root}"
        with locked(self.root / ".lock", refusal=refusal, wait=wait):
            yield

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Give a folder to make a release in; the lock must be held.

        Whoever holds the lock is alone, so every other such folder belongs to a dead process.
        """
        with explained(f"write to {self.root}"):
            for left in self.root.glob(f"{_STAGING}*"):
                shutil.rmtree(left)
            folder = Path(mkdtemp(prefix=_STAGING, dir=self.root))
            folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, staging: Path, manifest: Manifest, *, use: bool = True) -> Release:
        """Make the finished folder a release, and (`use`) the current one; the lock must be held.

        A whole release of the same id stays as it is, a damaged one is replaced.

        Raises:
            ReleaseError: the disk refuses; then nothing has changed.
        """
        target = self.root / manifest.id
        with explained(f"publish release {manifest.id}"):
            write_whole(staging / "manifest.json", manifest.to_json().encode())
            if not self._is_whole(manifest.id):
                sync_tree(staging)
                if target.exists():
                    target.rename(self.root / f"{_STAGING}damaged-{manifest.id}")
                staging.rename(target)
                sync(self.root)
        return self.point_to(manifest.id) if use else Release.open(target)

    def point_to(self, name: str) -> Release:
        """Make a release the current one, unchecked; the lock must be held."""
        with explained("move `current`"):
            link = self.root / f".current-{os.getpid()}"
            link.unlink(missing_ok=True)
            link.symlink_to(name)
            link.replace(self.root / "current")
            sync(self.root)
        return Release.open(self.root / name)

    def seems_whole(self, name: str) -> bool:
        """Tell at a glance whether a release is there with files of the right size."""
        try:
            release = Release.open(self.root / name)
            sizes = {path: entry.size for path, entry in release.manifest.files.items()}
            fits = all((release.path / p).stat().st_size == size for p, size in sizes.items())
            return (
                fits and (release.store_path / "CURRENT").is_file() and release.search_db.is_file()
            )
        except (ReleaseError, OSError):
            return False

    def _is_whole(self, name: str) -> bool:
        try:
            self.verify(name)
        except ReleaseError:
            return False
        return True


def _needed(found: Mapping[str, Release], kept: Iterable[str]) -> set[str]:
    """Return what kept releases need for their dumps: those before them, to one that has them."""
    needed: set[str] = set()
    for name in kept:
        while name in found and found[name].manifest.pending:
            name = found[name].manifest.parent
            needed.add(name)
    return needed
