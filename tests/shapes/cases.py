"""The cases of the shapes: what is in the folders, and one graph to try them in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from rdflib import Graph

from kg.data import ontology_dir, shapes_dir
from kg.terms import Quad
from kg.validation.memory import graph_of
from kg.validation.report import Result
from kg.validation.shacl import Shapes, validate_graph

CASES = Path(__file__).parent.parent / "cases" / "shapes"
LOOKED_UP = (
    "http://www.w3.org/2000/01/rdf-schema#subClassOf",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/2004/02/skos/core#inScheme",
    "http://www.w3.org/2004/02/skos/core#member",
)


@dataclass(frozen=True)
class Case:
    name: str
    expected: tuple[str, ...]  # "<shape> <component>", sorted
    quads: tuple[Quad, ...]


def quads_of(path: Path) -> tuple[Quad, ...]:
    """Read a Turtle file."""
    parsed = pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE)
    return tuple(Quad(str(q.subject), str(q.predicate), str(q.object), "") for q in parsed)


def read_cases() -> tuple[Case, ...]:
    """Read every case; `# expect:` lines of a file name what it breaks."""
    files = sorted(CASES.glob("*/*.ttl"))
    return tuple(
        Case(
            f"{file.parent.name}/{file.stem}",
            tuple(sorted(re.findall("^# expect: (.+)$", file.read_text("utf-8"), re.MULTILINE))),
            quads_of(file),
        )
        for file in files
    )


def ontology_context() -> Iterator[Quad]:
    """Yield what a validation looks up in the ontology: classes, concepts, their collections."""
    for name in ("unipact.ttl", "concepts.ttl"):
        for quad in quads_of(ontology_dir() / name):
            if quad.predicate[1:-1] in LOOKED_UP and "_:" not in (quad.subject + quad.object)[:2]:
                yield quad


class Bench:
    """The base article in a graph to which one case at a time is added."""

    def __init__(self) -> None:
        self.shapes = Shapes.load(shapes_dir())
        self.graph: Graph = graph_of([*ontology_context(), *quads_of(CASES / "base.ttl")])

    @contextmanager
    def having(self, case: Case) -> Iterator[Graph]:
        """Give the base article with the case's triples in it."""
        added = [triple for triple in graph_of(case.quads) if triple not in self.graph]
        for triple in added:
            self.graph.add(triple)
        try:
            yield self.graph
        finally:
            for triple in added:
                self.graph.remove(triple)

    def outcome(self, case: Case, shapes: Shapes | None = None) -> tuple[str, ...]:
        """Return the shape and component of each result, sorted."""
        with self.having(case) as graph:
            return broken(validate_graph(shapes or self.shapes, graph))


def broken(results: tuple[Result, ...]) -> tuple[str, ...]:
    """Return "<shape> <component>" of each result, sorted."""
    counted = Counter(f"{result.rule} {result.component}" for result in results)
    return tuple(sorted(counted.elements()))
