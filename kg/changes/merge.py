"""Keeping the merge, the store's default graph, the set union of the named graphs."""

from __future__ import annotations

import pyoxigraph as ox

from kg.changes.dataset import node, resource
from kg.changes.delta import Delta
from kg.releases.stores import named
from kg.terms import Quad


def keep_merge(store: ox.Store, delta: Delta) -> None:
    """Bring the merge in step with a change that has been made to the named graphs."""
    for quad in delta.removed:
        triple = _triple(quad)
        found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        if all(isinstance(held.graph_name, ox.DefaultGraph) for held in found):
            store.remove(ox.Quad(*triple))
    store.extend(ox.Quad(*_triple(quad)) for quad in delta.added)


def _triple(quad: Quad) -> ox.Triple:
    return ox.Triple(resource(quad.subject), named(quad.predicate), node(quad.object))
