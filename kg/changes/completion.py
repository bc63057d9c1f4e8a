"""Completing a written release: its dumps, label index, statistics and description.

They are made beside the release, in a folder of their own, and moved in when they are whole; the
manifest comes last and is what says so. Whoever is killed meanwhile leaves a pending release, which
the next one completes. Releases between, which newer ones have superseded, may stay pending.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import pyoxigraph as ox

from kg.changes.dataset import Dataset
from kg.changes.delta import Delta
from kg.changes.patch import read_patch
from kg.changes.patching import patched
from kg.disk import explained, link_file, link_tree, locked, sync, sync_tree, write_whole
from kg.errors import ReleaseError
from kg.iris import Iris
from kg.progress import Progress, Silent
from kg.releases import Release, Releases
from kg.releases.assembly import Assembly, Origin
from kg.releases.dataset import lines
from kg.releases.manifest import Manifest
from kg.releases.sorting import sort_lines
from kg.terms import line

_FOLDER: Final = ".completing-"
_WAIT: Final = 60.0  # seconds; moving in takes none, but a build may hold the lock


def complete(
    releases: Releases, name: str = "current", *, progress: Progress | None = None
) -> Release:
    """Make what a pending release lacks, and return it complete; one that is complete as it is.

    Raises:
        ReleaseError: there is no such release, another process completes one, or the disk refuses.
            The release stays what it was.
    """
    lock = releases.root / ".completing.lock"
    with locked(lock, refusal="another process completes a release"), explained("complete"):
        release = releases.get(name)
        if not release.manifest.pending:
            return release
        with _staging(releases.root) as folder:
            manifest = _make(releases, release, folder, progress or Silent())
            with releases.lock(wait=_WAIT):
                _move_in(folder, release.path, manifest)
        return Release.open(release.path)


def dataset_lines(releases: Releases, release: Release, *, work: Path) -> Iterator[bytes]:
    """Yield the dataset of a release, its dumps made or not, as sorted lines of N-Quads.

    A pending one is the dump of the last complete one before it with the changes since applied; if
    that is gone, what the store has. `work` is a folder for temporary files.
    """
    deltas: list[Delta] = []
    at = release
    while at.manifest.pending:
        deltas.append(read_patch(at.patch).delta)
        try:
            at = Release.open(releases.root / at.manifest.parent)
        except ReleaseError:
            return _stored_lines(release, work)
    return patched(lines(at.dataset), reduce(Delta.then, reversed(deltas), Delta()))


def _stored_lines(release: Release, work: Path) -> Iterator[bytes]:
    data = Dataset.of(ox.Store.read_only(str(release.store_path)), release.manifest)
    found = (data.encoded(quad) for graph in data.graphs() for quad in data.within(graph))
    stored = work / "stored.nq"
    sort_lines((line(quad).encode() for quad in found), stored, work=work)
    return lines(stored)


def _make(releases: Releases, release: Release, folder: Path, progress: Progress) -> Manifest:
    """Make everything in a folder, and return the manifest to come."""
    before = release.manifest
    for shared in ("rules", "shapes", "report"):
        if (release.path / shared).is_dir():
            link_tree(release.path / shared, folder / shared)
    for file in ("articles.jsonl", "patch.rdfp", "retired.tsv"):
        if (release.path / file).is_file():
            link_file(release.path / file, folder / file)
    assembly = Assembly(
        releases=releases,
        staging=folder,
        iris=Iris(before.base),
        rules=(),
        origin=Origin(
            created=before.created,
            validated=before.validated,
            validation=before.validation,
            parent=before.parent,
            change=before.change,
            written=before.written,
        ),
        progress=progress,
        default_graph=before.default_graph,
    )
    assembly.work.mkdir()
    dataset = assembly.work / "dataset.nq"
    with dataset.open("wb") as out:
        out.writelines(dataset_lines(releases, release, work=assembly.work))
    manifest = assembly.finish(dataset, name=before.id, stored=before.stored)
    write_whole(folder / "manifest.json", manifest.to_json().encode())
    sync_tree(folder)
    progress.step("publish", 0, None)
    return manifest


def _move_in(folder: Path, target: Path, manifest: Manifest) -> None:
    """Give a release what was made for it; it counts when the manifest is there."""
    if not target.is_dir():
        raise ReleaseError(f"release {manifest.id} was removed while it was completed")
    if (target / "dump").exists():  # somebody was killed here
        shutil.rmtree(target / "dump")
    (folder / "dump").rename(target / "dump")
    for file in ("search.db", "void.ttl"):
        (folder / file).replace(target / file)
    sync(target)
    made = (target / "manifest.json").stat()
    os.utime(folder / "manifest.json", ns=(made.st_atime_ns, made.st_mtime_ns))
    (folder / "manifest.json").replace(target / "manifest.json")
    sync(target)


@contextmanager
def _staging(root: Path) -> Iterator[Path]:
    """Give a folder to work in; whoever holds the lock is alone, so others are of the dead."""
    for left in root.glob(f"{_FOLDER}*"):
        shutil.rmtree(left)
    folder = Path(mkdtemp(prefix=_FOLDER, dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
