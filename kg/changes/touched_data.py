"""What a store states, seen as shapes see it: the merge of its graphs without what was derived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import pyoxigraph as ox

from kg.iris import Iris
from kg.releases.stores import decode, named
from kg.validation.reads import ANY, START, Reads

Triple = tuple[str, str, str]  # encoded terms

_TOGETHER: Final = 1_000  # nodes in one query
_LOOKED_UP: Final = ("derived", "derived-attributed", "provenance")  # nothing is stated in these


class Home(Enum):
    """Where a node is described, which says what it must be like.

    What an article reports is a report, whatever else is said of it; what curators name is a
    curated thing, also when others add to it; all else stands in graphs of the users' own.
    """

    ARTICLE = "article"
    CURATED = "curated"
    OWN = "own"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Described:
    """Where a node is described, and its properties, encoded."""

    home: Home
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Graphs:
    """The named graphs of one base, by what stands in them."""

    iris: Iris

    def home(self, graph: str) -> Home:
        """Return the home of what a graph (an IRI) describes.

        Nothing is at home in the ontology, which has checks of its own, in what was derived, and
        in the provenance that builds write.
        """
        if graph.startswith(self.iris.article_graph("")):
            return Home.ARTICLE
        if graph in (self.iris.graph("authority"), self.iris.graph("links")):
            return Home.CURATED
        if graph == self.iris.graph("ontology") or self.is_looked_up(graph):
            return Home.NOWHERE
        return Home.OWN

    def is_looked_up(self, graph: str) -> bool:
        """Tell whether a graph states nothing: it was derived, or tells of the build."""
        return graph in map(self.iris.graph, _LOOKED_UP)


class Asserted:
    """The stated triples of one store. What was read is kept, so it is for one judgement only."""

    def __init__(self, store: ox.Store, graphs: Graphs) -> None:
        self._store = store
        self._graphs = graphs
        self._unseen = {ox.DefaultGraph(), *map(ox.NamedNode, map(graphs.iris.graph, _LOOKED_UP))}
        self._values: dict[tuple[str, str], tuple[str, ...]] = {}
        self._subjects: dict[tuple[str, str], tuple[str, ...]] = {}
        self._leading: dict[str, set[str]] = {}
        self._statements: dict[str, tuple[Triple, ...]] = {}

    def values(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Return the values of a property; a literal has none."""
        found = self._values.get((subject, predicate))
        if found is None:
            found = () if subject.startswith('"') else self._read(2, subject, predicate, None)
            self._values[subject, predicate] = found
        return found

    def subjects(self, predicate: str, value: str) -> tuple[str, ...]:
        """Return what has a value."""
        leading = self._leading.get(value)
        if leading is not None and predicate not in leading:
            return ()
        found = self._subjects.get((predicate, value))
        if found is None:
            found = self._subjects[predicate, value] = self._read(0, None, predicate, value)
        return found

    def statements(self, subject: str) -> tuple[Triple, ...]:
        """Return all that is said of a node."""
        found = self._statements.get(subject)
        if found is None:
            quads = self._quads(subject, None, None)
            triples = {(subject, f"<{quad.predicate.value}>", str(quad.object)) for quad in quads}
            found = self._statements[subject] = tuple(triples)
        return found

    def described(self, nodes: Iterable[str]) -> dict[str, Described]:
        """Return where nodes are described, and by which properties."""
        homes = dict.fromkeys(nodes, Home.NOWHERE)
        properties: dict[str, set[str]] = {node: set() for node in homes}
        order = list(Home)
        for node, predicate, graph in self._places(sorted(homes)):
            homes[node] = min(homes[node], self._graphs.home(graph), key=order.index)
            if not self._graphs.is_looked_up(graph):
                properties[node].add(predicate)
        return {node: Described(homes[node], frozenset(properties[node])) for node in homes}

    def expect(self, nodes: Iterable[str]) -> None:
        """Find out which properties lead to nodes, so that the others need not be asked for."""
        named = sorted({node for node in nodes if node.startswith("<")} - self._leading.keys())
        query = (
            "SELECT DISTINCT ?node ?property WHERE { %s GRAPH ?graph { ?some ?property ?node } }"
        )
        for node in named:
            self._leading[node] = set()
        for node, predicate in self._asked(query, named):
            self._leading[node].add(predicate)

    def _places(self, nodes: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Yield nodes with a property and the IRI of a named graph that says so."""
        query = (
            "SELECT DISTINCT ?node ?property ?graph "
            "WHERE { %s GRAPH ?graph { ?node ?property ?value } }"
        )
        for node, predicate, graph in self._asked(query, [n for n in nodes if n[0] == "<"]):
            yield node, predicate, graph[1:-1]
        for node in (node for node in nodes if node.startswith("_:")):
            for quad in self._store.quads_for_pattern(_node(node), None, None, None):
                if isinstance(quad.graph_name, ox.NamedNode):
                    yield node, str(quad.predicate), quad.graph_name.value

    def _asked(self, query: str, nodes: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Yield the rows of a query into which the nodes were put."""
        for start in range(0, len(nodes), _TOGETHER):
            values = f"VALUES ?node {{ {' '.join(nodes[start : start + _TOGETHER])} }}"
            found = self._store.query(query % values)
            assert isinstance(found, ox.QuerySolutions)
            yield from (tuple(str(term) for term in row) for row in found)

    def _read(
        self, place: int, subject: str | None, predicate: str, value: str | None
    ) -> tuple[str, ...]:
        found = {str(quad[place]) for quad in self._quads(subject, predicate, value)}
        return tuple(found)

    def _quads(
        self, subject: str | None, predicate: str | None, value: str | None
    ) -> Iterator[ox.Quad]:
        found = self._store.quads_for_pattern(
            _node(subject) if subject else None,
            named(predicate) if predicate else None,
            _term(value) if value else None,
            None,
        )
        for quad in found:
            if quad.graph_name not in self._unseen:
                yield quad


def reaching(data: Asserted, reads: Reads, state: int, node: str) -> set[str]:
    """Return the focus nodes from which a node is reached in a state."""
    return {
        found
        for at, found in _walk({(state, node)}, lambda at: _before(data, reads, *at))
        if at == START
    }


def read_from(data: Asserted, reads: Reads, nodes: Iterable[str]) -> set[Triple]:
    """Return the triples that are read to judge focus nodes."""
    triples: set[Triple] = set()
    places = {(START, node) for node in nodes}
    _walk(places, lambda at: _after(data, reads, *at, triples))
    return triples


_Place = tuple[int, str]  # a state, and the node that is in it


def _walk(places: set[_Place], onward: Callable[[_Place], Iterator[_Place]]) -> set[_Place]:
    ahead = list(places)
    while ahead:
        for place in onward(ahead.pop()):
            if place not in places:
                places.add(place)
                ahead.append(place)
    return places


def _before(data: Asserted, reads: Reads, state: int, node: str) -> Iterator[_Place]:
    for step in reads.coming.get(state, ()):
        if not step.predicate:
            yield step.origin, node
        elif step.inverse:
            yield from ((step.origin, name) for name in data.values(node, step.predicate))
        elif step.predicate != ANY:
            yield from ((step.origin, name) for name in data.subjects(step.predicate, node))


def _after(
    data: Asserted, reads: Reads, state: int, node: str, triples: set[Triple]
) -> Iterator[_Place]:
    for step in reads.leaving.get(state, ()):
        if not step.predicate:
            yield step.end, node
        elif step.predicate == ANY:
            triples.update(data.statements(node))
        elif step.inverse:
            for subject in data.subjects(step.predicate, node):
                triples.add((subject, step.predicate, node))
                yield step.end, subject
        else:
            for value in data.values(node, step.predicate):
                triples.add((node, step.predicate, value))
                yield step.end, value


def _node(term: str) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(term[2:]) if term.startswith("_:") else named(term)


def _term(term: str) -> ox.NamedNode | ox.Literal | ox.BlankNode:
    return _node(term) if term[0] in "<_" else decode(term)
