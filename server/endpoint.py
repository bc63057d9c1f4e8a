"""/sparql: the SPARQL 1.1 Protocol for programs, a form and a table for people."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from server.pages.examples import EXAMPLES
from server.problems import Problem
from server.responses import page, refused, streamed
from server.site import Site
from server.sparql import description
from server.sparql.negotiation import GRAPHS, HTML, choose
from server.sparql.plan import Plan
from server.sparql.request import QueryRequest, read


def routes(site: Site) -> Blueprint:
    """Return the route of the endpoint."""
    blueprint = Blueprint("endpoint", __name__)

    @blueprint.route("/sparql", methods=["GET", "POST"])
    def sparql() -> Response:
        accept = request.headers.get("Accept", "")
        asked = read(
            request.method, request.query_string, request.content_type or "", request.get_data()
        )
        if asked is None:
            return _endpoint_itself(site, accept)
        if not asked.query.strip() and _likes_pages(accept):
            return _form(site, "")
        try:
            plan = site.plan(asked, accept=accept, pages=True)
            return _answered(site, plan)
        except Problem as problem:
            if _likes_pages(accept) and not asked.format.replace("html", ""):
                return _form(site, asked.query, problem)
            return refused(problem)

    return blueprint


def _likes_pages(accept: str) -> bool:
    try:
        return choose((*GRAPHS, HTML), accept).name == "html"
    except Problem:
        return False


def _answered(site: Site, plan: Plan) -> Response:
    unless = request.headers.get("If-None-Match", "")
    who = site.client(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""))
    if plan.media.name == "html":
        body = site.service.answer(plan, client=who, seconds=plan.seconds)
        return _table(site, plan.request, json.loads(b"".join(body.pieces())))
    return streamed(site.service.answer(plan, client=who, seconds=plan.seconds, unless=unless))


def _table(site: Site, asked: QueryRequest, result: object) -> Response:
    """Return the form with a result below it, and links to the same result in other formats."""
    parameters = [("query", asked.query)]
    parameters += [("default-graph-uri", iri) for iri in asked.default_graphs]
    parameters += [("named-graph-uri", iri) for iri in asked.named_graphs]
    is_graph = isinstance(result, dict) and result.get("variables") == [
        "subject",
        "predicate",
        "object",
    ]
    return page(
        "query.html",
        query=asked.query,
        result=result,
        examples=EXAMPLES,
        link="/sparql?" + urlencode(parameters),
        formats=("json", "csv", "tsv", "xml") if not is_graph else ("ttl", "nt", "jsonld", "rdf"),
    )


def _form(site: Site, query: str, problem: Problem | None = None) -> Response:
    status = problem.status if problem else 200
    response = page("query.html", status=status, query=query, problem=problem, examples=EXAMPLES)
    response.headers.update(problem.headers if problem else {})
    return response


def _endpoint_itself(site: Site, accept: str) -> Response:
    """A bare GET: the form for people, the service description for programs."""
    media = choose((*GRAPHS, HTML), accept)
    if media.name == "html":
        return _form(site, "")
    manifest = site.current().manifest
    body = description.describe(request.base_url, manifest, media.name, site.prefixes())
    return Response(body, content_type=media.content_type, headers={"Vary": "Accept"})
