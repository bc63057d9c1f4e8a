"""Shapes without one of their parts, to see that every part is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from rdflib import RDF, SH, Graph
from rdflib.term import Node

from kg.validation.report import local_name
from kg.validation.shacl import Shapes

from .cases import Bench, Case

CONSTRAINTS = tuple(
    SH[name]
    for name in (
        "class closed datatype disjoint equals hasValue in lessThan lessThanOrEquals maxCount "
        "maxExclusive maxInclusive maxLength minCount minExclusive minInclusive minLength node "
        "nodeKind not or pattern property qualifiedMaxCount qualifiedMinCount uniqueLang xone and"
    ).split()
)
INTO = (SH.node, SH.property, SH["or"], SH["and"], SH.xone, SH["not"], RDF.first, RDF.rest)


@dataclass(frozen=True)
class Part:
    """A constraint of a shape (subject, parameter, value), or one of its targets."""

    shape: Node
    predicate: Node
    value: Node

    def __str__(self) -> str:
        return " ".join(local_name(str(term)) for term in (self.shape, self.predicate, self.value))


def graph_of_shapes(shapes: Shapes) -> Graph:
    return shapes._rules[0].shape.sg.graph


def parts(shapes: Shapes) -> tuple[Part, ...]:
    """Return every constraint and every target of the shapes."""
    graph = graph_of_shapes(shapes)
    constraints = [Part(s, p, o) for p in CONSTRAINTS for s, o in graph.subject_objects(p)]
    targets = [
        Part(rule.shape.node, predicate, value)
        for rule in shapes._rules
        for predicate, value in rule.targets
    ]
    return (*constraints, *targets)


def tried_without(part: Part, bench: Bench, cases: Iterable[Case]) -> bool:
    """Say whether some case comes out otherwise when the part is taken away."""
    within = {
        rule.shape.node: _below(rule.shape.node, graph_of_shapes(bench.shapes))
        for rule in bench.shapes._rules
    }
    rules = tuple(rule for rule in bench.shapes._rules if part.shape in within[rule.shape.node])
    names = {local_name(str(node)) for rule in rules for node in within[rule.shape.node]}
    concerned = [case for case in cases if names & {line.split()[0] for line in case.expected}]
    shapes = replace(bench.shapes, _rules=rules)
    before = {case: bench.outcome(case, shapes) for case in concerned}
    with _without(part, shapes) as lessened:
        return any(bench.outcome(case, lessened) != before[case] for case in concerned)


def _below(node: Node, graph: Graph) -> frozenset[Node]:
    found, ahead = {node}, [node]
    while ahead:
        current = ahead.pop()
        new = {value for into in INTO for value in graph.objects(current, into)} - found
        found |= new
        ahead.extend(new)
    return frozenset(found)


@contextmanager
def _without(part: Part, shapes: Shapes) -> Iterator[Shapes]:
    if part.predicate not in CONSTRAINTS:
        target = (part.predicate, part.value)
        fewer = (
            replace(rule, targets=tuple(t for t in rule.targets if t != target))
            for rule in shapes._rules
        )
        yield replace(shapes, _rules=tuple(fewer))
        return
    graph = graph_of_shapes(shapes)
    gone = [(part.shape, part.predicate, part.value)]
    if part.predicate == SH.closed:  # its list of allowed properties may not stand alone
        gone += [
            (part.shape, SH.ignoredProperties, value)
            for value in graph.objects(part.shape, SH.ignoredProperties)
        ]
    for triple in gone:
        graph.remove(triple)
    try:
        yield shapes
    finally:
        for triple in gone:
            graph.add(triple)
