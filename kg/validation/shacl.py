"""SHACL: the shapes, made ready once, and the validation of one article or more at a time.

pySHACL does the checking. Two things make it fast enough for a whole corpus, and both leave the
results as they are (a test compares them with `pyshacl.validate`): the shapes are parsed and built
once, and each property shape is run over all its focus nodes together, not node by node.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyoxigraph
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from pyshacl.consts import (
    SH_detail,
    SH_focusNode,
    SH_resultMessage,
    SH_resultPath,
    SH_resultSeverity,
    SH_sourceConstraintComponent,
    SH_sourceShape,
    SH_value,
)
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from kg import terms
from kg.errors import OntologyError, Place
from kg.iris import ONTOLOGY, Iris
from kg.terms import Quad
from kg.validation.checks import with_concepts_of
from kg.validation.memory import MemoryGraph, graph_of, term_of
from kg.validation.report import Result, local_name

_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_REFERENCES: Final = (SH.node, SH["not"], SH.qualifiedValueShape)
_PARAMETERS: Final = frozenset(ALL_CONSTRAINT_PARAMETERS)
_COMPARING: Final = {
    SH.lessThan: LessThanConstraintComponent,
    SH.lessThanOrEquals: LessThanOrEqualsConstraintComponent,
}
_BROKEN: Final = (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError)

# The shapes for what stands in no article: a curated thing is no report, so it needs no evidence.
CURATED: Final = ("attributes", "entities", "links", "values")

Target = tuple[Node, Node]  # a target predicate and its value


@dataclass(frozen=True, slots=True)
class Shapes:
    """SHACL Core shapes, ready for any number of validations. Pickles as its text.

    Attributes:
        texts: name and Turtle of each file.
        digest: SHA-256 of the texts, to tell one set of shapes from another.
    """

    texts: tuple[tuple[str, str], ...]
    digest: str
    _rules: tuple[_Rule, ...] = field(repr=False, compare=False)

    @classmethod
    def load(cls, folder: Path, *, only: Collection[str] = (), iris: Iris | None = None) -> Shapes:
        """Read every `*.ttl` of a folder.

        Args:
            folder: where the shapes are.
            only: the topics to read, such as `CURATED`; all when empty.
            iris: gives the base under which the concepts stand; the shapes name them under the
                default one.

        Raises:
            OntologyError: no shapes there, a file is not Turtle, or a shape is malformed.
        """
        files = sorted(file for file in folder.glob("*.ttl") if not only or file.stem in only)
        if not files:
            raise OntologyError("no shapes (*.ttl) in this folder", where=Place(str(folder)))
        texts = ((file.name, file.read_text(encoding="utf-8")) for file in files)
        return cls.parse((name, with_concepts_of(text, iris)) for name, text in texts)

    @classmethod
    def parse(cls, texts: Iterable[tuple[str, str]]) -> Shapes:
        """Read shapes from pairs of file name and Turtle.

        Raises:
            OntologyError: a text is not Turtle, or a shape is malformed.
        """
        texts = tuple(texts)
        digest = hashlib.sha256(repr(texts).encode()).hexdigest()
        graph: Graph = MemoryGraph(store="SimpleMemory")
        for name, content in texts:
            _parse(graph, name, content)
        return cls(texts, digest, _rules(graph))

    def targets(self) -> Iterator[tuple[Graph, Node, tuple[Target, ...]]]:
        """Yield each shape that has targets: the graph it is written in, its node, its targets."""
        for rule in self._rules:
            yield rule.shape.sg.graph, rule.shape.node, rule.targets

    def __reduce__(self) -> tuple[Callable[..., Shapes], tuple[Any, ...]]:
        return Shapes.parse, (self.texts,)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A shape and the targets that say which nodes it is about."""

    shape: Shape
    targets: tuple[Target, ...]


def validate(
    shapes: Shapes, quads: Iterable[Quad], *, context: Iterable[Quad] = ()
) -> tuple[Result, ...]:
    """Return what breaks the shapes in the merge of the quads, sorted, each once.

    Args:
        shapes: the shapes, loaded once.
        quads: what is judged: the quads of an article, or curated entities.
        context: what the shapes look up and do not judge: `rdfs:subClassOf` of the classes, the
            concepts used with their schemes and collections, the curated entities referred to.
    """
    quads = list(quads)
    graph = graph_of(chain(quads, context))
    judged = {term_of(subject) for subject in {quad.subject for quad in quads}}
    return validate_graph(shapes, graph, judged=judged)


def validate_graph(
    shapes: Shapes, graph: Graph, *, judged: Collection[Node] | None = None
) -> tuple[Result, ...]:
    """Validate a graph held by rdflib in memory, or only the nodes of it that are to be judged.

    A graph over another kind of store gives wrong results.
    """
    focus = _Focus(graph)
    wanted = None if judged is None else frozenset(judged)
    found: set[Result] = set()
    for rule in shapes._rules:
        nodes: set[Any] = set().union(*(focus.nodes(target) for target in rule.targets))
        if wanted is not None:
            nodes &= wanted
        if nodes:
            found.update(_judge(rule.shape, graph, list(nodes), focus))
    return tuple(sorted(found))


def validate_nodes(
    shapes: Shapes, graph: Graph, nodes: Mapping[str, Collection[Node]]
) -> tuple[Result, ...]:
    """Validate nodes by the shapes that the caller chose for them, by IRI; sorted, each once.

    Nobody looks at the targets again: the nodes of a shape must be among them.
    """
    focus = _Focus(graph)
    found: set[Result] = set()
    for rule in shapes._rules:
        if chosen := nodes.get(str(rule.shape.node)):
            found.update(_judge(rule.shape, graph, list(chosen), focus))
    return tuple(sorted(found))


def _judge(shape: Shape, graph: Graph, nodes: list[Any], focus: _Focus) -> Iterator[Result]:
    """Run a shape over nodes.

    pySHACL fails on values that cannot be compared, such as a number and a blank node; by SHACL
    4.5.3 they are a result like others.
    """
    try:
        _, reports = shape.validate(SHACLExecutor(), graph, focus=nodes)
    except (ReportableRuntimeError, TypeError):
        if len(nodes) > 1:
            for node in nodes:
                yield from _judge(shape, graph, [node], focus)
            return
        compared = [name for name in _COMPARING if shape.node in shape.sg.graph.subjects(name)]
        if not compared:
            raise
        reports = [_COMPARING[compared[0]](shape).make_v_result(graph, nodes[0])]
    yield from _results(reports, shape.sg, focus)


def _parse(graph: Graph, name: str, content: str) -> None:
    try:
        quads = list(pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.TURTLE))
    except SyntaxError as error:
        place = Place(name, error.lineno or 0, error.offset or 0)
        raise OntologyError(f"not Turtle: {error.msg}", where=place) from error
    for quad in quads:
        subject, predicate, value, _ = quad
        graph.add((term_of(str(subject)), term_of(str(predicate)), term_of(str(value))))


def _rules(graph: Graph) -> tuple[_Rule, ...]:
    """Build the shapes; sorted, so that nothing hangs on the order of a set."""
    _refuse_missing(graph)
    _give_targets_to_properties(graph)
    try:
        shapes = sorted(ShapesGraph(graph).shapes, key=lambda shape: str(shape.node))
        for shape in shapes:  # malformed constraints show only when a shape is run
            shape.validate(SHACLExecutor(), Graph(), focus=[URIRef("urn:nothing")])
    except _BROKEN as error:
        raise OntologyError(f"malformed shape: {error}") from error
    targeted = ((shape, tuple(_targets(graph, shape.node))) for shape in shapes)
    return tuple(_Rule(shape, targets) for shape, targets in targeted if targets)


def _refuse_missing(graph: Graph) -> None:
    """Refuse a reference to a shape that is not there: pySHACL takes it for one without rules."""
    for predicate in (SH.property, *_REFERENCES):
        for shape, other in sorted(graph.subject_objects(predicate), key=str):
            if (other, None, None) not in graph:
                what = f"malformed shape: {local_name(str(shape))} refers to a missing shape"
                raise OntologyError(what, hint=f"there is no <{other}>")


def _targets(graph: Graph, shape: Node) -> Iterator[Target]:
    for predicate in _TARGETS:
        for value in graph.objects(shape, predicate):
            yield predicate, value


def _give_targets_to_properties(graph: Graph) -> None:
    """Let each property shape of a targeted node shape have the targets itself.

    By SHACL 4.7.2 the property shape is then checked on the same nodes with the same results.
    Node shapes that others refer to, and those switched off, stay as they are.
    """
    referred = {value for predicate in _REFERENCES for value in graph.objects(None, predicate)}
    referred |= set(graph.objects(None, RDF.first))
    for shape in sorted(set(graph.subjects(SH.property)), key=str):
        targets = list(_targets(graph, shape))
        if not targets or shape in referred or (shape, SH.deactivated, None) in graph:
            continue
        if graph.value(shape, SH.closed) is not None:
            _name_allowed_properties(graph, shape)
        for part in list(graph.objects(shape, SH.property)):
            for predicate, value in targets:
                graph.add((part, predicate, value))
        graph.remove((shape, SH.property, None))
        if not set(graph.predicates(shape)) & _PARAMETERS:
            for predicate, value in targets:
                graph.remove((shape, predicate, value))


def _name_allowed_properties(graph: Graph, shape: Node) -> None:
    """Write the paths of a closed shape's properties into its list of allowed properties."""
    allowed = {graph.value(part, SH.path) for part in graph.objects(shape, SH.property)}
    for ignored in graph.objects(shape, SH.ignoredProperties):
        allowed.update(graph.items(ignored))
    head = BNode()
    RdfList(graph, head, sorted(filter(None, allowed), key=str))
    graph.set((shape, SH.ignoredProperties, head))


class _Focus:
    """The nodes that targets name in one graph, each target looked up once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[Target, set[Node]] = {}
        self._subclasses: dict[Node, set[Node]] = defaultdict(set)
        self._instances: dict[Node, set[Node]] = defaultdict(set)
        for subclass, superclass in graph.subject_objects(RDFS.subClassOf):
            self._subclasses[superclass].add(subclass)
        for node, class_ in graph.subject_objects(RDF.type):
            self._instances[class_].add(node)

    def nodes(self, target: Target) -> set[Node]:
        if target not in self._known:
            self._known[target] = self._find(*target)
        return self._known[target]

    def kind(self, node: Node) -> str:
        """Return the local name of the node's class in UniPact's ontology, the narrowest one."""
        types = {str(type_) for type_ in self._graph.objects(node, RDF.type)}
        ours = sorted(name for name in types if name.startswith(ONTOLOGY))
        narrow = [name for name in ours if not self._below(name) & types]
        return local_name(narrow[0]) if narrow else ""

    def _below(self, class_: str) -> set[str]:
        return {str(name) for name in self._closure(URIRef(class_))} - {class_}

    def _find(self, predicate: Node, value: Node) -> set[Node]:
        if predicate == SH.targetNode:
            return {value}
        if predicate == SH.targetSubjectsOf:
            return set(self._graph.subjects(value))
        if predicate == SH.targetObjectsOf:
            return set(self._graph.objects(None, value))
        return set().union(*(self._instances.get(name, set()) for name in self._closure(value)))

    def _closure(self, class_: Node) -> set[Node]:
        found = {class_}
        ahead = [class_]
        while ahead:
            new = self._subclasses.get(ahead.pop(), set()) - found
            found |= new
            ahead.extend(new)
        return found


def _results(reports: Iterable[Any], shapes: ShapesGraph, focus: _Focus) -> Iterator[Result]:
    """Turn pySHACL's reports into results; a nested report lends its message when ours has none."""
    for _, node, triples in reports:
        about: dict[Node, dict[Node, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            about[subject][predicate].append(value[1] if isinstance(value, tuple) else value)
        said = about[node]
        subject = said[SH_focusNode][0]
        path = said.get(SH_resultPath)
        value = said.get(SH_value)
        yield Result(
            focus=f"_:{subject}" if isinstance(subject, BNode) else str(subject),
            path=_path(shapes, path[0]) if path else "",
            value=_encoded(value[0]) if value else "",
            shape=str(said[SH_sourceShape][0]),
            component=local_name(str(said[SH_sourceConstraintComponent][0])),
            severity=local_name(str(said[SH_resultSeverity][0])),
            message=_message(said, about, shapes),
            kind=focus.kind(subject),
        )


def _message(
    said: dict[Node, list[Any]], about: dict[Node, dict[Node, list[Any]]], shapes: ShapesGraph
) -> str:
    own = list(shapes.graph.objects(said[SH_sourceShape][0], SH.message))
    details = [] if own else [about[node] for node in said.get(SH_detail, [])]
    nested = sorted({_message(detail, about, shapes) for detail in details})
    if nested:
        return " ".join(nested)
    messages = [m for m in said.get(SH_resultMessage, []) if isinstance(m, Literal)]
    return str(min(messages, key=lambda m: (m.language not in (None, "en"), str(m)), default=""))


def _path(shapes: ShapesGraph, path: Node) -> str:
    return str(path) if isinstance(path, URIRef) else shacl_path_to_sparql_path(shapes, path)


def _encoded(term: Node) -> str:
    if isinstance(term, Literal):
        if term.language:
            return terms.text(str(term), term.language)
        return terms.typed(str(term), str(term.datatype)) if term.datatype else terms.text(term)
    return terms.iri(str(term)) if isinstance(term, URIRef) else f"_:{term}"
