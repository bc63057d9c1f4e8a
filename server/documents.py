"""Linked data: what this server says of an IRI, as a page or as RDF.

`/id/<key>` is a thing and redirects to `/doc/<key>`, the document about it. Articles, graphs,
concepts and the ontology are documents themselves.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request

from server.addresses import Addresses
from server.asking import responded
from server.pages import article, graph
from server.pages.entity import page as entity
from server.pages.ontology import page as ontology
from server.site import Site
from server.sparql.negotiation import GRAPHS, HTML, Media, choose
from server.vanished import successor, unknown

_SUFFIXES = {media.suffix: media for media in GRAPHS}


def routes(site: Site) -> Blueprint:
    """Return the routes of linked data."""
    blueprint = Blueprint("documents", __name__)

    @blueprint.get("/id/<path:rest>")
    def thing(rest: str) -> Response:
        iri = site.addresses().iri("doc", rest)
        path = site.addresses().path(iri)
        if not path:
            raise unknown(site, "id", rest)
        if moved := successor(site, iri):
            there = site.addresses().path(moved)
            return _led(there.replace("/doc/", "/id/", 1) if there else moved, 301)
        response = _led(path, 303)
        response.headers["Link"] = f'<{path}>; rel="describedby"'
        return response

    @blueprint.get("/<any(doc, article, graph, concept):room>/<path:rest>")
    def about(room: str, rest: str) -> Response:
        return _document(site, room, rest)

    @blueprint.get("/ontology")
    @blueprint.get("/ontology.<suffix>")
    def terms(suffix: str = "") -> Response:
        if suffix and suffix not in _SUFFIXES:
            raise unknown(site, "ontology", suffix)
        return _document(site, "ontology", f".{suffix}" if suffix else "")

    return blueprint


def _document(site: Site, room: str, rest: str) -> Response:
    stem, dot, suffix = rest.rpartition(".")
    named = _SUFFIXES.get(suffix) if dot else None
    media = named or choose(
        (*GRAPHS, HTML),
        request.headers.get("Accept", ""),
        format=request.args.get("format", ""),
    )
    if named is None:
        stem, suffix = rest, ""
    addresses = site.addresses()
    iri = addresses.iri(room, stem)
    if not iri or not site.ask("graph-exists" if room == "graph" else "exists", this=f"<{iri}>"):
        if iri and (moved := successor(site, iri)):
            path = addresses.path(moved)
            return _led(f"{path}.{suffix}" if path and suffix else path or moved, 301)
        raise unknown(site, room, stem)
    if media.name == "html":
        response = _page(site, room, iri)
    else:
        response = _rdf(site, room, iri, media)
    response.headers["Link"] = _links(addresses, iri)
    if named is not None:
        response.headers["Vary"] = "Accept-Encoding"
    return response


def _led(target: str, status: int) -> Response:
    response = redirect(target, status)
    response.headers["Vary"] = "Accept"
    return response  # type: ignore[return-value]


def _rdf(site: Site, room: str, iri: str, media: Media) -> Response:
    if room == "ontology":
        work = site.job("graph", media.name, this=_ontology_graph(site))
    else:
        work = site.job("graph" if room == "graph" else "document", media.name, this=f"<{iri}>")
    return responded(site, work, media)


def _page(site: Site, room: str, iri: str) -> Response:
    if room == "graph":
        return graph.show(site, iri)
    if room == "ontology":
        return ontology.show(site)
    if room == "article":
        return article.shown(site, iri)
    if room == "concept" and ontology.is_scheme(site, iri):
        return ontology.show_scheme(site, iri)
    return entity.show(site, iri)


def _ontology_graph(site: Site) -> str:
    return f"<{site.addresses().iri('graph', 'ontology')}>"


def _links(addresses: Addresses, iri: str) -> str:
    """Return the other forms of a document (RFC 8288), and the thing that it is about."""
    path = addresses.path(iri)
    links = [f'<{path}.{media.suffix}>; rel="alternate"; type="{media.type}"' for media in GRAPHS]
    about = (f'<{iri}>; rel="describes"', '</.well-known/void>; rel="describedby"')
    return ", ".join((*links, *about))
