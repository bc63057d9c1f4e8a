"""Accepted links as RDF, in the graph `links`.

Only accepted exact, close and broad matches become links. Each comes with a node of its own
(`owl:Axiom`, as SSSOM writes mappings in RDF) that says how it was found, by whom it was reviewed,
when and how sure it is. An exact match also gives the entity its identifier. Of the record in the
other knowledge base it is said in which country it is (`object_country`, ISO 3166-1 alpha-2) and
whether it has been withdrawn (`object_status`), which is what the shapes hold links to.
Source: SSSOM 1.0, https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kg import terms
from kg.errors import DataError, KgError, LinkError, Problems
from kg.iris import DEFAULT_BASE, Iris
from kg.linking.sssom import EXACT, SKOS, Decision, MappingSet, Row, read_sets
from kg.prefixes import VOCABULARIES
from kg.terms import Quad, iri

_KEPT: Final = frozenset(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch"))
_OWL: Final = VOCABULARIES["owl"]
_SSSOM: Final = VOCABULARIES["sssom"]
_TYPE: Final = iri(VOCABULARIES["rdf"] + "type")
_AXIOM: Final = iri(f"{_OWL}Axiom")
_ANNOTATED: Final = tuple(
    iri(f"{_OWL}annotated{part}") for part in ("Source", "Property", "Target")
)
_DERIVED: Final = iri(VOCABULARIES["prov"] + "wasDerivedFrom")
_IDENTIFIER: Final = iri(VOCABULARIES["schema"] + "identifier")
_TEXTS: Final = (
    "author_label",
    "comment",
    "mapping_tool",
    "mapping_tool_version",
    "object_source_version",
    "reviewer_label",
)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_COUNTRY: Final = iri(VOCABULARIES["schema"] + "addressCountry")
_DEPRECATED: Final = iri(f"{_OWL}deprecated")


def read_links(folder: Path, iris: Iris) -> Iterator[Quad]:
    """Yield the accepted links of every `*.sssom.tsv` of a folder, sorted.

    Subjects of the default base move to the base of `iris`.

    Raises:
        Problems: rows or files that cannot be used, each a LinkError with its line.
    """
    errors: list[KgError] = []
    quads: set[Quad] = set()
    for mappings in read_sets(folder):
        for row in mappings.rows:
            try:
                quads.update(quads_of(row, mappings, iris))
            except LinkError as error:
                errors.append(error)
    if errors:
        raise Problems(errors)
    yield from sorted(quads)


def quads_of(row: Row, mappings: MappingSet, iris: Iris) -> Iterator[Quad]:
    """Yield what a row comes to; nothing when it is no accepted link.

    Raises:
        LinkError: its cells cannot be written as RDF.
    """
    if row.decision is not Decision.ACCEPTED or row.predicate not in _KEPT:
        return
    subject = row.subject
    if subject.startswith(DEFAULT_BASE):
        subject = iris.base + subject[len(DEFAULT_BASE) :]
    graph = iri(iris.graph("links"))
    try:
        link = (iri(subject), iri(row.predicate), iri(row.object))
        node = iri(iris.link(subject, link))
        yield Quad(*link, graph)
        if row.predicate == EXACT:
            name = mappings.curie(row.object).rstrip("/")
            yield Quad(link[0], _IDENTIFIER, terms.text(name), graph)
        yield Quad(node, _TYPE, _AXIOM, graph)
        for predicate, value in zip(_ANNOTATED, link, strict=True):
            yield Quad(node, predicate, value, graph)
        yield Quad(node, _DERIVED, link[2], graph)
        for predicate, literal in _said(row, mappings):
            yield Quad(node, predicate, literal, graph)
        if said := row.says("object_country"):
            yield Quad(link[2], _COUNTRY, terms.text(said), graph)
        if row.says("object_status") == "withdrawn":
            yield Quad(link[2], _DEPRECATED, terms.typed("true", "boolean"), graph)
    except DataError as error:
        raise LinkError(error.what, where=row.where) from error


def _said(row: Row, mappings: MappingSet) -> Iterator[tuple[str, str]]:
    """Yield what the row says of itself."""
    for column in _TEXTS:
        if said := row.says(column):
            yield iri(_SSSOM + column), terms.text(said)
    if said := row.says("mapping_justification"):
        yield iri(f"{_SSSOM}mapping_justification"), iri(mappings.expand(said))
    for column in ("mapping_date", "review_date"):
        if said := row.says(column):
            if not _DATE.fullmatch(said):
                raise DataError(f"{column} is no date: {said!r}")
            yield iri(_SSSOM + column), terms.typed(said, "date")
    if said := row.says("confidence"):
        if not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", said):
            raise DataError(f"confidence is from 0 to 1, not {said!r}")
        yield (
            iri(f"{_SSSOM}confidence"),
            terms.typed(said if "." in said else f"{said}.0", "decimal"),
        )
