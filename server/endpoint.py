"""/sparql: the SPARQL 1.1 Protocol for programs, a form and a table for people."""

from __future__ import annotations

import hashlib
import json

from flask import Blueprint, Response, request

from kg.releases.manifest import UNION
from server.asking import answered, asked
from server.observing import note_outcome, note_query
from server.pages import query
from server.problems import Problem
from server.responses import refused
from server.site import Site
from server.sparql.description import Described, describe
from server.sparql.negotiation import GRAPHS, HTML, Media, choose
from server.sparql.plan import Plan
from server.sparql.request import read, read_update
from server.writing.permission import holder
from server.writing.updates import updated


def routes(site: Site) -> Blueprint:
    """Return the route of the endpoint."""
    blueprint = Blueprint("endpoint", __name__)

    @blueprint.route("/sparql", methods=["GET", "POST"])
    def sparql() -> Response:
        accept = request.headers.get("Accept", "")
        sent = (
            request.method, request.query_string, request.content_type or "", request.get_data()
        )  # fmt: skip
        if (update := read_update(*sent)) is not None:
            return updated(site, update, holder(site))
        only_language = request.method in ("GET", "HEAD") and set(request.args) == {"lang"}
        wanted = None if only_language else read(*sent)
        if wanted is None:
            return _endpoint_itself(site, accept)
        note_query(wanted.query)
        if not wanted.query.strip() and _likes_pages(accept):
            return query.form(site, "")
        try:
            plan = site.plan(wanted, accept=accept, pages=True)
            return _answered(site, plan)
        except Problem as problem:
            if _likes_pages(accept) and not wanted.format.replace("html", ""):
                note_outcome(problem.kind)
                return query.form(site, wanted.query, problem)
            return refused(problem)

    return blueprint


def _likes_pages(accept: str) -> bool:
    try:
        return choose((*GRAPHS, HTML), accept).name == "html"
    except Problem:
        return False


def _answered(site: Site, plan: Plan) -> Response:
    if plan.media.name != "html":
        return answered(site, plan)
    body = site.service.answer(plan, client=asked(site)["client"], seconds=plan.seconds)
    return query.table(site, plan, json.loads(b"".join(body.pieces())))


def _endpoint_itself(site: Site, accept: str) -> Response:
    """A bare GET: the form for people, the service description for programs."""
    media = choose((*GRAPHS, HTML), accept)
    if media.name == "html":
        return query.form(site, "")
    return _description(site, media)


def _description(site: Site, media: Media) -> Response:
    release = site.current()
    manifest = release.manifest
    is_union = manifest.default_graph == UNION
    graphs = [row["graph"][1] for row in site.rows("graphs")]
    described = Described(
        endpoints=site.endpoints(request.base_url),
        base=manifest.base,
        is_union=is_union,
        triples=manifest.triples if is_union else manifest.graphs.get("default", 0),
        graphs=sorted(graphs),
        void=release.description,
    )
    body = describe(described, media.name, site.prefixes())
    response = Response(body, content_type=media.content_type, headers={"Vary": "Accept"})
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["X-Release"] = release.id
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.make_conditional(request)
    return response
