"""Linked data: what this server says of an IRI, as a page or as RDF.

`/id/<key>` is a thing and redirects to `/doc/<key>`, the document about it. Articles, graphs,
concepts and the ontology are documents themselves.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request

from server.addresses import Addresses
from server.pages import document
from server.problems import Problem
from server.responses import page, streamed
from server.site import MOST_ROWS, Site
from server.sparql.negotiation import GRAPHS, HTML, Media, choose

_SUFFIXES = {media.suffix: media for media in GRAPHS}


def routes(site: Site) -> Blueprint:
    """Return the routes of linked data."""
    blueprint = Blueprint("documents", __name__)

    @blueprint.get("/id/<path:rest>")
    def thing(rest: str) -> Response:
        path = site.addresses().path(site.addresses().iri("doc", rest))
        if path is None:
            raise _unknown("id", rest)
        response = redirect(path, 303)
        response.headers["Vary"] = "Accept"
        return response  # type: ignore[return-value]

    @blueprint.get("/<any(doc, article, graph, concept):room>/<path:rest>")
    def about(room: str, rest: str) -> Response:
        return _document(site, room, rest)

    @blueprint.get("/ontology")
    @blueprint.get("/ontology.<suffix>")
    def ontology(suffix: str = "") -> Response:
        if suffix and suffix not in _SUFFIXES:
            raise _unknown("ontology", suffix)
        return _document(site, "ontology", f".{suffix}" if suffix else "")

    return blueprint


def _document(site: Site, room: str, rest: str) -> Response:
    stem, dot, suffix = rest.rpartition(".")
    media = _SUFFIXES.get(suffix) if dot else None
    if media is None:
        stem = rest
        media = choose(
            (*GRAPHS, HTML),
            request.headers.get("Accept", ""),
            format=request.args.get("format", ""),
        )
    addresses = site.addresses()
    iri = addresses.iri(room, stem)
    if not iri or not site.ask("graph-exists" if room == "graph" else "exists", this=f"<{iri}>"):
        raise _unknown(room, stem)
    if media.name == "html":
        response = _page(site, room, iri)
    else:
        response = _rdf(site, room, iri, media)
    response.headers["Link"] = _links(addresses, iri)
    return response


def _rdf(site: Site, room: str, iri: str, media: Media) -> Response:
    if room == "ontology":
        work = site.job("graph", media.name, this=_ontology_graph(site))
    else:
        work = site.job("graph" if room == "graph" else "document", media.name, this=f"<{iri}>")
    return streamed(site.service.respond(work, media.content_type))


def _page(site: Site, room: str, iri: str) -> Response:
    this = f"<{iri}>"
    if room == "graph":
        counts = site.rows("graph-counts", this=this)[0]
        return page("graph.html", iri=iri, counts=counts)
    if room == "ontology":
        rows = site.rows("terms", this=this, graph=_ontology_graph(site))
        return page("ontology.html", iri=iri, terms=document.terms(rows))
    outgoing = site.rows("outgoing", this=this)
    incoming = site.rows("incoming", this=this)
    return page(
        "document.html",
        doc=document.describe(iri, outgoing, incoming),
        cut=len(outgoing) == MOST_ROWS,
    )


def _ontology_graph(site: Site) -> str:
    return f"<{site.addresses().iri('graph', 'ontology')}>"


def _links(addresses: Addresses, iri: str) -> str:
    """Return the other forms of a document (RFC 8288), and the thing that it is about."""
    path = addresses.path(iri)
    links = [f'<{path}.{media.suffix}>; rel="alternate"; type="{media.type}"' for media in GRAPHS]
    return ", ".join((*links, f'<{iri}>; rel="describes"'))


def _unknown(room: str, rest: str) -> Problem:
    name = rest.rpartition("/")[2].replace("-", " ")[:80]
    detail = (
        f"the current release has no {'entity' if room in ('doc', 'id') else room} of this name"
    )
    return Problem("not-found", detail, hint=f"look for it: /search?q={name.replace(' ', '+')}")
