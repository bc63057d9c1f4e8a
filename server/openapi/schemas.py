"""What answers and bodies look like, as JSON Schemas by media type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from server.problems import KINDS
from server.sparql.negotiation import Media

Schema = Mapping[str, Any]
TEXT: Final[Schema] = {"type": "string"}
OBJECT: Final[Schema] = {"type": "object"}
IRIS: Final[Schema] = {"type": "array", "items": {"type": "string", "format": "uri"}}
RESULTS: Final[Schema] = {
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
SEARCH: Final[Schema] = {
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
                    "kind": TEXT,
                    "page": {"type": ["string", "null"]},
                },
            },
        },
    },
}
FILES: Final[Schema] = {
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
HEALTH: Final[Schema] = {
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


def by_media(*media: Media, **schemas: Schema) -> dict[str, Schema]:
    """Return media type → schema, aliases too; `schemas` are by the name of the media."""
    return {
        media_type: schemas.get(one.name, TEXT if media_type.startswith("text/") else {})
        for one in media
        for media_type in (one.type, *one.aliases)
    }


def problem() -> dict[str, Any]:
    """Return the schema of a problem (RFC 9457)."""
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
