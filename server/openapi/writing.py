"""Writes: each needs a token, and a server that was started with `--writable`."""

from __future__ import annotations

from typing import Final

from server.openapi.operation import Operation, Parameter
from server.openapi.reading import REST
from server.openapi.schemas import OBJECT, TEXT, Schema, by_media
from server.sparql.negotiation import GRAPHS

_GRAPH: Final = (
    Parameter("graph", "The IRI of a graph.", {"type": "string", "format": "uri"}),
    Parameter("default", "Means the default graph; needs no value.", TEXT),
)
_CONDITIONS: Final = (
    Parameter("If-Match", "The release that is to be changed, in quotation marks.", TEXT, "header"),
    Parameter("If-None-Match", "`*`: the graph must not be there yet.", TEXT, "header"),
)
_PROBLEMS: Final = (
    "bad-request", "read-only", "unwritable", "precondition", "invalid", "engine-stopped", "busy",
    "timeout", "storage",
)  # fmt: skip
_SENDING: Final = (*_PROBLEMS, "length", "too-large", "media-type", "slow-request")
_BODIES: Final[dict[str, Schema]] = {**by_media(*GRAPHS), "multipart/form-data": OBJECT}
_SCOPE: Final = "write:graph=…"
_WRITTEN: Final = {
    201: "The graph was not there before; `Location` is its IRI.",
    204: "It is done; `X-Release` is the new release.",
}

WRITING: Final[tuple[Operation, ...]] = (
    Operation(
        "/store",
        "Puts a graph in the place of the one of this name.",
        {},
        parameters=(*_GRAPH, *_CONDITIONS),
        others=_WRITTEN,
        problems=_SENDING,
        method="put",
        bodies=by_media(*GRAPHS),
        scope=_SCOPE,
    ),
    Operation(
        "/store",
        "Adds to a graph, or makes a new one when none is named.",
        {},
        parameters=(*_GRAPH, *_CONDITIONS),
        others=_WRITTEN,
        problems=_SENDING,
        method="post",
        bodies=_BODIES,
        scope=_SCOPE,
    ),
    Operation(
        "/store",
        "Removes a graph.",
        {},
        parameters=(*_GRAPH, *_CONDITIONS),
        others={204: _WRITTEN[204]},
        problems=(*_PROBLEMS, "not-found"),
        method="delete",
        scope=_SCOPE,
    ),
    Operation(
        "/store/<path:rest>",
        "Puts a graph in the place of the one whose IRI is this address below the base.",
        {},
        parameters=(REST, *_CONDITIONS),
        others=_WRITTEN,
        problems=(*_SENDING, "not-found"),
        method="put",
        bodies=by_media(*GRAPHS),
        scope=_SCOPE,
    ),
    Operation(
        "/store/<path:rest>",
        "Adds to the graph whose IRI is this address below the base.",
        {},
        parameters=(REST, *_CONDITIONS),
        others=_WRITTEN,
        problems=(*_SENDING, "not-found"),
        method="post",
        bodies=_BODIES,
        scope=_SCOPE,
    ),
    Operation(
        "/store/<path:rest>",
        "Removes the graph whose IRI is this address below the base.",
        {},
        parameters=(REST, *_CONDITIONS),
        others={204: _WRITTEN[204]},
        problems=(*_PROBLEMS, "not-found"),
        method="delete",
        scope=_SCOPE,
    ),
    Operation(
        "/releases/<name>/activate",
        "Makes a release the one in force: a way back after a change, or forward again.",
        {"application/json": OBJECT},
        parameters=(
            Parameter("name", "The id of a release.", TEXT, place="path"),
            _CONDITIONS[0],
        ),
        problems=(
            "bad-request",
            "read-only",
            "not-found",
            "gone",
            "precondition",
            "busy",
            "timeout",
            "storage",
            "unwritable",
            "engine-stopped",
        ),
        method="post",
        scope="admin",
    ),
)
