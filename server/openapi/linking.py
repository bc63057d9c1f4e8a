"""The routes of links to other knowledge bases, and the reconciliation service."""

from __future__ import annotations

from typing import Final

from server.openapi.operation import Operation, Parameter
from server.openapi.schemas import OBJECT, TEXT, Schema

_FORM: Final = "application/x-www-form-urlencoded"
_RESULT: Final[Schema] = {
    "type": "object",
    "required": ["result"],
    "properties": {"result": {"type": "array", "items": OBJECT}},
}
_FLYOUT: Final[Schema] = {
    "type": "object",
    "required": ["id", "html"],
    "properties": {"id": TEXT, "html": TEXT},
}
_PROPOSED: Final[Schema] = {
    "type": "object",
    "required": ["properties"],
    "properties": {"properties": {"type": "array", "items": OBJECT}, "type": TEXT},
}
_ASKED: Final = (
    Parameter("queries", "A batch of queries, JSON by their keys.", TEXT),
    Parameter("query", "One query: its JSON, or a bare name.", TEXT),
    Parameter("extend", "JSON with ids and properties whose values are wanted.", TEXT),
)
_PREFIX: Final = (
    Parameter("prefix", "What was typed.", TEXT, required=True),
    Parameter("cursor", "How many suggestions to skip.", {"type": "integer", "minimum": 0}),
)
_ID: Final = Parameter("id", "The identifier: an IRI.", TEXT, required=True)
_TYPE: Final = Parameter("type", "Only for things of this class.", TEXT)
_SUGGESTED: Final = ("bad-request", "busy", "timeout")
_ONE: Final = ("bad-request", "not-found", "busy", "timeout")
_PROBLEMS: Final = ("bad-request", "limit", "result-too-large", "busy", "timeout")

LINKING: Final[tuple[Operation, ...]] = (
    Operation(
        "/reconcile",
        "Candidates for names, or values of properties (Entity Reconciliation API 0.2); bare, the "
        "manifest of the service.",
        {"application/json": OBJECT},
        parameters=_ASKED,
        problems=_PROBLEMS,
    ),
    Operation(
        "/reconcile",
        "The same, sent as a form.",
        {"application/json": OBJECT},
        problems=(*_PROBLEMS, "too-large"),
        method="post",
        bodies={
            _FORM: {
                "type": "object",
                "properties": {one.name: one.schema for one in _ASKED},
                "minProperties": 1,
            }
        },
    ),
    Operation(
        "/reconcile/suggest/entity",
        "Things with a name that begins like what was typed.",
        {"application/json": _RESULT},
        parameters=(*_PREFIX, _TYPE),
        problems=_SUGGESTED,
    ),
    *(
        Operation(
            f"/reconcile/suggest/{kind}",
            f"{what} with a name that begins like what was typed.",
            {"application/json": _RESULT},
            parameters=_PREFIX,
            problems=_SUGGESTED,
        )
        for kind, what in (("type", "Classes"), ("property", "Properties"))
    ),
    *(
        Operation(
            f"/reconcile/flyout/{kind}",
            f"{what} in a few lines of HTML.",
            {"application/json": _FLYOUT},
            parameters=(_ID,),
            problems=_ONE,
        )
        for kind, what in (
            ("entity", "A thing"),
            ("type", "A class"),
            ("property", "A property"),
        )
    ),
    Operation(
        "/reconcile/properties",
        "Properties whose values can be asked for.",
        {"application/json": _PROPOSED},
        parameters=(_TYPE, Parameter("limit", "The most that are wanted.", {"type": "integer"})),
        problems=_SUGGESTED,
    ),
    Operation(
        "/reconcile/preview",
        "A thing in a small page for a frame on any site.",
        {"text/html": TEXT},
        parameters=(_ID,),
        problems=_ONE,
    ),
    Operation(
        "/reconcile/view",
        "Leads to the page of a thing.",
        {},
        parameters=(_ID,),
        others={303: "The page."},
        problems=_ONE,
    ),
)
