"""Deriving everything anew: slow, and right whatever the rules are."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from kg.changes.dataset import Dataset
from kg.changes.delta import Delta
from kg.changes.difference import difference
from kg.changes.merge import keep_merge
from kg.iris import Iris
from kg.rules import Rule, derive
from kg.terms import iri

_DERIVED = ("derived", "derived-attributed")


def derive_anew(
    rules: Sequence[Rule], before: ox.Store, after: ox.Store, delta: Delta, iris: Iris
) -> Delta:
    """Remove all that was derived, derive it again, and return what is different from before."""
    graphs = [iri(iris.graph(name)) for name in _DERIVED]
    data = Dataset(after)
    old = [data.encoded(quad) for graph in graphs for quad in data.within(graph)]
    data.apply((), old)
    keep_merge(after, Delta(removed=frozenset(old)))
    for _ in derive(rules, after, iris):
        pass
    return difference(Dataset(before), data, graphs=graphs)
