"""/store: SPARQL 1.1 Graph Store HTTP Protocol, its reading half.

`/store?graph=<iri>` and `/store?default` name a graph indirectly (section 4.2); `/store/<rest>` and
`/graph/<rest>` are graphs themselves (4.1), with that IRI below the base. `/store` alone leads to
the whole dataset, which is a file.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from pyoxigraph import NamedNode

from server.asking import responded
from server.problems import Problem
from server.site import Site
from server.sparql.negotiation import GRAPHS, JSON_LD, N_QUADS, TRIG, choose


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
            return _default_graph(site)
        if (this := _named(graphs[0])) is None:
            raise Problem("bad-request", f"not an absolute IRI: {graphs[0][:200]!r}")
        return _graph(site, this)

    @blueprint.get("/store/<path:rest>")
    def direct(rest: str) -> Response:
        return _graph(site, _named(f"{site.current().manifest.base}store/{rest}"))

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


def _default_graph(site: Site) -> Response:
    media = choose(GRAPHS, request.headers.get("Accept", ""), format=request.args.get("format", ""))
    return _described(responded(site, site.job("default-graph", media.name), media))


def _named(iri: str) -> str | None:
    """Return the encoded IRI, which can stand in a query; None when it is no IRI."""
    try:
        return str(NamedNode(iri))
    except ValueError:
        return None


def _graph(site: Site, this: str | None) -> Response:
    media = choose(GRAPHS, request.headers.get("Accept", ""), format=request.args.get("format", ""))
    if this is None or not site.ask("graph-exists", this=this):
        hint = "the graphs there are: SELECT ?graph { GRAPH ?graph { } }"
        raise Problem("not-found", "the current release has no graph of this name", hint=hint)
    return _described(responded(site, site.job("graph", media.name, this=this), media))


def _described(response: Response) -> Response:
    response.headers["Link"] = '</.well-known/void>; rel="describedby"'
    return response
