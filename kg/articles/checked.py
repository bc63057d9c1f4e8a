"""An article of which everything is known to be right: what the mapper writes.

All references are resolved and all offsets counted. Values are terms in their N-Triples encoding,
as in `kg.terms`; `iri` fields are plain IRIs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kg.articles.dates import DateBounds
from kg.articles.passages import Span
from kg.errors import Place

Statement = tuple[str, str]  # an encoded predicate and object


@dataclass(frozen=True, slots=True)
class OriginalRange:
    """A range of the original document; `words` are those that stand there, when it is at hand."""

    span: Span
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the article's text; `key` is empty for a quote that is no passage of its own."""

    key: str
    iri: str
    span: Span
    originals: tuple[OriginalRange, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedDate:
    """A date node of a thing or fact."""

    iri: str
    bounds: DateBounds | None
    printed: str | None
    inferred: bool


@dataclass(frozen=True, slots=True)
class Reported:
    """A thing or fact that the article declares, with what it says of it."""

    key: str
    iri: str
    statements: tuple[Statement, ...]
    dates: tuple[ReportedDate, ...]
    evidence: tuple[str, ...]
    context: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the text where an entity is named; `statements` are its certainty and notes."""

    span: Span
    entity: str
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedArticle:
    """An article ready to be mapped.

    `places` says where each entity, fact and passage (by IRI) is written; `refers_to` are the keys
    of the authority that the article uses.
    """

    slug: str
    iri: str
    title: str
    published: date
    language: str
    text: str
    statements: tuple[Statement, ...]
    passages: tuple[Passage, ...]
    reported: tuple[Reported, ...]
    mentions: tuple[Mention, ...]
    places: Mapping[str, Place]
    refers_to: frozenset[str]
