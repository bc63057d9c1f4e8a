"""Applying a change to a dataset on disk: a file of sorted N-Quads, read once.

Dumps keep literals as they were written, a store does not: it gives `"01"^^xsd:integer` back as
`1`. A change comes from a store, so what it removes is looked for in both forms.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.changes.dataset import Dataset
from kg.changes.delta import Delta
from kg.terms import Quad, line

_TYPED = '"^^<'


class Finder:
    """Tells which of some quads, given as a store has them, a line of N-Quads is."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._known = {line(quad).encode(): quad for quad in quads}
        self._begins = {_beginning(row) for row in self._known if _TYPED.encode() in row}

    def find(self, row: bytes) -> Quad | None:
        """Return the quad that a line of N-Quads states, None when it is none of them."""
        found = self._known.get(row)
        if found is None and self._begins and _TYPED.encode() in row:
            if _beginning(row) in self._begins:
                return self._known.get(_as_stored(row))
        return found


def patched(rows: Iterable[bytes], delta: Delta) -> Iterator[bytes]:
    """Yield sorted lines of N-Quads with a change made, sorted, each once."""
    finder = Finder(delta.removed)
    kept = (row for row in rows if finder.find(row) is None)
    before = b""
    for row in heapq.merge(kept, sorted(line(quad).encode() for quad in delta.added)):
        if row != before:
            yield row
            before = row


def present(rows: Iterable[bytes], quads: Iterable[Quad]) -> set[Quad]:
    """Return those of some quads that lines of N-Quads state."""
    finder = Finder(quads)
    return {found for row in rows if (found := finder.find(row))}


def _beginning(row: bytes) -> bytes:
    """Return subject and predicate."""
    return row[: row.index(b" ", row.index(b" ") + 1)]


def _as_stored(row: bytes) -> bytes:
    store = Dataset(ox.Store())
    store.store.load(row, format=ox.RdfFormat.N_QUADS)
    return line(store.encoded(next(iter(store.store)))).encode()
