"""The views of the whole: network, map, timeline, as pages and as data."""

from __future__ import annotations

from typing import Final

from server.explore.asked import DEEPEST, SHOWS
from server.explore.whole import REALITIES, TIES
from server.openapi.operation import Operation, Parameter
from server.openapi.schemas import OBJECT, TEXT, Schema

_YEAR: Final[Schema] = {"type": "string", "pattern": "^[0-9]{4}$"}
_FILTERS: Final = (
    Parameter(
        "tie",
        "Kinds of ties, each by itself; all when none is given.",
        {"type": "array", "items": {"enum": list(TIES)}},
    ),
    Parameter("reality", "Whether it is actual, planned …", {"enum": list(REALITIES)}),
    Parameter("country", "A country: its IRI, or what follows `id/` in it.", TEXT),
    Parameter("alliance", "An alliance, likewise; its members are shown.", TEXT),
    Parameter("from", "The first year; what has no date stays in.", _YEAR),
    Parameter("to", "The last year.", _YEAR),
)
_AROUND: Final = Parameter("around", "The thing whose neighbourhood it is: an IRI, likewise.", TEXT)
_OF_NETWORK: Final = (
    Parameter("show", "What is shown beside organisations.", {"enum": list(SHOWS)}),
    *_FILTERS,
    _AROUND,
    Parameter(
        "depth",
        "How many ties away the neighbourhood goes.",
        {"type": "integer", "minimum": 1, "maximum": DEEPEST},
    ),
)
_PAGE: Final = Parameter("page", "Which page.", {"type": "integer", "minimum": 1})
_NETWORK: Final[Schema] = {
    "type": "object",
    "required": ["nodes", "edges", "kinds", "of"],
    "properties": {
        "nodes": {"type": "array", "items": OBJECT},
        "edges": {"type": "array", "items": OBJECT},
        "kinds": OBJECT,
        "of": {"type": "integer"},
    },
}


def _row(
    rule: str, summary: str, media: str, *parameters: Parameter, schema: Schema = TEXT
) -> Operation:
    problems = ("bad-request", "busy", *(("not-found",) if _PAGE in parameters else ()))
    return Operation(rule, summary, {media: schema}, parameters=parameters, problems=problems)


EXPLORING: Final[tuple[Operation, ...]] = (
    Operation("/explore", "The three views in small.", {"text/html": TEXT}, problems=("busy",)),
    _row(
        "/explore/network",
        "The network: up to 300 things, the best connected ones.",
        "text/html",
        *_OF_NETWORK,
        _PAGE,
    ),
    _row(
        "/explore/network.json",
        "The network with the places of its nodes.",
        "application/json",
        *_OF_NETWORK,
        schema=_NETWORK,
    ),
    _row("/explore/network.csv", "The ties as a table.", "text/csv", *_OF_NETWORK),
    _row("/explore/network.gexf", "The network as GEXF.", "application/gexf+xml", *_OF_NETWORK),
    _row("/explore/network.svg", "The network as a picture.", "image/svg+xml", *_OF_NETWORK),
    _row("/explore/map", "Where organisations are.", "text/html", *_FILTERS, _PAGE),
    _row("/explore/map.csv", "Places with organisations.", "text/csv", *_FILTERS),
    _row("/explore/map.svg", "The map as a picture.", "image/svg+xml", *_FILTERS),
    _row(
        "/explore/timeline",
        "What was when, in pages.",
        "text/html",
        *_FILTERS,
        _AROUND,
        _PAGE,
    ),
    _row("/explore/timeline.csv", "What was when, as a table.", "text/csv", *_FILTERS, _AROUND),
    _row(
        "/explore/timeline.svg",
        "A page of the timeline as a picture.",
        "image/svg+xml",
        *_FILTERS,
        _AROUND,
        _PAGE,
    ),
)
