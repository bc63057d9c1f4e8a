"""/articles: all articles by date, title, publisher or number of facts, in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request

from server.pages.naming import Name, Row, kept, names_of
from server.pages.paging import Paging, paging
from server.problems import Problem
from server.responses import page
from server.site import Site

_SIZE: Final = 50
# By what the list can be sorted: what the query finds as ?value, and whether the first look is
# downwards.
_ORDERS: Final = {
    "date": ("?article dcterms:issued ?value", True),
    "title": ("?article dcterms:title ?written BIND(LCASE(STR(?written)) AS ?value)", False),
    "publisher": (
        "?article dcterms:creator/skos:prefLabel ?written "
        'FILTER(LANGMATCHES(LANG(?written), "en")) BIND(LCASE(STR(?written)) AS ?value)',
        False,
    ),
    "facts": (
        "SELECT ?article (COUNT(DISTINCT ?fact) AS ?value) "
        "WHERE { ?fact up:reportedIn ?article } GROUP BY ?article",
        True,
    ),
}


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the list; "" and 0 stand for what is not known."""

    iri: str
    title: str
    language: str
    day: str
    publisher: str
    publisher_name: Name
    facts: int


@dataclass(frozen=True, slots=True)
class Order:
    """What the list is sorted by, and in which direction."""

    by: str
    down: bool

    @property
    def term(self) -> str:
        """What the query orders by."""
        return "DESC(?key)" if self.down else "ASC(?key)"

    def link(self, by: str) -> str:
        """Return the address of the list sorted by something, or the other way round."""
        down = not self.down if by == self.by else _ORDERS[by][1]
        return f"/articles?sort={by}&direction={'down' if down else 'up'}"


def routes(site: Site) -> Blueprint:
    """Return the route of the list."""
    blueprint = Blueprint("articles", __name__)

    @blueprint.get("/articles")
    def listing() -> Response:
        order, pages = _order(), paging(count(site), size=_SIZE)
        articles = read(site, order, first=pages.first_row, size=_SIZE)
        return _page(articles, order, pages)

    return blueprint


def count(site: Site) -> int:
    """Return how many articles there are."""
    return int(kept(site, "article-count")[0]["articles"][1])


def latest(site: Site, *, size: int) -> list[Article]:
    """Return the newest articles."""
    return read(site, Order("date", down=True), first=0, size=size)


def read(site: Site, order: Order, *, first: int, size: int) -> list[Article]:
    """Return a part of the list."""
    terms = {"size": str(size), "first": str(first), "order": order.term}
    rows = kept(site, "articles", pattern=_ORDERS[order.by][0], **terms)
    if not rows:
        return []
    many = {row["article"][1]: int(row["facts"][1]) for row in _counted(site, rows)}
    names = names_of(site, {row["publisher"][1] for row in rows if "publisher" in row})
    return [_article(row, many, names) for row in rows]


def _page(articles: Sequence[Article], order: Order, pages: Paging) -> Response:
    return page("articles.html", articles=articles, order=order, paging=pages)


def _order() -> Order:
    by = request.args.get("sort", "date")
    if by not in _ORDERS:
        hint = f"sort takes one of: {', '.join(_ORDERS)}"
        raise Problem("bad-request", "cannot sort by that", where={"in": "sort"}, hint=hint)
    direction = request.args.get("direction", "down" if _ORDERS[by][1] else "up")
    if direction not in ("up", "down"):
        detail = "direction is up or down"
        raise Problem("bad-request", detail, where={"in": "direction"})
    return Order(by, direction == "down")


def _counted(site: Site, rows: Sequence[Row]) -> list[Row]:
    these = " ".join(f"<{row['article'][1]}>" for row in rows)
    return kept(site, "fact-counts", these=these)


def _article(row: Row, facts: dict[str, int], names: dict[str, Name]) -> Article:
    def text(column: str) -> str:
        return str(row[column][1]) if column in row else ""

    publisher = text("publisher")
    return Article(
        iri=text("article"),
        title=text("title"),
        language=text("tongue"),
        day=text("day"),
        publisher=publisher,
        publisher_name=names.get(publisher, Name(publisher)),
        facts=facts.get(text("article"), 0),
    )
