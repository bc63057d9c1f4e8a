"""What a change came to: the graphs that it could write, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.changes.dataset import Dataset
from kg.changes.delta import Delta
from kg.terms import Quad


def difference(
    before: Dataset,
    after: Dataset,
    *,
    graphs: Iterable[str] | None = None,
    candidates: Iterable[ox.Quad] | None = None,
) -> Delta:
    """Return the quads that `after` has and `before` has not, and the other way round.

    Args:
        before: the dataset as it was.
        after: the dataset as it is now.
        graphs: encoded names of the only graphs that can differ; None: any can. A graph costs about
            a second for each million of its quads, and no memory.
        candidates: the only quads that can differ; then nothing else is looked at.

    Raises:
        DataError: a quad that differs has a term of RDF 1.2.
    """
    if candidates is not None:
        return _among(candidates, before, after)
    names = {*before.graphs(), *after.graphs()} if graphs is None else graphs
    added: set[Quad] = set()
    removed: set[Quad] = set()
    for name in names:
        for quad, is_new in _walk(name, before, after):
            (added if is_new else removed).add(after.encoded(quad))
    return Delta(added=frozenset(added), removed=frozenset(removed))


def graphs_that_differ(
    before: Dataset, after: Dataset, graphs: Iterable[str] | None = None
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the graphs, empty ones too, that only `after` has, and that only `before` has."""
    if graphs is None:
        old, new = frozenset(before.graphs()), frozenset(after.graphs())
    else:
        names = frozenset(graphs)
        old = frozenset(filter(before.has_graph, names))
        new = frozenset(filter(after.has_graph, names))
    return new - old, old - new


def _among(candidates: Iterable[ox.Quad], before: Dataset, after: Dataset) -> Delta:
    added: set[Quad] = set()
    removed: set[Quad] = set()
    for quad in candidates:
        old, new = before.found(quad), after.found(quad)
        if new and not old:
            added.add(new)
        if old and not new:
            removed.add(old)
    return Delta(added=frozenset(added), removed=frozenset(removed))


def _walk(graph: str, before: Dataset, after: Dataset) -> Iterator[tuple[ox.Quad, bool]]:
    """Yield the quads that differ, and whether they are new.

    Both stores yield their quads in the order of the same keys, so the first one that differs is
    missing on one side. A look-up tells on which.
    """
    old, new = before.within(graph), after.within(graph)
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        if left == right:
            left, right = next(old, None), next(new, None)
        elif right is None or (left is not None and left not in after.store):
            assert left is not None
            yield left, False
            left = next(old, None)
        else:
            assert right not in before.store, "the stores differ in their order"
            yield right, True
            right = next(new, None)
