"""/releases/<id>/diff: what a release changed, as a page, as RDF Patch, and as counts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, request

from kg.changes import MEDIA_TYPE, Patch, write_patch
from kg.prefixes import VOCABULARIES
from kg.releases import Release
from kg.releases.stores import decode
from server.languages import best, language
from server.pages.comparing import Comparison, Comparisons, Line
from server.pages.naming import Name, class_names, names_of
from server.pages.paging import paging
from server.pages.releases import before, chosen
from server.problems import Problem
from server.responses import as_json, page
from server.site import Site
from server.sparql.negotiation import HTML, PLAIN_JSON, Media, choose

PATCH: Final = Media("patch", MEDIA_TYPE, ("application/rdf-patch",), "rdfp")
_SIZE: Final = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A term to be shown: an IRI with its name, or a literal with its language."""

    iri: str
    name: Name


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement as the page shows it."""

    added: bool
    subject: Part
    predicate: Part
    object: Part
    graph: str


def routes(site: Site) -> Blueprint:
    """Return the routes of the comparison."""
    blueprint = Blueprint("differences", __name__)
    comparisons = Comparisons()

    @blueprint.get("/releases/<name>/diff")
    def difference(name: str) -> Response:
        accept, format = request.headers.get("Accept", ""), request.args.get("format", "")
        return answer(name, choose((PATCH, PLAIN_JSON, HTML), accept, format=format))

    @blueprint.get("/releases/<name>/diff.rdfp")
    def patch(name: str) -> Response:
        return answer(name, PATCH)

    def answer(name: str, media: Media) -> Response:
        new = chosen(site, name)
        old = _other(site, new)
        found = comparisons.of(site.releases, old, new)
        if media.name == "html":
            return _page(site, found, new)
        response = _patch(found, media) if media.name == "patch" else as_json(_counts(found))
        response.headers["X-Release"] = new.id
        response.headers["Cache-Control"] = "public, no-cache"
        response.vary.add("Accept")
        return response

    return blueprint


def _other(site: Site, new: Release) -> Release:
    """Return the release to compare with: `with`, or else the one before."""
    asked = request.args.get("with", "")
    if asked:
        return chosen(site, asked)
    previous = before(site, new)
    if not previous:
        hint = f"name another one: /releases/{new.id}/diff?with=…"
        raise Problem("not-found", "there is no release before this one", hint=hint)
    return chosen(site, previous)


def _patch(found: Comparison, media: Media) -> Response:
    out = io.StringIO()
    write_patch(Patch(found.delta, {"parent": found.old, "release": found.new}), out)
    response = Response(out.getvalue(), content_type=media.content_type)
    name = f"unipact-{found.old}-{found.new}.rdfp"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _counts(found: Comparison) -> dict[str, Any]:
    return {
        "from": found.old,
        "to": found.new,
        "added": len(found.delta.added),
        "removed": len(found.delta.removed),
        "graphs": {kind: asdict(sums) for kind, sums in found.graphs.items()},
        "things": {kind: asdict(sums) for kind, sums in found.kinds.items()},
    }


def _page(site: Site, found: Comparison, new: Release) -> Response:
    graph, side = request.args.get("graph", ""), request.args.get("side", "")
    lines = [
        line
        for line in found.lines
        if graph in ("", line.graph) and (not side or line.added == (side == "added"))
    ]
    pages = paging(len(lines), size=_SIZE)
    return page(
        "difference.html",
        found=found,
        new=new,
        shown=_shown(site, found, lines[pages.first_row : pages.end_row]),
        kinds=class_names(site),
        paging=pages,
        graph=graph,
        side=side,
    )


def _shown(site: Site, found: Comparison, lines: Sequence[Line]) -> list[Shown]:
    terms = {term for line in lines for term in (line.subject, line.predicate, line.object)}
    iris = {term[1:-1] for term in terms if term.startswith("<")}
    names = names_of(site, iris)
    for iri in iris & found.names.keys() - names.keys():
        names[iri] = Name(best(found.names[iri], language()))
    addresses = site.addresses()

    def part(term: str) -> Part:
        decoded = decode(term) if not term.startswith("_:") else ox.Literal(term)
        if isinstance(decoded, ox.Literal):
            return Part("", Name(decoded.value, decoded.language or ""))
        short = Name(addresses.short(decoded.value))
        return Part(decoded.value, names.get(decoded.value) or _known(decoded.value) or short)

    return [
        Shown(line.added, part(line.subject), part(line.predicate), part(line.object), line.graph)
        for line in lines
    ]


def _known(iri: str) -> Name | None:
    return Name("a") if iri == VOCABULARIES["rdf"] + "type" else None
