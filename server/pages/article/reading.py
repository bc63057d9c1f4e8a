"""What the page of an article is made of, read from the release: text, spans, facts, names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyoxigraph

from kg.prefixes import VOCABULARIES
from server.pages.article.cutting import Span
from server.pages.article.facts import Fact, Reader, Value, following
from server.pages.naming import Name, Row, best_names, kept
from server.site import Site

_DCTERMS: Final = VOCABULARIES["dcterms"]
_UP: Final = VOCABULARIES["up"]
_MOST: Final = 200_000  # rows of one article
_SLUG: Final = re.compile(r"[\w.~-]+\Z")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of the text that facts rest on.

    Attributes:
        place: code points of the text, end exclusive; None when it is not told.
        original: code points of the original that it restates, end exclusive.
    """

    key: str
    place: tuple[int, int] | None
    exact: str = ""
    original: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name something; `sure` when the text leaves no doubt what."""

    span: Span
    entity: str
    name: Name
    sure: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The article before or after another."""

    iri: str
    title: Name


@dataclass(frozen=True, slots=True)
class Article:
    """An article; "" stands for what is not told."""

    iri: str
    slug: str
    title: Name
    text: str
    issued: str = ""
    language: str = ""
    creators: tuple[Value, ...] = ()
    sources: tuple[str, ...] = ()
    covers: tuple[Value, ...] = ()
    original_title: str = ""
    original_document: str = ""
    original_sha256: str = ""
    text_sha256: str = ""
    passages: Mapping[str, Passage] = field(default_factory=dict)
    mentions: Mapping[str, Mention] = field(default_factory=dict)
    facts: Sequence[Fact] = ()
    before: Neighbour | None = None
    after: Neighbour | None = None


def read(site: Site, iri: str) -> Article:
    """Return an article of the release in force.

    Raises:
        Problem: no worker is free, or it takes too long.
    """
    base = site.current().manifest.base
    slug = iri.removeprefix(f"{base}article/")
    terms = {"this": _encoded(iri), "graph": _encoded(f"{base}graph/article/{slug}")}
    names = best_names(_rows(site, "article-names", **terms), of="thing", name="name")
    reader = Reader(iri, f"{base}id/{slug}/", {**_term_names(site), **names})
    passages, mentions = _spans(_rows(site, "article-passages", **terms), iri, reader)
    places = {one.key: one.place[0] for one in passages.values() if one.place}
    facts = following(reader.facts(_rows(site, "article-facts", **terms)), places)
    about = _About(reader, kept(site, "article-about", this=terms["this"]))
    before, after = _neighbours(site, terms["this"], about.text(f"{_DCTERMS}issued"))
    return Article(
        iri=iri,
        slug=slug,
        title=next(iter(about.values(f"{_DCTERMS}title")), Value(Name(slug))).name,
        text=text(site, slug),
        issued=about.text(f"{_DCTERMS}issued"),
        language=about.text(f"{_DCTERMS}language"),
        creators=about.values(f"{_DCTERMS}creator") or about.values(f"{_DCTERMS}publisher"),
        sources=tuple(one.name.text for one in about.values(f"{_DCTERMS}source")),
        covers=about.values(f"{_UP}covers"),
        original_title=about.text(f"{_UP}originalTitle"),
        original_document=about.text(f"{_UP}originalDocument"),
        original_sha256=about.text(f"{_UP}originalSha256"),
        text_sha256=about.text(f"{_UP}textSha256"),
        passages=passages,
        mentions=mentions,
        facts=facts,
        before=before,
        after=after,
    )


def text(site: Site, slug: str) -> str:
    """Return the text of an article, "" when the release does not have it."""
    if not _SLUG.match(slug) or slug.startswith("."):
        return ""
    try:
        # Offsets count code points of the text with its line ends as they are.
        with (site.current().texts_dir / f"{slug}.txt").open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ""


@dataclass(frozen=True, slots=True)
class _About:
    reader: Reader
    rows: Sequence[Row]

    def values(self, iri: str) -> tuple[Value, ...]:
        return tuple(self.reader.value(row) for row in self.rows if row["property"][1] == iri)

    def text(self, iri: str) -> str:
        return next((row["value"][1] for row in self.rows if row["property"][1] == iri), "")


def _spans(
    rows: Iterable[Row], article: str, reader: Reader
) -> tuple[dict[str, Passage], dict[str, Mention]]:
    passages: dict[str, Passage] = {}
    mentions: dict[str, Mention] = {}
    for row in rows:
        key, place = row["span"][1].removeprefix(f"{article}#"), _range(row, "start", "end")
        if "entity" not in row:
            exact = str(row["exact"][1]) if "exact" in row else ""
            passages.setdefault(key, Passage(key, place, exact, _range(row, "first", "last")))
        elif place:
            entity = row["entity"][1]
            sure = "certainty" not in row or row["certainty"][1].endswith("/stated")
            span = Span(key, *place)
            mentions.setdefault(key, Mention(span, entity, reader.name(entity), sure))
    return passages, mentions


def _neighbours(site: Site, this: str, day: str) -> tuple[Neighbour | None, Neighbour | None]:
    if not day:
        return None, None
    rows = kept(site, "article-before-and-after", this=this, day=_literal(day))
    found = {
        row["side"][1]: Neighbour(row["article"][1], Name(row["title"][1], row["title"][3]))
        for row in rows
    }
    return found.get("before"), found.get("after")


def _term_names(site: Site) -> dict[str, Name]:
    """Return what the ontology calls its classes, for the facts' kinds."""
    return best_names(kept(site, "class-names"), of="class", name="name")


def _rows(site: Site, name: str, **terms: str) -> list[Row]:
    """Return all rows of one of this server's own queries; kept while the release is."""
    job = replace(site.job(name, "rows", **terms), page_rows=_MOST)
    found = json.loads(site.service.read(job))
    names = found["variables"]
    return [
        {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
        for row in found["rows"]
    ]


def _range(row: Row, first: str, last: str) -> tuple[int, int] | None:
    try:
        return int(row[first][1]), int(row[last][1])
    except (KeyError, ValueError):
        return None


def _encoded(iri: str) -> str:
    """Return an IRI as it stands in a query; a dollar sign in it is no variable of ours."""
    return str(pyoxigraph.NamedNode(iri)).replace("$", "\\u0024")


def _literal(text: str) -> str:
    return str(pyoxigraph.Literal(text)).replace("$", "\\u0024")
