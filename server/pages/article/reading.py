"""What the page of an article is made of, read from the release: text, spans, facts, names."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyoxigraph

from kg.prefixes import VOCABULARIES
from server.pages.article.cutting import Span
from server.pages.article.facts import Fact, Reader, Value
from server.pages.entity.said import batches
from server.pages.naming import Name, Row, best_names, kept
from server.site import Site

_DCTERMS: Final = VOCABULARIES["dcterms"]
_UP: Final = VOCABULARIES["up"]
_MOST: Final = 200_000  # rows of one answer
_AT_ONCE: Final = 300  # things in one query
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
class Told:
    """A fact by its IRI and key, and the keys of the passages that it rests on, as they follow."""

    iri: str
    key: str
    passages: tuple[str, ...]


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
    outline: Sequence[Told] = ()
    before: Neighbour | None = None
    after: Neighbour | None = None


def read(site: Site, iri: str) -> Article:
    """Return an article of the release in force.

    Raises:
        Problem: no worker is free, or it takes too long.
    """
    base = site.current().manifest.base
    slug = iri.removeprefix(f"{base}article/")
    this = _encoded(iri)
    whole = text(site, slug)
    passages = _passages(_rows(site, "article-passages", this=this), whole)
    mentions = _rows(site, "article-mentions", this=this)
    outline = _outline(_rows(site, "article-outline", this=this), passages, f"{base}id/{slug}/")
    about_rows = kept(site, "article-about", this=this)
    things = {row["entity"][1] for row in mentions}
    things |= {row["value"][1] for row in about_rows if row["value"][0] == "iri"}
    reader = Reader(_names(site, things))
    about = _About(reader, about_rows)
    before, after = _neighbours(site, this, about.text(f"{_DCTERMS}issued"))
    return Article(
        iri=iri,
        slug=slug,
        title=next(iter(about.values(f"{_DCTERMS}title")), Value(Name(slug))).name,
        text=whole,
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
        mentions=_mentions(mentions, reader),
        outline=outline,
        before=before,
        after=after,
    )


def read_facts(site: Site, article: Article, part: Sequence[Told]) -> list[Fact]:
    """Return some facts of an article, in the same order.

    Raises:
        Problem: no worker is free, or it takes too long.
    """
    graph = _encoded(f"{site.current().manifest.base}graph/article/{article.slug}")
    rows: list[Row] = []
    for batch in batches((one.iri for one in part), _AT_ONCE):
        facts = " ".join(map(_encoded, batch))
        rows += _rows(site, "article-facts", facts=facts, graph=graph)
    said: dict[str, list[Row]] = {}
    for row in rows:
        said.setdefault(row["fact"][1], []).append(row)
    named = {
        row[name][1] for row in rows for name in ("property", "value") if row[name][0] == "iri"
    }
    reader = Reader(_names(site, named | set(said)), article.iri)
    return [reader.fact(one.iri, one.key, one.passages, said.get(one.iri, ())) for one in part]


def words_of(site: Site, article: Article, keys: Iterable[str]) -> dict[str, str]:
    """Return the words of passages, for an article whose text the release does not have."""
    found: dict[str, str] = {}
    for batch in batches(sorted(set(keys)), _AT_ONCE):
        passages = " ".join(_encoded(f"{article.iri}#{key}") for key in batch)
        for row in kept(site, "article-words", passages=passages):
            found.setdefault(row["key"][1], row["exact"][1])
    return found


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


def _passages(rows: Iterable[Row], whole: str) -> dict[str, Passage]:
    passages: dict[str, Passage] = {}
    for row in rows:
        key, place = row["key"][1], _range(row, "start", "end")
        exact = whole[slice(*place)] if place else ""
        passages.setdefault(key, Passage(key, place, exact, _range(row, "first", "last")))
    return passages


def _mentions(rows: Iterable[Row], reader: Reader) -> dict[str, Mention]:
    mentions: dict[str, Mention] = {}
    for row in rows:
        if place := _range(row, "start", "end"):
            key, entity = row["key"][1], row["entity"][1]
            sure = "certainty" not in row or row["certainty"][1].endswith("/stated")
            found = Mention(Span(key, *place), entity, reader.name(entity), sure)
            mentions.setdefault(key, found)
    return mentions


def _outline(rows: Iterable[Row], passages: Mapping[str, Passage], prefix: str) -> list[Told]:
    """Return the facts in the order of the words that they rest on."""
    places = {one.key: one.place for one in passages.values() if one.place}
    beyond = (sys.maxsize, sys.maxsize)
    found: dict[str, list[str]] = {}
    for row in rows:
        evidence = found.setdefault(row["fact"][1], [])
        if "passage" in row and row["passage"][1] in passages:
            evidence.append(row["passage"][1])

    def place(key: str) -> tuple[int, int]:
        return places.get(key, beyond)

    told = [
        Told(iri, iri.removeprefix(prefix), tuple(sorted(keys, key=place)))
        for iri, keys in found.items()
    ]
    return sorted(told, key=lambda one: place(one.passages[0]) if one.passages else beyond)


def _neighbours(site: Site, this: str, day: str) -> tuple[Neighbour | None, Neighbour | None]:
    if not day:
        return None, None
    rows = kept(site, "article-before-and-after", this=this, day=_literal(day))
    found = {
        row["side"][1]: Neighbour(row["article"][1], Name(row["title"][1], row["title"][3]))
        for row in rows
    }
    return found.get("before"), found.get("after")


def _names(site: Site, iris: Iterable[str]) -> dict[str, Name]:
    found: dict[str, Name] = {}
    for batch in batches(sorted(set(iris)), _AT_ONCE):
        rows = _rows(site, "names", these=" ".join(map(_encoded, batch)))
        found.update(best_names(rows, of="thing", name="name"))
    return found


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
