"""Everything that a release says about one node, each statement with what it rests on.

A statement of an article rests on the report that makes it; a derived edge rests on the facts that
yield it (`up:yields`); a curated statement rests on the curators. Each report leads to its
passages: article, quoted words, offsets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.errors import DataError
from kg.iris import ONTOLOGY

Term = NamedNode | Literal
Edge = tuple[str, str, str]
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OA: Final = "http://www.w3.org/ns/oa#"
_RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
_NAME: Final = "https://schema.org/name"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_TYPE: Final = _RDF + "type"
_LABEL: Final = "http://www.w3.org/2004/02/skos/core#prefLabel"
# Said of a report by its own lines in an explanation, hence not repeated as statements.
_OF_REPORTS: Final = frozenset(
    ONTOLOGY + name
    for name in ("evidence", "context", "words", "originalWords", "yields", "involves")
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage: where it stands and what it says. Offsets are code points, end exclusive."""

    article: str
    title: str
    published: str
    words: str
    start: int
    end: int
    restated: bool
    original_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What one article reports: a fact, or a thing that only this article knows."""

    iri: str
    kind: str
    summary: str
    status: str
    reality: str
    certainty: str
    according_to: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement about the node, as labels, and where it comes from.

    `source` is `article`, `authority`, `links`, `derived`, `derived-attributed`, `ontology` or
    `provenance`; `reports` are the facts that a derived statement rests on.
    """

    predicate: str
    property_label: str
    value: str
    value_label: str
    source: str
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A node: its labels, what is said of it, its own evidence, and the facts that involve it."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    report: Report | None
    statements: tuple[Statement, ...]
    facts: tuple[Report, ...]


def explain(store: Store, iri: str) -> Explanation:
    """Explain a node of the release.

    Raises:
        DataError: the release says nothing about this IRI.
    """
    reader = _Reader(store)
    node = NamedNode(iri)
    statements = tuple(reader.statements(node))
    facts = tuple(reader.facts_about(node))
    if not statements and not facts:
        raise DataError(f"the release says nothing about <{iri}>")
    report = reader.report(node) if reader.is_report(node) else None
    return Explanation(iri, reader.label(node), reader.kinds(node), report, statements, facts)


def explain_edge(store: Store, edge: Edge) -> tuple[Report, ...]:
    """Return the facts that a derived edge (subject, predicate, object as IRIs) rests on."""
    subject, predicate, object_ = (NamedNode(part) for part in edge)
    return _Reader(store).supports(subject, predicate, object_)


def reported_in(store: Store, article: str) -> tuple[Report, ...]:
    """Return all that an article (its IRI) reports, in the order of its text.

    Raises:
        DataError: the release has no such article.
    """
    reader = _Reader(store)
    reports = [
        reader.report(node) for node in reader.subjects(ONTOLOGY + "reportedIn", NamedNode(article))
    ]
    if not reports:
        raise DataError(f"the release has no article <{article}>")
    return tuple(sorted(reports, key=_position))


class _Reader:
    """Reads one store; labels and reports are looked up once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._labels: dict[str, str] = {}
        self._reports: dict[str, Report] = {}

    def values(self, subject: NamedNode, predicate: str) -> list[Term]:
        """Return the values in the merge, sorted."""
        quads = self._store.quads_for_pattern(subject, NamedNode(predicate), None, DefaultGraph())
        return sorted((value for quad in quads if (value := _term(quad.object))), key=str)

    def subjects(self, predicate: str, value: Term) -> set[NamedNode]:
        """Return the nodes that have this value in the merge."""
        quads = self._store.quads_for_pattern(None, NamedNode(predicate), value, DefaultGraph())
        return {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}

    def named(self, subject: NamedNode, predicate: str | None = None) -> Iterator[_Named]:
        """Yield the node's statements of the named graphs: source, predicate, value."""
        wanted = NamedNode(predicate) if predicate else None
        for quad in self._store.quads_for_pattern(subject, wanted, None, None):
            value = _term(quad.object)
            if isinstance(quad.graph_name, NamedNode) and value is not None:
                yield _Named(_source(quad.graph_name), quad.predicate, value)

    def first(self, subject: NamedNode, predicate: str) -> str:
        return next((_lexical(value) for value in self.values(subject, predicate)), "")

    def label(self, term: Term) -> str:
        """Return the English label of a node, or any, or its IRI; of a literal its text."""
        if isinstance(term, Literal):
            return term.value
        if term.value not in self._labels:
            self._labels[term.value] = self._find_label(term) or term.value
        return self._labels[term.value]

    def _find_label(self, node: NamedNode) -> str:
        for predicate in (_LABEL, _RDFS_LABEL, _DCTERMS + "title"):
            labels = [value for value in self.values(node, predicate) if isinstance(value, Literal)]
            labels.sort(
                key=lambda label: (label.language != "en", label.language or "", label.value)
            )
            if labels:
                return labels[0].value
        return self.first(node, ONTOLOGY + "edtf") or self.first(node, ONTOLOGY + "printed")

    def property_label(self, node: NamedNode) -> str:
        """Return the label of a property, or the end of its IRI."""
        label = self.label(node)
        return node.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1] if label == node.value else label

    def kinds(self, node: NamedNode) -> tuple[str, ...]:
        """Return the labels of the classes written for the node, not of the derived ones."""
        written = {
            statement.value.value
            for statement in self.named(node, _TYPE)
            if statement.source != "derived"
        }
        return tuple(sorted(self.label(NamedNode(iri)) for iri in written))

    def is_report(self, node: NamedNode) -> bool:
        return bool(self.values(node, ONTOLOGY + "reportedIn"))

    def statements(self, node: NamedNode) -> Iterator[Statement]:
        """Yield what is said of the node, sorted by property and value, each statement once."""
        sources: dict[tuple[str, Term], str] = {}
        for statement in self.named(node):
            if not _is_machinery(statement):
                key = (statement.predicate.value, statement.value)
                sources[key] = min(sources.get(key, statement.source), statement.source)
        for (predicate, value), source in sorted(sources.items(), key=lambda item: str(item[0])):
            property_ = NamedNode(predicate)
            supports = self.supports(node, property_, value) if source.startswith("derived") else ()
            yield Statement(
                predicate,
                self.property_label(property_),
                _lexical(value),
                self.label(value),
                source,
                supports,
            )

    def supports(self, subject: NamedNode, predicate: NamedNode, value: Term) -> tuple[Report, ...]:
        """Return the facts that yield this edge."""
        edges = self.subjects(_RDF + "subject", subject) & self.subjects(_RDF + "object", value)
        edges &= self.subjects(_RDF + "predicate", predicate)
        facts = (self.subjects(ONTOLOGY + "yields", edge) for edge in edges)
        return self._sorted_reports(set().union(*facts))

    def facts_about(self, node: NamedNode) -> tuple[Report, ...]:
        """Return the facts that involve the node."""
        return self._sorted_reports(self.subjects(ONTOLOGY + "involves", node))

    def _sorted_reports(self, facts: set[NamedNode]) -> tuple[Report, ...]:
        reports = [self.report(fact) for fact in facts]
        return tuple(sorted(reports, key=lambda report: (_published(report), report.iri)))

    def report(self, fact: NamedNode) -> Report:
        """Return a reported node with its status, certainty, speakers and passages."""
        if fact.value not in self._reports:
            concept = {
                name: ", ".join(self.label(value) for value in self.values(fact, ONTOLOGY + name))
                for name in ("status", "reality", "certainty")
            }
            self._reports[fact.value] = Report(
                iri=fact.value,
                kind=", ".join(self.kinds(fact)),
                summary=self.summary(fact),
                status=concept["status"],
                reality=concept["reality"],
                certainty=concept["certainty"],
                according_to=tuple(
                    self.label(speaker) for speaker in self.values(fact, ONTOLOGY + "accordingTo")
                ),
                evidence=tuple(self._evidence(fact)),
            )
        return self._reports[fact.value]

    def summary(self, fact: NamedNode) -> str:
        """Say what the fact states, as `property: value; …` in labels."""
        told: dict[str, list[str]] = {}
        for statement in self.named(fact):
            predicate = statement.predicate
            if statement.source == "article" and predicate.value not in _OF_REPORTS | _BOOKKEEPING:
                told.setdefault(self.property_label(predicate), []).append(
                    self.label(statement.value)
                )
        return "; ".join(f"{name}: {', '.join(sorted(told[name]))}" for name in sorted(told))

    def _evidence(self, fact: NamedNode) -> Iterator[Evidence]:
        for passage in self.values(fact, ONTOLOGY + "evidence"):
            if not isinstance(passage, NamedNode):
                continue
            article = self.values(passage, _OA + "hasSource")
            selectors = self.values(passage, _OA + "hasSelector")
            exact, start, end = (
                next(
                    (found for node in selectors if (found := self.first(_node(node), _OA + name))),
                    "",
                )
                for name in ("exact", "start", "end")
            )
            originals = self.values(passage, ONTOLOGY + "restates")
            yield Evidence(
                article=_lexical(article[0]) if article else "",
                title=self.label(article[0]) if article else "",
                published=self.first(_node(article[0]), _DCTERMS + "issued") if article else "",
                words=exact,
                start=int(start or 0),
                end=int(end or 0),
                restated=bool(originals),
                original_words=tuple(self._original_words(originals)),
            )

    def _original_words(self, originals: list[Term]) -> Iterator[str]:
        for original in originals:
            for selector in self.values(_node(original), _OA + "hasSelector"):
                if words := self.first(_node(selector), _OA + "exact"):
                    yield words


class _Named(NamedTuple):
    """A statement of one of the named graphs, without its subject."""

    source: str
    predicate: NamedNode
    value: Term


_REPEATED: Final = frozenset({_TYPE, _RDFS_LABEL, _NAME})
_BOOKKEEPING: Final = frozenset(
    {_TYPE, _LABEL}
    | {ONTOLOGY + name for name in ("status", "certainty", "reportedIn", "accordingTo", "saidIn")}
)


def _node(term: Term) -> NamedNode:
    return term if isinstance(term, NamedNode) else NamedNode("urn:unipact:not-a-node")


def _is_machinery(statement: _Named) -> bool:
    """Tell whether a statement only repeats for plain queries what stands elsewhere."""
    predicate = statement.predicate.value
    return predicate in _OF_REPORTS or (statement.source == "derived" and predicate in _REPEATED)


def _term(value: object) -> Term | None:
    return value if isinstance(value, NamedNode | Literal) else None


def _lexical(term: Term) -> str:
    return term.value


def _position(report: Report) -> tuple[int, int, str]:
    first = min(((e.start, e.end) for e in report.evidence), default=(0, 0))
    return (*first, report.iri)


def _published(report: Report) -> str:
    return report.evidence[0].published if report.evidence else ""


def _source(graph: NamedNode) -> str:
    """Return which kind of graph this is, by its IRI."""
    tail = graph.value.rsplit("/graph/", 1)[-1]
    return "article" if tail.startswith("article/") else tail
