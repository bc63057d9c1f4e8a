"""What a rule comes to on a store: plain triples, and edges that facts yield."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QueryTriples, Store, Triple

from kg import terms
from kg.errors import DataError, OntologyError, Place
from kg.iris import DEFAULT_BASE, Iris, term
from kg.prefixes import VOCABULARIES
from kg.releases.stores import encode
from kg.terms import Quad

_RDF: Final = VOCABULARIES["rdf"]
YIELDS: Final = term("yields")
PARTS: Final = tuple(_RDF + part for part in ("subject", "predicate", "object"))
TYPE: Final = _RDF + "type"
STATEMENT: Final = _RDF + "Statement"
_ACCORDING_TO: Final = NamedNode(term("accordingTo"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, what its comment says it derives, and the query."""

    name: str
    caption: str
    query: str
    file: str

    def under(self, iris: Iris) -> Rule:
        """Return the rule for a release; rules name the concepts under the default base."""
        if iris.base == DEFAULT_BASE:
            return self
        concepts = f"{iris.base}concept/"
        return replace(self, query=self.query.replace(f"{DEFAULT_BASE}concept/", concepts))


@dataclass(frozen=True, slots=True)
class Result:
    """A triple that a rule derives; or an edge, with the fact that yields it.

    Attributes:
        said: the fact, and so the edge, rests only on somebody's words.
    """

    triple: Triple
    fact: NamedNode | None = None
    said: bool = False


def results(rule: Rule, store: Store) -> Iterator[Result]:
    """Run a rule, which is `under` the base of the store.

    Raises:
        OntologyError: the rule fails, or its result holds a blank node that is no edge.
    """
    edges = _Edges()
    for triple in _run(rule, store):
        if not edges.takes(triple):
            if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
                raise _misfit(rule, f"a blank node in the result: {triple}")
            yield Result(triple)
    for fact, edge in edges.complete(rule):
        said = next(store.quads_for_pattern(fact, _ACCORDING_TO, None, DefaultGraph()), None)
        yield Result(edge, fact, said is not None)


def quads_of(result: Result, iris: Iris) -> Iterator[Quad]:
    """Yield the quads of a result: those of an edge tie it to its fact by a node of its own."""
    triple = result.triple
    try:
        edge = encode(triple.subject), encode(triple.predicate), encode(triple.object)
    except DataError as error:
        raise OntologyError(f"a rule derives {triple}: {error}") from error
    graph = terms.iri(iris.graph("derived-attributed" if result.said else "derived"))
    yield Quad(*edge, graph)
    if result.fact:
        node = terms.iri(iris.edge(result.fact.value, edge))
        yield Quad(encode(result.fact), terms.iri(YIELDS), node, graph)
        yield Quad(node, terms.iri(TYPE), terms.iri(STATEMENT), graph)
        for predicate, value in zip(PARTS, edge, strict=True):
            yield Quad(node, terms.iri(predicate), value, graph)


def _run(rule: Rule, store: Store) -> Iterator[Triple]:
    try:
        found = store.query(rule.query)
        assert isinstance(found, QueryTriples)
        yield from found
    except (SyntaxError, RuntimeError) as error:
        raise OntologyError(f"the rule fails: {error}", where=Place(rule.file)) from error


class _Edges:
    """Collects the blank nodes of `?fact up:yields [ … ]`, whose triples come in any order."""

    def __init__(self) -> None:
        self._facts: dict[BlankNode, list[object]] = {}
        self._parts: dict[BlankNode, dict[str, object]] = {}

    def takes(self, triple: Triple) -> bool:
        """Keep a triple that is a part of an edge; return whether it was one."""
        predicate = triple.predicate.value
        if isinstance(triple.subject, BlankNode) and predicate in PARTS:
            self._parts.setdefault(triple.subject, {})[predicate] = triple.object
            return True
        if isinstance(triple.object, BlankNode) and predicate == YIELDS:
            self._facts.setdefault(triple.object, []).append(triple.subject)
            return True
        return False

    def complete(self, rule: Rule) -> Iterator[tuple[NamedNode, Triple]]:
        """Yield each fact with its edge."""
        for node, facts in self._facts.items():
            parts = self._parts.pop(node, {})
            if set(parts) != set(PARTS):
                raise _misfit(rule, "an edge lacks its subject, predicate or object")
            subject, predicate, value = (parts[name] for name in PARTS)
            if not (isinstance(subject, NamedNode) and isinstance(predicate, NamedNode)):
                raise _misfit(rule, f"{subject} {predicate} … is no edge")
            if isinstance(value, BlankNode):
                raise _misfit(rule, f"a blank node in the result: {value}")
            for fact in facts:
                if not isinstance(fact, NamedNode):
                    raise _misfit(rule, f"a blank node in the result: {fact}")
                yield fact, Triple(subject, predicate, value)  # type: ignore[arg-type]
        if self._parts:
            raise _misfit(rule, "an edge has no fact that yields it")


def _misfit(rule: Rule, what: str) -> OntologyError:
    hint = "only edges may be blank: up:yields [ rdf:subject … ; rdf:predicate … ; rdf:object … ]"
    return OntologyError(what, where=Place(rule.file), hint=hint)
