"""Keeping what rules derive in step with a change: only what the change can affect is derived anew.

Rules run in order, and each sees the asserted triples and what the rules before it derive. So the
change is followed rule by rule: a rule is run, in memory, for the nodes that the change concerns,
on what they were and on what they are; where that differs, the next rules see a change that has
grown.

What a rule reads for a node is declared (`kg.rules.reads`). When a rule declares nothing, or a
change concerns very many nodes, everything is derived anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg import terms
from kg.changes.delta import Delta
from kg.changes.layers import PLAIN, Layers
from kg.changes.makers import Makers
from kg.changes.surroundings import Surroundings, TooMany
from kg.iris import Iris
from kg.releases.stores import decode, encode, named
from kg.rules import Rule, derive

_MOST: Final = 5_000  # quads of a change; for more, deriving everything anew is as fast
_DERIVED: Final = ("derived", "derived-attributed")


def rederive(rules: Sequence[Rule], before: Store, after: Store, delta: Delta, iris: Iris) -> Delta:
    """Bring the derived graphs and the merge in step with a change; return what that changed.

    Args:
        rules: all rules of the release, in order.
        before: the store before the change.
        after: a copy, open for writing, whose named graphs and merge have the change already.
        delta: the change, which touches no derived graph.
        iris: mints the IRIs of the release.

    Returns:
        The derived quads added and removed, as if `derive` had run on what is asserted.

    Raises:
        OntologyError: a rule fails.
    """
    makers = Makers.of(tuple(rules), iris)
    if makers and len(delta.added) + len(delta.removed) <= _MOST and not _derived(delta, iris):
        try:
            return _Rederivation(makers, before, after, iris).run(delta)
        except TooMany:
            pass
    return derive_anew(rules, before, after, iris)


def derive_anew(rules: Sequence[Rule], before: Store, after: Store, iris: Iris) -> Delta:
    """Derive everything anew, and return how it differs from what was derived before.

    Raises:
        OntologyError: a rule fails.
    """
    graphs = [NamedNode(iris.graph(name)) for name in _DERIVED]
    old = {
        _quad(quad.triple, graph.value)
        for graph in graphs
        for quad in before.quads_for_pattern(None, None, None, graph)
    }
    others = " && ".join(f"?g != {graph}" for graph in graphs)
    for graph in graphs:
        after.update(
            f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }}"
            f" FILTER NOT EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({others}) }} }}"
        )
    for graph in graphs:
        after.clear_graph(graph)
    new = set(derive(rules, after, iris))
    return Delta(added=frozenset(new - old), removed=frozenset(old - new))


class _Rederivation:
    """One change on its way through the rules."""

    def __init__(self, makers: Makers, before: Store, after: Store, iris: Iris) -> None:
        self._makers = makers.makers
        self._graphs = {name: iris.graph(name) for name in _DERIVED}
        derived = frozenset(self._graphs.values())
        self._before = Layers(makers, Surroundings(before, derived), iris)
        self._after = Layers(makers, Surroundings(after, derived), iris)
        self._sides = (self._before, self._after)
        self._around = (self._before.around, self._after.around)
        self._touched: set[Triple] = set()

    def run(self, delta: Delta) -> Delta:
        self._touched = _triples([*delta.added, *delta.removed])
        changed = {triple for triple in self._touched if self._reasserted(triple)}
        for number in range(len(self._makers)):
            changed = self._pass(number, changed)
        return self._settle()

    def _reasserted(self, triple: Triple) -> bool:
        before, after = (bool(around.asserts(triple)) for around in self._around)
        return before != after

    def _pass(self, number: int, changed: set[Triple]) -> set[Triple]:
        """Run a rule where a change concerns it; return the change as the next rule sees it."""
        foci = self._makers[number].concerned(changed, self._around)
        own: set[Triple] = set()  # what has changed and the rule can make
        for triple in changed:
            if any(number in side.making(triple) for side in self._sides):
                own.add(triple)
                foci.update(*(side.owners(number, triple) for side in self._sides))
        for side in self._sides:
            side.run(number, foci)
        before, after = (side.made[number] for side in self._sides)
        differing = {t for t in before.keys() | after.keys() if before.get(t) != after.get(t)}
        self._touched |= differing
        open_ = differing | own
        for triple in open_ & after.keys():
            self._after.write(triple, after[triple])
        was, is_ = (side.visible(open_, number + 1, settled=False) for side in self._sides)
        self._after.gone = (self._after.gone - is_) | (open_ - is_)
        return (changed - open_) | (was ^ is_)

    def _settle(self) -> Delta:
        """Put what was touched into the graphs where it belongs, and nowhere else."""
        places = {triple: self._places(triple) for triple in self._touched}
        added: set[terms.Quad] = set()
        removed: set[terms.Quad] = set()
        for triple, graphs in places.items():
            self._after.around.place(triple, graphs)
            old = self._before.around.places(triple)
            added.update(_quad(triple, graph) for graph in graphs - old)
            removed.update(_quad(triple, graph) for graph in old - graphs)
        return Delta(added=frozenset(added), removed=frozenset(removed))

    def _places(self, triple: Triple) -> set[str]:
        """Return the derived graphs that a triple belongs to."""
        found: set[str] = set()
        making = frozenset().union(*(side.making(triple) for side in self._sides))
        for number in sorted(making):
            owners = (side.owners(number, triple) for side in self._sides)
            self._after.run(number, {focus for some in owners for focus in some})
            found |= self._after.made[number].get(triple, set())
        if PLAIN in found:
            found.remove(PLAIN)
            if not self._after.around.asserts(triple):
                found.add(self._graphs["derived"])
        return found


def _derived(delta: Delta, iris: Iris) -> bool:
    graphs = {terms.iri(iris.graph(name)) for name in _DERIVED}
    return any(quad.graph in graphs for quads in (delta.added, delta.removed) for quad in quads)


def _triples(quads: Iterable[terms.Quad]) -> set[Triple]:
    """Return the triples of quads as a store holds them, which changes how some literals read."""
    store = Store()
    store.extend(Quad(named(q.subject), named(q.predicate), decode(q.object)) for q in quads)
    return {quad.triple for quad in store}


def _quad(triple: Triple, graph: str) -> terms.Quad:
    subject, predicate, value = map(encode, (triple.subject, triple.predicate, triple.object))
    return terms.Quad(subject, predicate, value, terms.iri(graph))
