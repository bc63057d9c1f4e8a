"""/store: SPARQL 1.1 Graph Store HTTP Protocol, its reading half.

`/store?graph=<iri>` and `/store?default` name a graph indirectly (section 4.2); `/store/<rest>` and
`/graph/<rest>` are graphs themselves (4.1), with that IRI below the base. `/store` alone leads to
the whole dataset, which is a file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, redirect, request
from pyoxigraph import NamedNode

from server.asking import responded
from server.problems import Problem
from server.site import Site
from server.sparql.frames import Job
from server.sparql.negotiation import GRAPHS, JSON_LD, N_QUADS, TRIG, Media, choose

DESCRIBED: Final = '</.well-known/void>; rel="describedby"'
"""The header `Link` of every graph."""


def routes(site: Site) -> Blueprint:
    """Return the routes of the graph store."""
    blueprint = Blueprint("graphs", __name__)

    @blueprint.get("/store")
    def indirect() -> Response:
        graphs, default = request.args.getlist("graph"), "default" in request.args
        if not graphs and not default:
            return _dataset()
        if len(graphs) + default != 1:
            detail = "one graph can be asked for: graph=<iri>, or default"
            raise Problem("bad-request", detail, where={"in": "graph"})
        if default:
            return _graph(site, None)
        return _graph(site, graphs[0])

    @blueprint.get("/store/<path:rest>")
    def direct(rest: str) -> Response:
        iri = f"{site.current().manifest.base}store/{rest}"
        if _named(iri) is None:
            raise _missing()
        return _graph(site, iri)

    return blueprint


def _dataset() -> Response:
    """Lead to the dump of the dataset, in a format that has named graphs."""
    formats = (TRIG, N_QUADS, JSON_LD)
    media = choose(
        formats, request.headers.get("Accept", ""), format=request.args.get("format", "")
    )
    response = redirect(f"/download/latest/unipact.{media.suffix}", 303)
    response.headers["Vary"] = "Accept"
    return response  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A graph that is asked for.

    Attributes:
        job: what gives it.
        media: the format of the answer.
        exists: what tells whether it is there; None for one that always is.
    """

    job: Job
    media: Media
    exists: Job | None = None


def wanted(site: Site, graph: str | None, accept: str, format: str) -> Wanted:
    """Return what gives a graph, None for the default one.

    Raises:
        Problem: there is no such format, or no IRI is like that.
    """
    this = None if graph is None else _named(graph)
    if graph is not None and this is None:
        raise Problem("bad-request", f"not an absolute IRI: {graph[:200]!r}")
    media = choose(GRAPHS, accept, format=format)
    if this is None:
        return Wanted(site.job("default-graph", media.name), media)
    exists = site.job("graph-exists", "rows", this=this)
    return Wanted(site.job("graph", media.name, this=this), media, exists)


def _named(iri: str) -> str | None:
    """Return the encoded IRI, which can stand in a query; None when it is no IRI."""
    try:
        return str(NamedNode(iri))
    except ValueError:
        return None


def _graph(site: Site, graph: str | None) -> Response:
    accept, format = request.headers.get("Accept", ""), request.args.get("format", "")
    found = wanted(site, graph, accept, format)
    if found.exists is not None and not json.loads(site.service.read(found.exists))["boolean"]:
        raise _missing()
    response = responded(site, found.job, found.media)
    response.headers["Link"] = DESCRIBED
    return response


def _missing() -> Problem:
    hint = "the graphs there are: SELECT ?graph { GRAPH ?graph { } }"
    return Problem("not-found", "the current release has no graph of this name", hint=hint)
