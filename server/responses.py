"""Responses of the Flask app: bodies from workers, pages, problems, and headers that all have."""

from __future__ import annotations

import json
from typing import Final

from flask import Response, current_app, render_template, request

from server.observing import note_outcome
from server.problems import Problem
from server.sparql.answer import Body
from server.sparql.negotiation import HTML, Media, choose

PROBLEM: Final = Media("json", "application/problem+json", ("application/json",), "json")
_SECURITY: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Location, Content-Disposition, X-Release, X-Pending-Release, Retry-After, "
        "WWW-Authenticate"
    ),
}
STANDING: Final = _SECURITY | _CORS
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": (
        "Accept, Content-Type, Authorization, If-Match, If-None-Match, Range"
    ),
    "Access-Control-Max-Age": "86400",
}


def secure(response: Response) -> Response:
    """Add the headers that every response has; all data are public, so any site may read them."""
    for name, value in STANDING.items():
        response.headers.setdefault(name, value)
    if "frame-ancestors *" in response.headers["Content-Security-Policy"]:
        del response.headers["X-Frame-Options"]  # a preview is made to be framed
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
        response.headers.update(_PREFLIGHT)
    return response


def streamed(body: Body) -> Response:
    """Return a worker's answer as a response; for HEAD the headers alone."""
    if request.method == "HEAD":
        body.close()
        return Response(iter(()), status=body.status, headers=dict(body.headers))
    pieces = [body.content] if body.stream is None else body.pieces()
    return Response(pieces, status=body.status, headers=dict(body.headers))


def page(template: str, *, status: int = 200, **values: object) -> Response:
    """Return an HTML page."""
    response = Response(render_template(template, **values), status=status)
    response.headers["Content-Type"] = HTML.content_type
    response.vary.add("Accept")
    return response


def as_json(content: object, *, status: int = 200, type: str = "application/json") -> Response:
    """Return JSON, with characters as they are."""
    return Response(_text(content), status=status, content_type=type)


def problem_json(problem: Problem) -> tuple[bytes, dict[str, str]]:
    """Return problem details (RFC 9457) and the headers that go with them."""
    own = {"Content-Type": PROBLEM.type, "Cache-Control": "no-store", "Vary": "Accept"}
    return _text(problem.body()).encode(), {**problem.headers, **own}


def refused(problem: Problem) -> Response:
    """Return a problem as a page for who prefers HTML, else as problem details (RFC 9457)."""
    try:
        media = choose((PROBLEM, HTML), request.headers.get("Accept", ""))
    except Problem:
        media = PROBLEM
    note_outcome(problem.kind)
    content, headers = problem_json(problem)
    if media.name == "html":
        response = page("problem.html", status=problem.status, problem=problem)
        del headers["Content-Type"]
    else:
        response = Response(content, status=problem.status)
    response.headers.update(headers)
    current_app.logger.debug("%s %s", problem.status, problem.detail)
    return response


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
