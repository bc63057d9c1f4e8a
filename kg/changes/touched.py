"""Which nodes a change touches, for each shape: those that it can make break the shape."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Final, TypeVar

from rdflib import SH
from rdflib.term import Node

from kg.changes.delta import Delta
from kg.changes.touched_data import Asserted, Described, Graphs, Home, Triple, reaching, read_from
from kg.terms import Quad
from kg.validation.memory import graph_of, term_of
from kg.validation.reads import ANY, START, Reads, Step
from kg.validation.report import Result, local_name
from kg.validation.shacl import Shapes, validate_nodes

# In a graph of one's own a fact needs no article; one that names its article must quote it.
_OF_REPORTS: Final = frozenset({"FactReportedIn"})
_NODE, _CLASS, _SUBJECTS_OF = SH.targetNode, SH.targetClass, SH.targetSubjectsOf
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_ABOVE: Final = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_TOGETHER: Final = 1_000  # focus nodes that are judged in one graph in memory

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Touched:
    """Nodes (encoded) that a change touches: for some shapes, by their IRIs, and for all."""

    by_shape: Mapping[str, Set[str]]
    by_all: Set[str]

    @property
    def nodes(self) -> set[str]:
        """Return all of them."""
        return set(self.by_all).union(*self.by_shape.values())

    def within(self, nodes: Set[str]) -> Touched:
        """Return those that are among some nodes."""
        some = {shape: found & nodes for shape, found in self.by_shape.items()}
        return Touched(
            {shape: found for shape, found in some.items() if found}, self.by_all & nodes
        )

    def has(self, node: str, shape: str) -> bool:
        """Tell whether a node is to be judged by a shape."""
        return node in self.by_all or node in self.by_shape.get(shape, ())


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """A shape: its IRI, what it reads, and the homes of the nodes that it is for."""

    shape: str
    reads: Reads
    homes: frozenset[Home]


@dataclass(frozen=True, slots=True)
class ShapeIndex:
    """The shapes, ready to be asked which nodes a change touches, and to judge them."""

    graphs: Graphs
    _shapes: Shapes
    _rules: Mapping[str, _Rule]
    _reading: Mapping[str, tuple[tuple[_Rule, Step], ...]] = field(repr=False)
    _targeting: Mapping[tuple[Node, str], tuple[_Rule, ...]] = field(repr=False)
    _inverse: tuple[tuple[Node, str], ...]  # those of its targets that are of objects

    @classmethod
    def of(cls, shapes: Shapes, curated: Shapes | None, graphs: Graphs) -> ShapeIndex:
        """Index shapes; `curated` are those for what stands in no article.

        Raises:
            OntologyError: a shape may read anything, so that nobody can tell what touches it.
        """
        for_curated = {str(shape) for _, shape, _ in curated.targets()} if curated else set()
        rules: dict[str, _Rule] = {}
        reading: dict[str, list[tuple[_Rule, Step]]] = defaultdict(list)
        targeting: dict[tuple[Node, str], list[_Rule]] = defaultdict(list)
        for graph, node, targets in shapes.targets():
            if (severity := graph.value(node, SH.severity)) and severity != SH.Violation:
                continue
            reads = Reads.of(graph, node, targets)
            homes = _homes(str(node), is_for_curated=str(node) in for_curated)
            rule = _Rule(str(node), reads, homes)
            rules[rule.shape] = rule
            for step in reads.steps():
                reading[step.predicate].append((rule, step))
            for predicate, value in targets:
                targeting[predicate, value.n3()].append(rule)
        inverse = tuple(target for target in targeting if target[0] == SH.targetObjectsOf)
        return cls(graphs, shapes, rules, _fixed(reading), _fixed(targeting), inverse)

    def touched(self, before: Asserted, after: Asserted, delta: Delta) -> Touched:
        """Return the nodes that may break a shape now and did not before.

        It is enough to go back in `after`: a step on the way that is gone was removed, too, and the
        way back goes on from it.
        """
        quads = [quad for quad in (*delta.added, *delta.removed) if self._is_stated(quad)]
        found: dict[str, set[str]] = defaultdict(set)
        for predicate, triples in _by_predicate(quads).items():
            for rule, step in self._reading.get(predicate, ()):
                at = {triple[2 if step.inverse else 0] for triple in triples}
                if step.origin == START:
                    found[rule.shape] |= at
                    continue
                after.expect(at)
                for node in at:
                    found[rule.shape] |= reaching(after, rule.reads, step.origin, node)
        # A new node, and one that has moved, is judged by all shapes of its home.
        return Touched(found, self._moved(before, after, {quad.subject for quad in quads}))

    def _moved(self, before: Asserted, after: Asserted, nodes: set[str]) -> set[str]:
        past, present = before.described(nodes), after.described(nodes)
        return {node for node in nodes if past[node].home != present[node].home}

    def judge(self, data: Asserted, touched: Touched) -> tuple[Result, ...]:
        """Return the violations of shapes at the nodes they are asked of, sorted."""
        nodes = sorted(touched.nodes)
        results: set[Result] = set()
        for start in range(0, len(nodes), _TOGETHER):
            some = set(nodes[start : start + _TOGETHER])
            results.update(self._judge(data, touched.within(some)))
        return tuple(sorted(result for result in results if result.severity == "Violation"))

    def _judge(self, data: Asserted, touched: Touched) -> tuple[Result, ...]:
        triples: set[Triple] = set()
        chosen: dict[str, list[str]] = defaultdict(list)
        described = data.described(touched.nodes)
        for node, said in described.items():
            classes = _classes(data, node, triples)
            for rule in self._fitting(data, node, classes, said):
                if touched.has(node, rule.shape):
                    chosen[rule.shape].append(node)
        for shape, nodes in chosen.items():
            triples |= read_from(data, self._rules[shape].reads, nodes)
        graph = graph_of(Quad(*triple, "") for triple in sorted(triples))
        named = {shape: [term_of(node) for node in nodes] for shape, nodes in chosen.items()}
        return validate_nodes(self._shapes, graph, named)

    def _fitting(
        self, data: Asserted, node: str, classes: Iterable[str], said: Described
    ) -> set[_Rule]:
        """Return the rules of a node's home that have the node as a target."""
        targets = {
            (_NODE, node),
            *((_CLASS, name) for name in classes),
            *((_SUBJECTS_OF, name) for name in said.properties),
            *(target for target in self._inverse if data.subjects(target[1], node)),
        }
        found = {rule for target in targets for rule in self._targeting.get(target, ())}
        return {rule for rule in found if said.home in rule.homes}

    def _is_stated(self, quad: Quad) -> bool:
        return not self.graphs.is_looked_up(quad.graph[1:-1])


def _by_predicate(quads: Iterable[Quad]) -> dict[str, set[Triple]]:
    """Return the triples by their property, and all of them as those of any."""
    found: dict[str, set[Triple]] = defaultdict(set)
    for subject, predicate, value, _ in quads:
        found[predicate].add((subject, predicate, value))
        found[ANY].add((subject, predicate, value))
    return found


def _classes(data: Asserted, node: str, triples: set[Triple]) -> set[str]:
    """Return the classes of a node and those above; what was read is added to the triples."""
    found: set[str] = set()
    ahead = [(node, _TYPE)]
    while ahead:
        below, predicate = ahead.pop()
        for value in data.values(below, predicate):
            triples.add((below, predicate, value))
            if value not in found:
                found.add(value)
                ahead.append((value, _ABOVE))
    return found


def _homes(shape: str, *, is_for_curated: bool) -> frozenset[Home]:
    homes = {Home.ARTICLE}
    if is_for_curated:
        homes.add(Home.CURATED)
    if local_name(shape) not in _OF_REPORTS:
        homes.add(Home.OWN)
    return frozenset(homes)


def _fixed(found: Mapping[K, Iterable[V]]) -> dict[K, tuple[V, ...]]:
    return {key: tuple(values) for key, values in found.items()}
