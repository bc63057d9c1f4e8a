"""/search: entities by any of their names, as a page or as JSON.

Names are found in an index of their own, without a query worker; when none is free, only the words
for kinds and the names in the reader's language are missing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from flask import Blueprint, Response, request

from kg.prefixes import VOCABULARIES
from kg.releases.labels import Hit, search
from server.languages import gettext as _
from server.pages.naming import Name, class_names, names_of
from server.problems import Problem
from server.responses import as_json, page
from server.site import Site
from server.sparql.negotiation import HTML, PLAIN_JSON, choose

_LONGEST: Final = 200  # characters of a question
_MOST: Final = 100  # hits
_Named = TypeVar("_Named", str, Name)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found: its name for the reader, the name that matched, and its kind."""

    hit: Hit
    name: Name
    kind: str

    @property
    def matched(self) -> Name | None:
        """Return the name that matched, when it is another one."""
        return Name(self.hit.label, self.hit.language) if self.hit.label != self.name.text else None


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
        limit = _limit(request.args.get("limit", "20"))
        hits = _hits(site, text, limit + 1)
        if media.name == "html":
            return _page(site, text, hits, limit)
        kinds = _kinds(site)
        shown = [_shown(site, hit, kinds) for hit in hits[:limit]]
        response = as_json({"query": text, "hits": shown})
        response.vary.update(("Accept", "Accept-Language", "Cookie"))
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


def _page(site: Site, text: str, hits: list[Hit], limit: int) -> Response:
    kinds, names = _kinds(site), _names(site, hits)
    found = [
        Found(hit, names.get(hit.iri, Name(hit.label, hit.language)), _kind(hit.classes, kinds))
        for hit in hits[:limit]
    ]
    return page(
        "search.html",
        text=text,
        found=found,
        limit=limit,
        more=len(hits) > limit,
        most=_MOST,
        fewer=" ".join(text.split()[:1]) if len(text.split()) > 1 else text.strip()[:3],
    )


def _kinds(site: Site) -> Mapping[str, str]:
    """Return class → what people call it."""
    owl, skos = VOCABULARIES["owl"], VOCABULARIES["skos"]
    properties = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    return {
        **_unless_busy(lambda: class_names(site)),
        f"{owl}Class": _("class of the ontology"),
        **{f"{owl}{name}": _("property of the ontology") for name in properties},
        f"{skos}Concept": _("concept"),
        f"{skos}ConceptScheme": _("list of concepts"),
    }


def _names(site: Site, hits: Iterable[Hit]) -> Mapping[str, Name]:
    return _unless_busy(lambda: names_of(site, (hit.iri for hit in hits)))


def _unless_busy(read: Callable[[], dict[str, _Named]]) -> dict[str, _Named]:
    try:
        return read()
    except Problem:
        return {}


def _kind(classes: Iterable[str], kinds: Mapping[str, str]) -> str:
    """Return what people call the first class that has a name; "" when none has."""
    return next((kinds[iri] for iri in classes if iri in kinds), "")


def _shown(site: Site, hit: Hit, kinds: Mapping[str, str]) -> dict[str, object]:
    return {
        "iri": hit.iri,
        "label": hit.label,
        "language": hit.language,
        "classes": list(hit.classes),
        "kind": _kind(hit.classes, kinds),
        "page": site.addresses().path(hit.iri),
    }
