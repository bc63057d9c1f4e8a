"""What two releases of a folder differ in."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from kg.changes.completion import dataset_lines
from kg.changes.dataset import Dataset
from kg.changes.delta import Delta
from kg.changes.patch import read_patch
from kg.errors import ReleaseError
from kg.releases import Release, Releases
from kg.terms import Quad


def between(releases: Releases, old: Release, new: Release) -> Delta:
    """Return what `new` adds to `old` and takes away from it, derived quads included.

    When one was made from the other by changes, it is what these came to; otherwise both are read
    through, which takes about a second for each 500,000 quads.

    Raises:
        ReleaseError: a release is damaged.
    """
    for first, last, turned in ((old, new, False), (new, old, True)):
        found = _changes(releases, first.id, last)
        if found is not None:
            return found.inverse if turned else found
    with TemporaryDirectory(prefix="unipact-") as folder:
        sides = [Path(folder, name) for name in ("old", "new")]
        for side in sides:
            side.mkdir()
        rows = (
            dataset_lines(releases, release, work=side)
            for release, side in zip((old, new), sides, strict=True)
        )
        return _compared(*rows)


def _changes(releases: Releases, first: str, last: Release) -> Delta | None:
    """Return what the changes from one release to another come to; None: there is no such way."""
    deltas: list[Delta] = []
    at = last
    while at.id != first:
        if not at.manifest.parent or not at.patch.is_file():
            return None
        deltas.append(read_patch(at.patch).delta)
        try:
            at = Release.open(releases.root / at.manifest.parent)
        except ReleaseError:
            return None
    return reduce(Delta.then, reversed(deltas), Delta())


def _compared(old: Iterable[bytes], new: Iterable[bytes]) -> Delta:
    """Walk through sorted lines side by side."""
    sides: tuple[set[Quad], set[Quad]] = (set(), set())
    marked = heapq.merge(((row, 0) for row in old), ((row, 1) for row in new))
    for row, group in groupby(marked, lambda pair: pair[0]):
        among = {side for _, side in group}
        if len(among) == 1:
            sides[among.pop()].add(next(_quads(row)))
    return Delta(added=frozenset(sides[1]), removed=frozenset(sides[0]))


def _quads(row: bytes) -> Iterator[Quad]:
    data = Dataset(ox.Store())
    yield from map(data.encoded, ox.parse(row, format=ox.RdfFormat.N_QUADS))
