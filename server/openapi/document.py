"""/openapi.json: the OpenAPI 3.1 document that the table of operations makes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Blueprint, Response

from server.openapi.operation import BEARER, camel
from server.openapi.operations import OPERATIONS
from server.openapi.schemas import TEXT, problem
from server.problems import KINDS
from server.responses import as_json


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = operation.described()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "UniPact",
            "version": _version(),
            "summary": "A knowledge graph of university cooperation.",
            "description": (
                "Every route that takes GET takes HEAD and OPTIONS, too. Every error is a problem "
                "(RFC 9457), as JSON or, for who prefers it, as a page."
            ),
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {"Problem": problem()},
            "responses": _responses(KINDS),
            "securitySchemes": {BEARER: {"type": "http", "scheme": "bearer"}},
        },
    }


def routes() -> Blueprint:
    """Return the route of the document."""
    blueprint = Blueprint("openapi", __name__)

    @blueprint.get("/openapi.json")
    def shown() -> Response:
        return as_json(document())

    return blueprint


def _responses(kinds: Iterable[str]) -> dict[str, Any]:
    """Return one response for each kind; kinds of one status share what is said."""
    content = {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        "application/json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        "text/html": {"schema": TEXT},
    }
    said: dict[int, list[str]] = {}
    for kind in kinds:
        said.setdefault(KINDS[kind].status, []).append(f"`{kind}`: {KINDS[kind].meaning}")
    return {
        camel(kind): {"description": " ".join(said[KINDS[kind].status]), "content": content}
        for kind in kinds
    }


def _version() -> str:
    try:
        return version("unipact")
    except PackageNotFoundError:
        return "0"
