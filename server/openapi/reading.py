"""The routes for programs that read: queries, graphs, documents, files, and what machines watch."""

from __future__ import annotations

from typing import Final

from server.openapi import schemas
from server.openapi.operation import Operation, Parameter
from server.openapi.schemas import IRIS, OBJECT, TEXT, Schema, by_media
from server.sparql.negotiation import GRAPHS, HTML, PLAIN_JSON, RESULTS

_QUERY_PROBLEMS: Final = (
    "syntax", "fetch", "not-acceptable", "result-too-large", "engine-stopped", "busy", "timeout",
    "too-many", "slow-request",
)  # fmt: skip
_QUERY: Final = Parameter(
    "query", "A SPARQL 1.1 query; exactly one. Without any, the service describes itself.", TEXT
)
_FORMAT: Final = Parameter(
    "format", "A format by its name, suffix or media type; it wins over Accept.", TEXT
)
_DATASET: Final = (
    Parameter("default-graph-uri", "A graph of the default graph; replaces FROM.", IRIS),
    Parameter("named-graph-uri", "A graph that GRAPH can name; replaces FROM NAMED.", IRIS),
    _FORMAT,
    Parameter(
        "timeout",
        "Seconds that the query may run, if less than the server allows.",
        {"type": "number", "exclusiveMinimum": 0},
    ),
)
REST: Final = Parameter(
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
_ANSWERS: Final = by_media(*RESULTS, *GRAPHS, HTML) | {
    "application/sparql-results+json": schemas.RESULTS
}
_DOCUMENT: Final = by_media(*GRAPHS, HTML)
_PAGE: Final = by_media(HTML)
_ALIVE: Final = by_media(PLAIN_JSON, json=schemas.HEALTH)
_HEALTH: Final = by_media(PLAIN_JSON, HTML, json=schemas.HEALTH)

READING: Final[tuple[Operation, ...]] = (
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
        "The answer of a query that is sent as a form or as a body of its own; or an update, which "
        "needs a token.",
        _ANSWERS,
        parameters=_DATASET,
        others={304: "The client has this answer already."},
        problems=(
            *_QUERY_PROBLEMS,
            "too-large",
            "media-type",
            "read-only",
            "unwritable",
            "precondition",
            "invalid",
            "storage",
        ),
        method="post",
        bodies={
            "application/x-www-form-urlencoded": _FORM,
            "application/sparql-query": TEXT,
            "application/sparql-update": TEXT,
        },
        scope="write:graph=…",
        open_too=True,
    ),
    Operation(
        "/store",
        "A graph of the release in force (SPARQL 1.1 Graph Store Protocol); without a name, where "
        "the whole dataset is.",
        by_media(*GRAPHS),
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
        by_media(*GRAPHS),
        parameters=(REST, _FORMAT),
        others={304: "The client has this graph already."},
        problems=("bad-request", "not-found", "not-acceptable", "busy", "timeout"),
    ),
    Operation(
        "/search",
        "Entities by any of their names, in any script.",
        by_media(PLAIN_JSON, HTML, json=schemas.SEARCH),
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
        parameters=(REST,),
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
            REST,
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
        by_media(PLAIN_JSON, HTML, json=schemas.FILES),
        problems=("not-acceptable",),
    ),
    Operation(
        "/download/<name>",
        "The files of a release, with sizes and checksums.",
        by_media(PLAIN_JSON, HTML, json=schemas.FILES),
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
    Operation(
        "/health/live", "Whether the server runs.", by_media(PLAIN_JSON, json=schemas.HEALTH)
    ),
    Operation(
        "/metrics",
        "Counters and times for Prometheus.",
        {"text/plain": TEXT, "application/openmetrics-text": TEXT},
    ),
    Operation("/openapi.json", "This document.", {"application/json": OBJECT}),
    Operation(
        "/static/<path:filename>",
        "A part of the pages: a style, an icon.",
        {"*/*": {}},
        parameters=(Parameter("filename", "Its name.", TEXT, place="path"),),
        others={206: "The part that was asked for.", 304: "The client has it already."},
        problems=("not-found", "range"),
    ),
)
