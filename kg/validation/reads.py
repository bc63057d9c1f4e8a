"""What a shape reads of a graph, as a small automaton that starts at the focus node.

A step follows a property to its value, or back. From it follow both the triples that judging a
node takes, and the nodes whose judgement a changed triple can alter: those from which its step is
reached.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from kg.errors import OntologyError
from kg.validation.report import local_name
from kg.validation.shacl import Target

START: Final = 0  # the state of the focus node
ANY: Final = "any"  # a step over whatever property
_STAY: Final = ""  # a step that follows nothing
_CLASS: Final = 1
_END: Final = 2
_TYPE: Final = RDF.type.n3()
_ABOVE: Final = RDFS.subClassOf.n3()

_COMPARED: Final = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_NESTED: Final = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_LISTS: Final = (SH["and"], SH["or"], SH.xone)
_UNBOUNDED: Final = (SH.sparql, SH.js, SH.expression)


@dataclass(frozen=True, slots=True)
class Step:
    """From a state to another over a property (encoded, or `ANY`), forward or `inverse`."""

    origin: int
    predicate: str
    inverse: bool
    end: int


@dataclass(frozen=True, slots=True)
class Reads:
    """The steps of one shape: those that leave a state, and those that come to it."""

    leaving: dict[int, tuple[Step, ...]]
    coming: dict[int, tuple[Step, ...]]

    @classmethod
    def of(cls, shapes: Graph, shape: Node, targets: tuple[Target, ...]) -> Reads:
        """Tell what a shape reads to find its focus nodes and to judge them.

        Raises:
            OntologyError: the shape has a constraint that may read anything, such as `sh:sparql`.
        """
        drawing = _Drawing(shapes)
        drawing.targets(targets)
        drawing.shape(shape, START)
        leaving: dict[int, list[Step]] = defaultdict(list)
        coming: dict[int, list[Step]] = defaultdict(list)
        for step in drawing.steps:
            leaving[step.origin].append(step)
            coming[step.end].append(step)
        return cls(
            {state: tuple(steps) for state, steps in leaving.items()},
            {state: tuple(steps) for state, steps in coming.items()},
        )

    def steps(self) -> Iterator[Step]:
        """Yield the steps that follow a property."""
        for steps in self.leaving.values():
            yield from (step for step in steps if step.predicate != _STAY)


class _Drawing:
    """Draws the automaton; `steps` keeps the order in which they were found."""

    def __init__(self, shapes: Graph) -> None:
        self.steps: dict[Step, None] = {}
        self._shapes = shapes
        self._last = _END
        self._ahead: set[tuple[Node, int]] = set()
        self._add(_CLASS, _ABOVE, _CLASS)

    def targets(self, targets: tuple[Target, ...]) -> None:
        for predicate, value in targets:
            if predicate == SH.targetClass:
                self._add(START, _TYPE, _CLASS)
            elif predicate in (SH.targetSubjectsOf, SH.targetObjectsOf):
                self._add(START, value.n3(), _END, inverse=predicate == SH.targetObjectsOf)

    def shape(self, shape: Node, focus: int) -> None:
        """Draw what a shape reads of the node in the state `focus`."""
        if (shape, focus) in self._ahead:  # a shape within itself
            return
        self._ahead.add((shape, focus))
        self._refuse_unbounded(shape)
        graph = self._shapes
        value = focus
        path = graph.value(shape, SH.path)
        if path is not None:
            value = self._new()
            self._path(path, focus, value, inverse=False)
        if (shape, SH["class"], None) in graph:
            self._add(value, _TYPE, _CLASS)
        if graph.value(shape, SH.closed) is not None:
            self._add(value, ANY, _END)
        for compared in _COMPARED:
            for other in graph.objects(shape, compared):
                self._add(focus, other.n3(), _END)
        for nested in self._nested(shape):
            self.shape(nested, value)

    def _nested(self, shape: Node) -> Iterator[Node]:
        for predicate in _NESTED:
            yield from self._shapes.objects(shape, predicate)
        for predicate in _LISTS:
            for head in self._shapes.objects(shape, predicate):
                yield from RdfList(self._shapes, head)

    def _refuse_unbounded(self, shape: Node) -> None:
        for predicate in _UNBOUNDED:
            if (shape, predicate, None) in self._shapes:
                what = f"nobody can tell what {local_name(str(shape))} reads of the graph"
                hint = f"sh:{local_name(str(predicate))}: write a check of the whole graph instead"
                raise OntologyError(what, hint=hint)

    def _path(self, path: Node, origin: int, end: int, *, inverse: bool) -> None:
        """Draw a property path. Source: SHACL (W3C 2017), section 2.3.1."""
        if isinstance(path, URIRef):
            self._add(origin, path.n3(), end, inverse=inverse)
            return
        said = dict(self._shapes.predicate_objects(path))
        if SH.inversePath in said:
            self._path(said[SH.inversePath], origin, end, inverse=not inverse)
        elif SH.alternativePath in said:
            for part in RdfList(self._shapes, said[SH.alternativePath]):
                self._path(part, origin, end, inverse=inverse)
        elif RDF.first in said:
            self._sequence(list(RdfList(self._shapes, path)), origin, end, inverse=inverse)
        else:
            self._repeated(said, origin, end, inverse=inverse)

    def _sequence(self, parts: list[Any], origin: int, end: int, *, inverse: bool) -> None:
        """Draw a sequence; an inverse one also in the order in which pySHACL 0.40 walks it."""
        for order in (parts[::-1], parts) if inverse else (parts,):
            at = origin
            for part in order[:-1]:
                between = self._new()
                self._path(part, at, between, inverse=inverse)
                at = between
            self._path(order[-1], at, end, inverse=inverse)

    def _repeated(self, said: dict[Node, Node], origin: int, end: int, *, inverse: bool) -> None:
        """Draw `*`, `+` and `?`. Reading a little more than the path does no harm: `+` is `*`."""
        if SH.zeroOrOnePath in said:
            self._path(said[SH.zeroOrOnePath], origin, end, inverse=inverse)
            self._add(origin, _STAY, end)
            return
        part = said.get(SH.zeroOrMorePath) or said[SH.oneOrMorePath]
        turn = self._new()
        self._add(origin, _STAY, turn)
        self._path(part, turn, turn, inverse=inverse)
        self._add(turn, _STAY, end)

    def _add(self, origin: int, predicate: str, end: int, *, inverse: bool = False) -> None:
        self.steps[Step(origin, predicate, inverse, end)] = None

    def _new(self) -> int:
        self._last += 1
        return self._last
