"""/search: entities by any of their names, as a page or as JSON."""

from __future__ import annotations

import sqlite3
from typing import Final

from flask import Blueprint, Response, request

from kg.releases.labels import Hit, search
from server.problems import Problem
from server.responses import as_json, page
from server.site import Site
from server.sparql.negotiation import HTML, PLAIN_JSON, choose

_LONGEST: Final = 200  # characters of a question
_MOST: Final = 100  # hits


def routes(site: Site) -> Blueprint:
    """Return the route of the search."""
    blueprint = Blueprint("searching", __name__)

    @blueprint.get("/search")
    def find() -> Response:
        text = request.args.get("q", "")
        media = choose(
            (PLAIN_JSON, HTML),
            request.headers.get("Accept", ""),
            format=request.args.get("format", ""),
        )
        hits = _hits(site, text, _limit(request.args.get("limit", "20")))
        if media.name == "html":
            return page("search.html", text=text, hits=hits)
        response = as_json({"query": text, "hits": [_shown(site, hit) for hit in hits]})
        response.vary.add("Accept")
        return response

    return blueprint


def _limit(written: str) -> int:
    if not (written.isascii() and written.isdigit() and 1 <= int(written[:6]) <= _MOST):
        detail = f"limit is a number from 1 to {_MOST}"
        raise Problem("bad-request", detail, where={"in": "limit"})
    return int(written)


def _hits(site: Site, text: str, limit: int) -> list[Hit]:
    """Return the best label of each entity found, heaviest first."""
    if len(text) > _LONGEST:
        detail = f"a question has at most {_LONGEST} characters"
        raise Problem("bad-request", detail, where={"in": "q"})
    try:
        found = search(site.current().search_db, text, limit * 4)
    except sqlite3.Error as error:
        raise Problem("no-release", "the label index cannot be read") from error
    by_iri: dict[str, Hit] = {}
    for hit in found:
        by_iri.setdefault(hit.iri, hit)
    return list(by_iri.values())[:limit]


def _shown(site: Site, hit: Hit) -> dict[str, object]:
    return {
        "iri": hit.iri,
        "label": hit.label,
        "language": hit.language,
        "classes": list(hit.classes),
        "page": site.addresses().path(hit.iri),
    }
