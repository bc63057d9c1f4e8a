"""/store: the writing half of the SPARQL 1.1 Graph Store HTTP Protocol (section 5)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from server.access.guard import need_graphs
from server.access.tokens import Token
from server.problems import Problem
from server.site import Site
from server.sparql.negotiation import GRAPHS
from server.writing.answers import written
from server.writing.conditions import conditions
from server.writing.permission import holder
from server.writing.work import Done, Part, Task, Work

_ACCEPT: Final = ", ".join(media.type for media in GRAPHS)
_MULTIPART: Final = "multipart/form-data"


def routes(site: Site) -> Blueprint:
    """Return the routes that write graphs."""
    blueprint = Blueprint("graph_writes", __name__)

    @blueprint.put("/store")
    def put() -> Response:
        return _replaced(site, _named(site))

    @blueprint.put("/store/<path:rest>")
    def put_directly(rest: str) -> Response:
        return _replaced(site, _direct(site, rest))

    @blueprint.post("/store")
    def post() -> Response:
        if not request.args:
            return _made(site)
        return _merged(site, _named(site))

    @blueprint.post("/store/<path:rest>")
    def post_directly(rest: str) -> Response:
        return _merged(site, _direct(site, rest))

    @blueprint.delete("/store")
    def delete() -> Response:
        return _dropped(site, _named(site))

    @blueprint.delete("/store/<path:rest>")
    def delete_directly(rest: str) -> Response:
        return _dropped(site, _direct(site, rest))

    return blueprint


def _replaced(site: Site, graph: str) -> Response:
    done = _done(site, Task.REPLACE, graph, parts=tuple(_parts(request.content_type or "")))
    return _answer(done, graph)


def _merged(site: Site, graph: str) -> Response:
    done = _done(site, Task.MERGE, graph, parts=tuple(_parts(request.content_type or "")))
    return _answer(done, graph)


def _made(site: Site) -> Response:
    """Make a graph whose name this server chooses (section 5.5)."""
    graph = _direct(site, f"graph-{secrets.token_hex(8)}")
    parts = tuple(_parts(request.content_type or ""))
    done = _done(site, Task.MERGE, graph, parts=parts)
    return written(done, status=201, location=graph)


def _dropped(site: Site, graph: str) -> Response:
    return written(_done(site, Task.DROP, graph), status=204)


def _answer(done: Done, graph: str) -> Response:
    if graph in done.created:
        return written(done, status=201, location=graph)
    return written(done, status=204)


def _done(site: Site, task: Task, graph: str, *, parts: tuple[Part, ...] = ()) -> Done:
    token = holder(site)
    base = site.current().manifest.base
    need_graphs(token, [graph or f"{base}graph/default"], base)
    wanted = conditions(
        request.headers.get("If-Match", ""), request.headers.get("If-None-Match", "")
    )
    return site.writing.do(
        Work(
            task,
            by=_name(token),
            request=f"{request.method} {graph or 'the default graph'}",
            expected=wanted.releases,
            exists=wanted.exists,
            graph=graph,
            base=graph or base,
            parts=parts,
        )
    )


def _name(token: Token) -> str:
    return f"{token.id} {token.name}"


def _named(site: Site) -> str:
    """Return the graph that the query string names; "" for the default one (section 4.2)."""
    graphs, default = request.args.getlist("graph"), "default" in request.args
    if len(graphs) + default != 1:
        detail = "a write names one graph: graph=<iri>, or default"
        raise Problem("bad-request", detail, where={"in": "graph"})
    if default:
        return ""
    return _absolute(graphs[0])


def _direct(site: Site, rest: str) -> str:
    """Return the graph whose IRI is this address below the base of the data (section 4.1)."""
    return _absolute(f"{site.current().manifest.base}store/{rest}")


def _absolute(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError as error:
        detail = f"not an absolute IRI: {iri[:200]!r}"
        raise Problem("bad-request", detail, where={"in": "graph"}) from error


def _parts(content_type: str) -> Iterator[Part]:
    """Yield the graphs that the body holds: one, or one for each file of a form (section 5.5)."""
    if request.content_length is None and "chunked" not in request.headers.get(
        "Transfer-Encoding", ""
    ):
        raise Problem("length", "the request has a body of unknown length")
    if content_type.partition(";")[0].strip().lower() == _MULTIPART:
        files = [file for _, file in request.files.items(multi=True)]
        if not files:
            raise Problem("bad-request", "the form has no file")
        for file in files:
            yield Part(_format(file.content_type or ""), file.read())
        return
    yield Part(_format(content_type), request.get_data())


def _format(content_type: str) -> str:
    """Return the name of a graph format.

    Raises:
        Problem: it is none.
    """
    given, _, rest = content_type.partition(";")
    charset = rest.lower().replace(" ", "").partition("charset=")[2].strip('"').partition(";")[0]
    if charset in ("", "utf-8", "utf8", "us-ascii"):
        for media in GRAPHS:
            if given.strip().lower() in (media.type, *media.aliases[:1]):
                return media.name
    shown = f"a body of type {content_type[:100]!r}" if given else "a body without Content-Type"
    headers = {"Accept": _ACCEPT, "Accept-Post": _ACCEPT}
    raise Problem("media-type", f"{shown} is no graph", hint=f"send {_ACCEPT}", headers=headers)
