"""Which nodes a change touches, for each shape: those that it can make break the shape."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from rdflib import SH
from rdflib.term import Node

from kg.changes.delta import Delta
from kg.changes.touched_data import Asserted, Graphs, Home, Triple, reaching, read_from
from kg.terms import Quad
from kg.validation.memory import graph_of, term_of
from kg.validation.reads import ANY, Reads, Step
from kg.validation.report import Result, local_name
from kg.validation.shacl import Shapes, Target, validate_nodes

# In a graph of one's own a fact needs no article; one that names its article must quote it.
_OF_REPORTS: Final = frozenset({"FactReportedIn"})
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_ABOVE: Final = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_TOGETHER: Final = 1_000  # focus nodes that are judged in one graph in memory

Touched = Mapping[str, Collection[str]]  # focus nodes (encoded), by IRI of the shape


@dataclass(frozen=True, slots=True)
class _Rule:
    """A shape: its IRI, its targets (a predicate of SHACL, an encoded term), what it reads."""

    shape: str
    targets: tuple[tuple[Node, str], ...]
    reads: Reads
    homes: frozenset[Home]


@dataclass(frozen=True, slots=True)
class ShapeIndex:
    """The shapes, ready to be asked which nodes a change touches, and to judge them."""

    graphs: Graphs
    _shapes: Shapes
    _rules: Mapping[str, _Rule]
    _reading: Mapping[str, tuple[tuple[_Rule, Step], ...]] = field(repr=False)

    @classmethod
    def of(cls, shapes: Shapes, curated: Shapes | None, graphs: Graphs) -> ShapeIndex:
        """Index shapes; `curated` are those for what stands in no article.

        Raises:
            OntologyError: a shape may read anything, so that nobody can tell what touches it.
        """
        for_curated = {str(shape) for _, shape, _ in curated.targets()} if curated else set()
        rules: dict[str, _Rule] = {}
        reading: dict[str, list[tuple[_Rule, Step]]] = defaultdict(list)
        for graph, node, targets in shapes.targets():
            if (severity := graph.value(node, SH.severity)) and severity != SH.Violation:
                continue
            reads = Reads.of(graph, node, targets)
            homes = _homes(str(node), is_for_curated=str(node) in for_curated)
            rule = _Rule(str(node), tuple(_encoded(targets)), reads, homes)
            rules[rule.shape] = rule
            for step in reads.steps():
                reading[step.predicate].append((rule, step))
        return cls(graphs, shapes, rules, {name: tuple(found) for name, found in reading.items()})

    def touched(self, before: Asserted, after: Asserted, delta: Delta) -> Touched:
        """Return the nodes that may break a shape now and did not before.

        A step of what a shape reads that is there no more is no way to go back; but then the node
        before it is the subject of a removed triple itself. So it is enough to go back in `after`.
        """
        quads = [quad for quad in (*delta.added, *delta.removed) if self._is_stated(quad)]
        found: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, value in {quad[:3] for quad in quads}:
            for name in (predicate, ANY):
                for rule, step in self._reading.get(name, ()):
                    at = value if step.inverse else subject
                    found[rule.shape] |= reaching(after, rule.reads, step.origin, at)
        subjects = {quad.subject for quad in quads}
        homes, past = after.homes(subjects), before.homes(subjects)
        moved = {node for node in subjects if homes[node] != past[node]}
        for shape in self._rules:  # a new node is judged by all shapes of its new home
            found[shape] |= moved
        return found

    def judge(self, data: Asserted, touched: Touched) -> tuple[Result, ...]:
        """Return the violations of shapes at the nodes they are asked of, sorted."""
        nodes = sorted(set().union(*touched.values()))
        results: set[Result] = set()
        for start in range(0, len(nodes), _TOGETHER):
            some = set(nodes[start : start + _TOGETHER])
            results.update(self._judge(data, {s: some & set(of) for s, of in touched.items()}))
        return tuple(sorted(result for result in results if result.severity == "Violation"))

    def _judge(self, data: Asserted, touched: Touched) -> tuple[Result, ...]:
        homes = data.homes(set().union(*touched.values()))
        kinds = {node: _Kind(data, node) for node in homes}
        triples: set[Triple] = set()
        chosen: dict[str, list[Node]] = {}
        for shape, nodes in touched.items():
            rule = self._rules[shape]
            fit = [node for node in nodes if homes[node] in rule.homes and kinds[node].fits(rule)]
            if fit:
                triples |= read_from(data, rule.reads, fit)
                chosen[shape] = [term_of(node) for node in fit]
        for kind in kinds.values():
            triples |= kind.triples
        graph = graph_of(Quad(*triple, "") for triple in sorted(triples))
        return validate_nodes(self._shapes, graph, chosen)

    def _is_stated(self, quad: Quad) -> bool:
        return not self.graphs.is_looked_up(quad.graph[1:-1])


class _Kind:
    """The classes of a node, and which targets it is of."""

    def __init__(self, data: Asserted, node: str) -> None:
        self._data = data
        self._node = node
        self.triples: set[Triple] = set()
        self._classes = set(self._follow(node, _TYPE))
        ahead = list(self._classes)
        while ahead:
            above = set(self._follow(ahead.pop(), _ABOVE)) - self._classes
            self._classes |= above
            ahead.extend(above)

    def fits(self, rule: _Rule) -> bool:
        return any(self._is_of(predicate, value) for predicate, value in rule.targets)

    def _is_of(self, predicate: Node, value: str) -> bool:
        if predicate == SH.targetClass:
            return value in self._classes
        if predicate == SH.targetSubjectsOf:
            return bool(self._data.values(self._node, value))
        if predicate == SH.targetObjectsOf:
            return bool(self._data.subjects(value, self._node))
        return self._node == value

    def _follow(self, node: str, predicate: str) -> Iterator[str]:
        for value in self._data.values(node, predicate):
            self.triples.add((node, predicate, value))
            yield value


def _homes(shape: str, *, is_for_curated: bool) -> frozenset[Home]:
    homes = {Home.ARTICLE}
    if is_for_curated:
        homes.add(Home.CURATED)
    if local_name(shape) not in _OF_REPORTS:
        homes.add(Home.OWN)
    return frozenset(homes)


def _encoded(targets: Iterable[Target]) -> Iterator[tuple[Node, str]]:
    for predicate, value in targets:
        yield predicate, value.n3()
