"""The Flask app: all routes over one folder of releases, under any WSGI server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from kg.settings import Settings
from server import compressing, documents, downloads, endpoint, graphs, languages, openapi
from server.accesslog import AccessLog
from server.addresses import words
from server.assets import Assets
from server.assets import routes as serve_assets
from server.languages import LANGUAGES
from server.limits import Limits
from server.metrics import Metrics
from server.observing import attach
from server.pages import (
    apidocs,
    articles,
    completions,
    crawling,
    differences,
    exploring,
    health,
    home,
    meanings,
    searching,
)
from server.pages import releases as release_pages
from server.pages.ontology import page as ontology
from server.problems import KINDS, Problem
from server.reconciling import routes as reconciling
from server.responses import refused, secure
from server.site import Site
from server.writing import activation, permission
from server.writing import graphs as graph_writes
from server.writing.answers import refusal
from server.writing.writer import Refused


def create_app(releases: Path, settings: Settings, *, limits: Limits | None = None) -> Flask:
    """Return the app for a folder of releases; its query workers start at once.

    `app.extensions["unipact"]` is its `Site`; close that's pool when the app is done with.
    """
    limits = limits or Limits.of(settings)
    site = Site.open(releases.absolute(), limits)  # Flask takes relative paths from its own folder
    app = Flask("server", root_path=str(Path(__file__).parent))
    app.extensions["unipact"] = site
    app.config["MAX_CONTENT_LENGTH"] = limits.request_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = limits.request_bytes
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    permission.attach(app, site)
    for module in (
        home, articles, searching, health, meanings, endpoint, completions, graphs, graph_writes,
        downloads, documents, release_pages, differences, activation, apidocs, crawling, ontology,
        reconciling, exploring,
    ):  # fmt: skip
        app.register_blueprint(module.routes(site))
    app.after_request(secure)
    app.register_blueprint(openapi.routes())
    attach(app, Metrics(), AccessLog.of(settings))
    languages.attach(app)
    compressing.attach(app)
    _handle_errors(app)
    _prepare_templates(app, site)
    return app


def _handle_errors(app: Flask) -> None:
    app.register_error_handler(Problem, refused)
    app.register_error_handler(Refused, refusal)
    app.register_error_handler(HTTPException, lambda error: refused(_of_http(error)))

    def unexpected(error: Exception) -> Response:
        app.logger.error("%s %s", request.method, request.path, exc_info=error)
        return refused(Problem("internal", "the server met a fault of its own"))

    app.register_error_handler(Exception, unexpected)


def _of_http(error: HTTPException) -> Problem:
    """Turn an error of the framework into a problem; its text never quotes the request."""
    match error.code:
        case 404:
            hint = "start at / or look for a name: /search?q=…"
            return Problem("not-found", "there is no page at this address", hint=hint)
        case 405:
            allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
            detail = f"{request.method} is not possible here"
            return Problem("method", detail, hint=f"use {allowed}", headers={"Allow": allowed})
        case 413:
            return Problem(
                "too-large", "the body is too large", hint=Limits.raising("request_bytes")
            )
        case 416:
            length = getattr(error, "length", None)
            headers = {"Content-Range": f"bytes */{length}"} if length is not None else {}
            return Problem("range", "the file has no such bytes", headers=headers)
        case code:
            by_status = {kind.status: name for name, kind in reversed(list(KINDS.items()))}
            name = by_status.get(code or 500, "bad-request" if (code or 500) < 500 else "internal")
            return Problem(name, HTTP_STATUS_CODES.get(code or 500, "the request failed"))


def _styles() -> Callable[[str], str]:
    """Return the address of a style sheet by its name; it changes with the content."""
    folder = Path(__file__).parent / "static"
    versions = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:12]
        for file in folder.glob("*.css")
    }
    return lambda name: f"/static/{name}?{versions[name]}"


def _prepare_templates(app: Flask, site: Site) -> None:
    assets = Assets.read()
    app.register_blueprint(serve_assets(assets))
    fixed = {"assets": assets, "languages": LANGUAGES, "style": _styles()}

    def values() -> dict[str, Any]:
        always = {**fixed, "language": languages.language()}
        try:
            return {**always, "release": site.current(), "addresses": site.addresses()}
        except Problem:
            return {**always, "release": None}

    app.context_processor(values)
    app.add_template_filter(words, "words")
