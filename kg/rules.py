"""Rules: SPARQL CONSTRUCT queries that derive triples from the merge of all graphs.

A rule may say that a fact supports an edge:

    CONSTRUCT { ?fact up:yields [ rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ] } WHERE { … }

The edge `?s ?p ?o` is then added, with a node of its own that ties it to the fact, in place of the
blank node. What rests only on somebody's words (`?fact up:accordingTo ?speaker`) goes to a graph of
its own, so that a user can leave it out. What a rule derives is visible to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QueryTriples, Store, Triple

from kg import terms
from kg.errors import KgError, OntologyError, Place, Problems
from kg.iris import DEFAULT_BASE, Iris, term
from kg.prefixes import VOCABULARIES
from kg.releases.stores import add, decode, encode, named
from kg.terms import Quad

_RDF: Final = VOCABULARIES["rdf"]
_YIELDS: Final = term("yields")
_PARTS: Final = tuple(_RDF + part for part in ("subject", "predicate", "object"))
_TYPE: Final = terms.iri(_RDF + "type")
_STATEMENT: Final = terms.iri(_RDF + "Statement")
_ACCORDING_TO: Final = NamedNode(term("accordingTo"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, what its comment says it derives, and the query."""

    name: str
    caption: str
    query: str
    file: str


def load_rules(folder: Path) -> tuple[Rule, ...]:
    """Read the rules of a folder, `*.rq`, in the order of their names; no folder is no rules.

    Raises:
        Problems: files that do not begin with a comment that says what they derive, or that are
            not a CONSTRUCT query; all of them are named.
    """
    rules: list[Rule] = []
    errors: list[KgError] = []
    for file in sorted(folder.glob("*.rq")):
        try:
            rules.append(_read(file))
        except OntologyError as error:
            errors.append(error)
    if errors:
        raise Problems(errors)
    return tuple(rules)


def derive(rules: Sequence[Rule], store: Store, iris: Iris) -> Iterator[Quad]:
    """Run the rules in order, add what they derive to the store, and yield it, rule by rule sorted.

    Each quad goes to its named graph and, without it, to the default graph. Triples that the
    store's other graphs state already are not derived again.

    Raises:
        OntologyError: a rule fails, or its result holds a blank node in another place.
    """
    for rule in rules:
        derived = sorted(_results(rule, store, iris))
        add(store, derived)
        yield from derived


def _read(file: Path) -> Rule:
    where = Place(str(file), 1)
    try:
        query = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OntologyError(f"cannot be read: {error}", where=where) from error
    comment = re.match(r"(?:#.*\n)+", query)
    caption = re.sub(r"^#\s*", "", comment[0], flags=re.MULTILINE).strip() if comment else ""
    if not caption:
        hint = "begin with a comment: # Derives: … From: …"
        raise OntologyError("the rule does not say what it derives", where=where, hint=hint)
    try:
        results = Store().query(query)
    except SyntaxError as error:
        raise OntologyError(f"not a SPARQL query: {error.msg}", where=where) from error
    if not isinstance(results, QueryTriples):
        raise OntologyError("the rule is not a CONSTRUCT query", where=where)
    return Rule(name=file.stem, caption=caption, query=query, file=str(file))


def _results(rule: Rule, store: Store, iris: Iris) -> set[Quad]:
    # The concepts stand under the base of the release, the rules name them under the default one.
    query = rule.query.replace(f"{DEFAULT_BASE}concept/", f"{iris.base}concept/")
    derived: set[Quad] = set()
    edges = _Edges()
    plain = terms.iri(iris.graph("derived"))
    attributed = iris.graph("derived-attributed")
    for triple in _run(rule, query, store):
        if not edges.takes(triple):
            quad = Quad(*_encoded(rule, triple), plain)
            if not _stated(store, quad, besides=attributed):
                derived.add(quad)
    for fact, edge in edges.complete(rule):
        said = next(store.quads_for_pattern(named(fact), _ACCORDING_TO, None, DefaultGraph()), None)
        derived.update(_edge(fact, edge, iris, graph=terms.iri(attributed) if said else plain))
    return derived


def _run(rule: Rule, query: str, store: Store) -> Iterator[Triple]:
    try:
        results = store.query(query)
        assert isinstance(results, QueryTriples)
        yield from results
    except (SyntaxError, RuntimeError) as error:
        raise OntologyError(f"the rule fails: {error}", where=Place(rule.file)) from error


class _Edges:
    """Collects the blank nodes of `?fact up:yields [ … ]`, whose triples come in any order."""

    def __init__(self) -> None:
        self._facts: dict[BlankNode, list[str]] = {}
        self._parts: dict[BlankNode, dict[str, str]] = {}

    def takes(self, triple: Triple) -> bool:
        """Keep a triple that is a part of an edge; return whether it was one."""
        predicate = triple.predicate.value
        if isinstance(triple.subject, BlankNode) and predicate in _PARTS:
            self._parts.setdefault(triple.subject, {})[predicate] = encode(triple.object)
            return True
        if isinstance(triple.object, BlankNode) and predicate == _YIELDS:
            self._facts.setdefault(triple.object, []).append(encode(triple.subject))
            return True
        return False

    def complete(self, rule: Rule) -> Iterator[tuple[str, tuple[str, str, str]]]:
        """Yield (fact, edge) in encoded terms."""
        for node, facts in self._facts.items():
            parts = self._parts.pop(node, {})
            if set(parts) != set(_PARTS):
                raise _misfit(rule, "an edge lacks its subject, predicate or object")
            subject, predicate, value = (parts[name] for name in _PARTS)
            if not (subject.startswith("<") and predicate.startswith("<")):
                raise _misfit(rule, f"{subject} {predicate} … is no edge")
            for fact in facts:
                yield fact, (subject, predicate, value)
        if self._parts:
            raise _misfit(rule, "an edge has no fact that yields it")


def _encoded(rule: Rule, triple: Triple) -> tuple[str, str, str]:
    if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
        raise _misfit(rule, f"a blank node in the result: {triple}")
    return encode(triple.subject), encode(triple.predicate), encode(triple.object)


def _misfit(rule: Rule, what: str) -> OntologyError:
    hint = "only edges may be blank: up:yields [ rdf:subject … ; rdf:predicate … ; rdf:object … ]"
    return OntologyError(what, where=Place(rule.file), hint=hint)


def _stated(store: Store, quad: Quad, *, besides: str) -> bool:
    """Tell whether a named graph, other than the one of what is only said, holds the triple."""
    subject, predicate = named(quad.subject), named(quad.predicate)
    found = store.quads_for_pattern(subject, predicate, decode(quad.object), None)
    graphs = (quad.graph_name for quad in found)
    return any(isinstance(graph, NamedNode) and graph.value != besides for graph in graphs)


def _edge(fact: str, edge: tuple[str, str, str], iris: Iris, *, graph: str) -> Iterator[Quad]:
    node = terms.iri(iris.edge(fact[1:-1], edge))
    yield Quad(*edge, graph)
    yield Quad(fact, terms.iri(_YIELDS), node, graph)
    yield Quad(node, _TYPE, _STATEMENT, graph)
    for predicate, value in zip(_PARTS, edge, strict=True):
        yield Quad(node, terms.iri(predicate), value, graph)
