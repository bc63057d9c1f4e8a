"""The page of an article: the words of its text, marked, and its facts by passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote

from flask import Response

from kg.prefixes import VOCABULARIES
from server.addresses import Addresses
from server.pages.article.cutting import Piece, Span, cut
from server.pages.article.facts import Fact
from server.pages.article.reading import Article, Mention, Passage, read, read_facts, words_of
from server.pages.entity.dates import iso
from server.pages.paging import Paging, paging
from server.responses import page
from server.site import Site

_UP: Final = VOCABULARIES["up"]
_SIZE: Final = 300  # facts of a page; the text is whole on each
_OWN_IDS: Final = frozenset(("content", "text", "text-title", "facts", "facts-title"))


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the text, as the page marks them.

    Attributes:
        facts: the keys of the facts that rest on them, with spaces between.
        passages: the keys of their passages, likewise.
        marked: whether any passage covers them, be its facts on this page or on another.
        anchors: the ids of places that begin here.
        path: where this server shows what is mentioned.
        refs: numbers of the passages that end here, each with the address of a fact to go to.
    """

    text: str
    facts: str = ""
    passages: str = ""
    marked: bool = False
    anchors: tuple[str, ...] = ()
    mention: Mention | None = None
    path: str = ""
    refs: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The facts that rest on one passage in the first place; without one, on no known words."""

    passage: Passage | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Marking:
    """Which facts of a page rest on which passages, and the numbers of all passages.

    Attributes:
        here: the keys of the facts on this page, by passage.
        first: the address of the first fact of each passage, on whichever page it is.
    """

    article: Article
    addresses: Addresses
    here: Mapping[str, Sequence[str]]
    first: Mapping[str, str]
    numbers: Mapping[str, int]

    @classmethod
    def of(cls, article: Article, pages: Paging, *, addresses: Addresses) -> Marking:
        """Arrange the facts that a page shows."""
        here: defaultdict[str, list[str]] = defaultdict(list)
        first: dict[str, str] = {}
        for number, told in enumerate(article.outline):
            shown = pages.first_row <= number < pages.end_row
            there = "" if shown else pages.link(number // pages.size + 1)
            for key in told.passages:
                if shown:
                    here[key].append(told.key)
                first.setdefault(key, f"{there}#fact-{quote(told.key)}")
        known = sorted(
            (article.passages[key] for key in first),
            key=lambda passage: (passage.place is None, passage.place or (0, 0), passage.key),
        )
        numbers = {passage.key: number for number, passage in enumerate(known, 1)}
        return cls(article, addresses, here, first, numbers)

    def paragraphs(self) -> list[list[Words]]:
        """Return the paragraphs of the text."""
        passages = [
            Span(one.key, *one.place) for one in self.article.passages.values() if one.place
        ]
        mentions = [one.span for one in self.article.mentions.values()]
        cuts = cut(self.article.text, passages, mentions)
        return [[self._words(piece) for piece in one.pieces] for one in cuts if one.pieces]

    def _words(self, piece: Piece) -> Words:
        facts = dict.fromkeys(fact for key in piece.passages for fact in self.here.get(key, ()))
        mention = self.article.mentions.get(piece.mention)
        keys = (key for key in (*piece.begins, *piece.names) if key not in _OWN_IDS)
        own = (key for key in keys if not key.startswith(("fact-", "passage-")))
        return Words(
            text=piece.text,
            facts=" ".join(facts),
            passages=" ".join(piece.passages) if facts else "",
            marked=bool(piece.passages),
            anchors=(*(f"passage-{key}" for key in piece.begins), *own),
            mention=mention,
            path=(self.addresses.path(mention.entity) or "") if mention else "",
            refs=tuple(
                (self.numbers[key], self.first[key]) for key in piece.ends if key in self.numbers
            ),
        )

    def groups(self, facts: Iterable[Fact]) -> list[Group]:
        """Return the facts by the passage that they rest on first."""
        passages = self.article.passages
        return [
            Group(passages.get(key), tuple(these))
            for key, these in groupby(facts, lambda fact: next(iter(fact.passages), ""))
        ]


def shown(site: Site, iri: str) -> Response:
    """Return the page of an article.

    Raises:
        Problem: there is no such page of facts, or the release cannot be read.
    """
    article = read(site, iri)
    pages = paging(len(article.outline), size=_SIZE)
    marking = Marking.of(article, pages, addresses=site.addresses())
    facts = read_facts(site, article, article.outline[pages.first_row : pages.end_row])
    words = {} if article.text else words_of(site, article, marking.here)
    return page(
        "article.html",
        article=article,
        issued=iso(article.issued),
        paragraphs=marking.paragraphs(),
        headline=article.text.lstrip().split("\n", 1)[0].strip() == article.title.text,
        groups=marking.groups(facts),
        numbers=marking.numbers,
        words=words,
        paging=pages,
        facts_query=_facts_query,
        structured=_structured(article, site.current().manifest.licence),
    )


def _facts_query(article: str) -> str:
    """Return the query for all facts of an article and their words."""
    return (
        f"PREFIX up: <{_UP}>\n\nSELECT ?fact ?kind ?words WHERE {{\n"
        f"  ?fact up:reportedIn <{article}> ; a ?kind ; up:words ?words .\n"
        "  FILTER(STRSTARTS(STR(?kind), STR(up:)))\n}\nORDER BY ?fact ?kind"
    )


def _structured(article: Article, licence: str) -> dict[str, Any]:
    """Return what search engines are told (schema.org)."""
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": article.iri,
        "headline": article.title.text,
        "datePublished": article.issued,
        "inLanguage": article.language,
        "license": licence,
        "author": [{"@id": one.iri, "name": one.name.text} for one in article.creators],
        "isBasedOn": article.original_title and {
            "@type": "NewsArticle", "headline": article.original_title
        },
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}
