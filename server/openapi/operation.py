"""One method of one route: a row of the table, and what OpenAPI 3.1 says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from server.openapi.schemas import Schema
from server.problems import KINDS

BEARER: Final = "token"
_CONVERTER: Final = re.compile(r"<(?:[^:<>]+:)?([a-z_]+)>")
_ALWAYS: Final = ("internal", "no-release")
_WITH_TOKEN: Final = ("unauthorized", "forbidden", "attempts")


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
        problems: kinds of problems beyond those that every route, or every scope, has.
        method: in lower case.
        bodies: media type → schema of the body that is sent.
        scope: what the bearer token must allow; "" when none is needed.
        open_too: whether some requests need no token, although there is a scope.
    """

    rule: str
    summary: str
    media: Mapping[str, Schema]
    parameters: tuple[Parameter, ...] = ()
    others: Mapping[int, str] | None = None
    problems: tuple[str, ...] = ()
    method: str = "get"
    bodies: Mapping[str, Schema] | None = None
    scope: str = ""
    open_too: bool = False

    @property
    def path(self) -> str:
        """The path template: `/doc/<path:rest>` is `/doc/{rest}`."""
        return _CONVERTER.sub(r"{\1}", self.rule)

    def described(self) -> dict[str, Any]:
        """Return its Operation Object."""
        members: dict[str, Any] = {
            "operationId": f"{self.method}{camel(re.sub('[^a-z]+', '-', self.rule))}",
            "summary": self.summary,
            "parameters": [parameter.described() for parameter in self.parameters],
            "responses": dict(sorted(dict(self._responses()).items())),
        }
        if self.bodies:
            members["requestBody"] = {"required": True, "content": _content(self.bodies)}
        if self.scope:
            members["security"] = [{}] * self.open_too + [{BEARER: [self.scope]}]
        return members

    def _responses(self) -> Iterator[tuple[str, Any]]:
        if self.media:
            yield "200", {"description": self.summary, "content": _content(self.media)}
        for status, meaning in (self.others or {}).items():
            yield str(status), {"description": meaning}
        for kind in (*_ALWAYS, *(_WITH_TOKEN if self.scope else ()), *self.problems):
            yield str(KINDS[kind].status), {"$ref": f"#/components/responses/{camel(kind)}"}


def _content(media: Mapping[str, Schema]) -> dict[str, Any]:
    return {name: {"schema": schema} for name, schema in media.items()}


def camel(words: str) -> str:
    """Return words with hyphens as one word with capitals."""
    return "".join(word.capitalize() for word in words.split("-"))
