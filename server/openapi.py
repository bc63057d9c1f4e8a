"""/openapi.json: every route in one table, and the OpenAPI 3.1 document that it makes.

A rule is written as Flask has it, so that a test can compare this table with the app's own. A row
of a GET stands for HEAD, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from flask import Blueprint, Response

from server.problems import KINDS
from server.responses import as_json
from server.sparql.negotiation import GRAPHS, HTML, PLAIN_JSON, RESULTS, Media

Schema = Mapping[str, Any]
TEXT: Final[Schema] = {"type": "string"}
_CONVERTER: Final = re.compile(r"<(?:[^:<>]+:)?([a-z]+)>")
_RESULTS_SCHEMA: Final[Schema] = {
    "type": "object",
    "required": ["head"],
    "properties": {
        "head": {"type": "object"},
        "boolean": {"type": "boolean"},
        "results": {
            "type": "object",
            "required": ["bindings"],
            "properties": {"bindings": {"type": "array", "items": {"type": "object"}}},
        },
    },
}
_SEARCH_SCHEMA: Final[Schema] = {
    "type": "object",
    "required": ["query", "hits"],
    "properties": {
        "query": TEXT,
        "hits": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["iri", "label", "language", "classes", "page"],
                "properties": {
                    "iri": TEXT,
                    "label": TEXT,
                    "language": TEXT,
                    "classes": {"type": "array", "items": TEXT},
                    "page": {"type": ["string", "null"]},
                },
            },
        },
    },
}
_FILES_SCHEMA: Final[Schema] = {
    "type": "object",
    "required": ["release", "files"],
    "properties": {
        "release": TEXT,
        "files": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["size", "sha256", "media_type"],
                "properties": {
                    "size": {"type": "integer", "minimum": 0},
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "media_type": TEXT,
                    "holds": TEXT,
                },
            },
        },
    },
}
_HEALTH_SCHEMA: Final[Schema] = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"enum": ["ok", "failing"]},
        "release": {"type": ["string", "null"]},
        "why": {"type": "array", "items": TEXT},
        "warnings": {"type": "array", "items": TEXT},
        "checks": {
            "type": "object",
            "additionalProperties": {"enum": ["ok", "warning", "failing"]},
        },
        "queries": {"type": "object"},
    },
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query string, or of the path."""

    name: str
    meaning: str
    schema: Schema
    place: str = "query"
    required: bool = False

    def described(self) -> dict[str, Any]:
        """Return its Parameter Object."""
        members: dict[str, Any] = {
            "name": self.name,
            "in": self.place,
            "description": self.meaning,
            "schema": self.schema,
        }
        return members | ({"required": True} if self.required or self.place == "path" else {})


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method of one route does.

    Attributes:
        rule: the rule as Flask has it.
        summary: what one gets.
        media: media type → schema of what is answered with 200.
        parameters: of the query string and the path.
        others: further statuses that are no problems → what they mean.
        problems: kinds of problems beyond those that every route has.
        method: `get` or `post`.
        bodies: media type → schema of the body that is sent.
    """

    rule: str
    summary: str
    media: Mapping[str, Schema]
    parameters: tuple[Parameter, ...] = ()
    others: Mapping[int, str] | None = None
    problems: tuple[str, ...] = ()
    method: str = "get"
    bodies: Mapping[str, Schema] | None = None

    @property
    def path(self) -> str:
        """The path template: `/doc/<path:rest>` is `/doc/{rest}`."""
        return _CONVERTER.sub(r"{\1}", self.rule)

    def described(self) -> dict[str, Any]:
        """Return its Operation Object."""
        responses: dict[str, Any] = {}
        if self.media:
            content = {media: {"schema": schema} for media, schema in self.media.items()}
            responses["200"] = {"description": self.summary, "content": content}
        for status, meaning in (self.others or {}).items():
            responses[str(status)] = {"description": meaning}
        for kind in (*_ALWAYS, *self.problems):
            responses[str(KINDS[kind].status)] = {"$ref": f"#/components/responses/{_name(kind)}"}
        members: dict[str, Any] = {
            "operationId": f"{self.method}{_name(re.sub('[^a-z]+', '-', self.rule))}",
            "summary": self.summary,
            "parameters": [parameter.described() for parameter in self.parameters],
            "responses": dict(sorted(responses.items())),
        }
        if self.bodies:
            content = {media: {"schema": schema} for media, schema in self.bodies.items()}
            members["requestBody"] = {"required": True, "content": content}
        return members


def _types(*media: Media, **schemas: Schema) -> dict[str, Schema]:
    """Return media type → schema, aliases too; `schemas` are by the name of the media."""
    return {
        media_type: schemas.get(one.name, TEXT if media_type.startswith("text/") else {})
        for one in media
        for media_type in (one.type, *one.aliases)
    }


_ALWAYS: Final = ("internal", "no-release")
_QUERY_PROBLEMS: Final = (
    "syntax", "fetch", "not-acceptable", "result-too-large", "engine-stopped", "busy", "timeout",
    "too-many", "slow-request",
)  # fmt: skip
_IRIS: Final[Schema] = {"type": "array", "items": {"type": "string", "format": "uri"}}
_QUERY: Final = Parameter(
    "query", "A SPARQL 1.1 query; exactly one. Without any, the service describes itself.", TEXT
)
_FORMAT: Final = Parameter(
    "format", "A format by its name, suffix or media type; it wins over Accept.", TEXT
)
_DATASET: Final = (
    Parameter("default-graph-uri", "A graph of the default graph; replaces FROM.", _IRIS),
    Parameter("named-graph-uri", "A graph that GRAPH can name; replaces FROM NAMED.", _IRIS),
    _FORMAT,
    Parameter(
        "timeout",
        "Seconds that the query may run, if less than the server allows.",
        {"type": "number", "exclusiveMinimum": 0},
    ),
)
_REST: Final = Parameter(
    "rest", "The rest of the IRI's path; it may hold slashes.", {"type": "string", "minLength": 1},
    place="path",
)  # fmt: skip
_NAME: Final = Parameter("name", "The id of a release, or `latest`.", TEXT, place="path")
_FILE: Final = Parameter("file", "The name of a file, as the listing has it.", TEXT, place="path")
_FORM: Final[Schema] = {
    "type": "object",
    "required": ["query"],
    "properties": {"query": TEXT, **{p.name: p.schema for p in _DATASET}},
}
_ANSWERS: Final = _types(*RESULTS, *GRAPHS, HTML) | {
    "application/sparql-results+json": _RESULTS_SCHEMA
}
_DOCUMENT: Final = _types(*GRAPHS, HTML)
_PAGE: Final = _types(HTML)
_HEALTH: Final = _types(PLAIN_JSON, HTML, json=_HEALTH_SCHEMA)

OPERATIONS: Final = (
    Operation("/", "The home page.", _PAGE),
    Operation(
        "/sparql",
        "The answer of a query (SPARQL 1.1 Protocol), or the description of the service.",
        _ANSWERS,
        parameters=(_QUERY, *_DATASET),
        others={304: "The client has this answer already."},
        problems=_QUERY_PROBLEMS,
    ),
    Operation(
        "/sparql",
        "The answer of a query that is sent as a form or as a body of its own.",
        _ANSWERS,
        parameters=_DATASET,
        others={304: "The client has this answer already."},
        problems=(*_QUERY_PROBLEMS, "too-large", "media-type"),
        method="post",
        bodies={"application/x-www-form-urlencoded": _FORM, "application/sparql-query": TEXT},
    ),
    Operation(
        "/store",
        "A graph of the release in force (SPARQL 1.1 Graph Store Protocol); without a name, where "
        "the whole dataset is.",
        _types(*GRAPHS),
        parameters=(
            Parameter("graph", "The IRI of a graph.", {"type": "string", "format": "uri"}),
            Parameter("default", "Asks for the default graph; needs no value.", TEXT),
            _FORMAT,
        ),
        others={303: "The dump of the dataset.", 304: "The client has this graph already."},
        problems=("not-found", "not-acceptable", "bad-request", "busy", "timeout"),
    ),
    Operation(
        "/store/<path:rest>",
        "The graph whose IRI is this address below the base of the data.",
        _types(*GRAPHS),
        parameters=(_REST, _FORMAT),
        others={304: "The client has this graph already."},
        problems=("bad-request", "not-found", "not-acceptable", "busy", "timeout"),
    ),
    Operation(
        "/search",
        "Entities by any of their names, in any script.",
        _types(PLAIN_JSON, HTML, json=_SEARCH_SCHEMA),
        parameters=(
            Parameter("q", "The name, or its beginning.", {"type": "string", "maxLength": 200}),
            Parameter(
                "limit",
                "The most hits; 20 when not given.",
                {"type": "integer", "minimum": 1, "maximum": 100},
            ),
            _FORMAT,
        ),
        problems=("bad-request", "not-acceptable"),
    ),
    Operation(
        "/id/<path:rest>",
        "A thing; leads to the document about it.",
        {},
        parameters=(_REST,),
        others={301: "It has a successor.", 303: "The document about it."},
        problems=("not-found", "gone"),
    ),
    Operation(
        "/<any(doc, article, graph, concept):room>/<path:rest>",
        "A document: what is said of an entity, an article, a graph or a concept.",
        _DOCUMENT,
        parameters=(
            Parameter(
                "room",
                "What it is about.",
                {"enum": ["doc", "article", "graph", "concept"]},
                place="path",
            ),
            _REST,
            _FORMAT,
        ),
        others={301: "It has another address now.", 304: "The client has it already."},
        problems=("not-found", "gone", "not-acceptable", "busy"),
    ),
    Operation(
        "/ontology",
        "The ontology.",
        _DOCUMENT,
        parameters=(_FORMAT,),
        others={304: "The client has it already."},
        problems=("not-found", "not-acceptable", "busy"),
    ),
    Operation(
        "/ontology.<suffix>",
        "The ontology in one format.",
        _DOCUMENT,
        parameters=(
            Parameter(
                "suffix",
                "The format.",
                {"enum": [media.suffix for media in GRAPHS]},
                place="path",
            ),
            _FORMAT,
        ),
        others={304: "The client has it already."},
        problems=("not-found", "not-acceptable", "busy"),
    ),
    Operation(
        "/download",
        "The files of the release in force, with sizes and checksums.",
        _types(PLAIN_JSON, HTML, json=_FILES_SCHEMA),
        problems=("not-acceptable",),
    ),
    Operation(
        "/download/<name>",
        "The files of a release, with sizes and checksums.",
        _types(PLAIN_JSON, HTML, json=_FILES_SCHEMA),
        parameters=(_NAME,),
        problems=("not-found", "gone", "not-acceptable"),
    ),
    Operation(
        "/download/<name>/<file>",
        "A file of a release, whole or in ranges.",
        {"*/*": {}},
        parameters=(_NAME, _FILE),
        others={206: "The part that was asked for.", 304: "The client has it already."},
        problems=("not-found", "gone", "range"),
    ),
    Operation(
        "/.well-known/void",
        "Where the description of the dataset is (VoID).",
        {},
        others={303: "The description of the release in force."},
    ),
    Operation("/problems", "What each kind of problem means.", _PAGE),
    Operation("/health", "Whether queries are answered.", _HEALTH),
    Operation("/health/ready", "Whether queries are answered.", _HEALTH),
    Operation("/health/live", "Whether the server runs.", _types(PLAIN_JSON, json=_HEALTH_SCHEMA)),
    Operation(
        "/metrics",
        "Counters and times for Prometheus.",
        {"text/plain": TEXT, "application/openmetrics-text": TEXT},
    ),
    Operation("/openapi.json", "This document.", {"application/json": {"type": "object"}}),
    Operation(
        "/static/<path:filename>",
        "A part of the pages: a style, an icon.",
        {"*/*": {}},
        parameters=(Parameter("filename", "Its name.", TEXT, place="path"),),
        others={206: "The part that was asked for.", 304: "The client has it already."},
        problems=("not-found", "range"),
    ),
)


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
        "components": {"schemas": {"Problem": _problem()}, "responses": _responses(KINDS)},
    }


def routes() -> Blueprint:
    """Return the route of the document."""
    blueprint = Blueprint("openapi", __name__)

    @blueprint.get("/openapi.json")
    def shown() -> Response:
        return as_json(document())

    return blueprint


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"enum": [f"/problems#{kind}" for kind in KINDS]},
            "title": TEXT,
            "status": {"enum": sorted({kind.status for kind in KINDS.values()})},
            "detail": {"type": "string", "minLength": 1},
            "where": {
                "type": "object",
                "additionalProperties": {"type": ["string", "integer"]},
            },
            "hint": TEXT,
        },
        "additionalProperties": False,
    }


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
        _name(kind): {"description": " ".join(said[KINDS[kind].status]), "content": content}
        for kind in kinds
    }


def _name(words: str) -> str:
    return "".join(word.capitalize() for word in words.split("-"))


def _version() -> str:
    try:
        return version("unipact")
    except PackageNotFoundError:
        return "0"
