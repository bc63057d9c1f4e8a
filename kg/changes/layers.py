"""The layers of a store: what each rule sees, asserted or made by the rules before it.

A store holds all layers in one. A triple in it that nothing asserts belongs to the layer of a rule
when an earlier rule makes it. If later ones can make it too, the earlier ones are run to see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg.changes.makers import Edge, Foci, Makers, edges_of
from kg.changes.surroundings import Join, Surroundings, TooMany
from kg.iris import Iris
from kg.releases.stores import decode, named
from kg.rules.results import Result, quads_of, results
from kg.rules.templates import restricted

PLAIN: Final = (
    ""  # where a triple goes that is no part of an edge: `derived`, if nothing asserts it
)
_MOST: Final = 2_000  # nodes that one rule is run for


@dataclass(slots=True)
class Layers:
    """What the rules make in a store, for those nodes that they were run for.

    Attributes:
        makers: the rules, in order.
        around: the store.
        gone: derived triples that the store still holds, though no rule run so far makes them.
        made: by rule, the triples, each with the graphs that it goes to.
    """

    makers: Makers
    around: Surroundings
    iris: Iris
    gone: set[Triple] = field(default_factory=set)
    made: defaultdict[int, dict[Triple, set[str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _done: defaultdict[int, Foci] = field(default_factory=lambda: defaultdict(set))
    _edges: dict[Triple, tuple[Edge, ...]] = field(default_factory=dict)
    _reached: defaultdict[int, dict[NamedNode, Foci]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def run(self, number: int, foci: Foci) -> None:
        """Run a rule for some nodes, unless that was done before; `made` grows.

        Raises:
            TooMany: there are too many nodes, or one has too many neighbours.
        """
        new = foci - self._done[number]
        if not new:
            return
        if len(new) > _MOST:
            raise TooMany
        self._done[number] |= new
        maker, made = self.makers.makers[number], self.made[number]
        layer = self._layer(number, new)
        for index, focus in enumerate(maker.focuses):
            nodes = sorted((node for at, node in new if at == index), key=str)
            if nodes:
                for result in results(restricted(maker.rule, focus.name, nodes), layer):
                    for triple, graph in _placed(result, self.iris):
                        made.setdefault(triple, set()).add(graph)

    def visible(
        self, triples: Iterable[Triple], number: int, *, settled: bool = True
    ) -> set[Triple]:
        """Return those of the triples that the rule of a number sees.

        Args:
            triples: the triples.
            number: the place of the rule.
            settled: `gone` is right about the triples.
        """
        found: set[Triple] = set()
        doubtful: dict[Triple, set[int]] = {}
        for triple in triples:
            asserted = self.around.asserts(triple)
            if asserted is None:
                continue
            if asserted:
                found.add(triple)
                continue
            can = self.making(triple)
            earlier = {n for n in can if n < number}
            if settled and earlier == can:
                if triple not in self.gone:
                    found.add(triple)
            elif earlier:
                doubtful[triple] = earlier
        return found | self._made_by_some(doubtful)

    def making(self, triple: Triple) -> frozenset[int]:
        """Return the numbers of the rules that can have made a triple, or can make it now."""
        return self.makers.making(triple, self.around)

    def owners(self, number: int, triple: Triple) -> Foci:
        """Return the nodes for which a rule may have made a triple."""
        maker, reached = self.makers.makers[number], self._reached[number]
        if triple not in self._edges:
            self._edges[triple] = tuple(edges_of(triple, self.around))
        found = maker.owners(triple, self.around)
        for fact, edge in self._edges[triple]:
            found |= maker.owners_of_edge(fact, edge, self.around, reached)
        return found

    def write(self, triple: Triple, graphs: Iterable[str]) -> None:
        """Let later rules find a triple in the store."""
        self.around.add(triple, [graph or self.iris.graph("derived") for graph in graphs])
        self._edges.clear()
        self._reached.clear()

    def _made_by_some(self, doubtful: dict[Triple, set[int]]) -> set[Triple]:
        found: set[Triple] = set()
        for number in sorted({n for numbers in doubtful.values() for n in numbers}):
            made = self.made[number]
            open_ = [t for t, numbers in doubtful.items() if number in numbers and t not in found]
            unseen = [triple for triple in open_ if triple not in made]
            self.run(number, {focus for triple in unseen for focus in self.owners(number, triple)})
            found.update(triple for triple in open_ if triple in made)
        return found

    def _layer(self, number: int, foci: Foci) -> Store:
        """Return in memory what a rule reads for some nodes."""
        join = Join([self.around])
        for at, node in foci:
            focus = self.makers.makers[number].focuses[at]
            for read in focus.reads:
                join.follow([*read.ties, read.triple], {focus.name: node})
        store = Store()
        store.extend(Quad(*triple) for triple in self.visible(join.seen, number))
        return store


def _placed(result: Result, iris: Iris) -> Iterable[tuple[Triple, str]]:
    if not result.fact:
        return [(result.triple, PLAIN)]
    return [
        (Triple(named(q.subject), named(q.predicate), decode(q.object)), q.graph[1:-1])
        for q in quads_of(result, iris)
    ]
