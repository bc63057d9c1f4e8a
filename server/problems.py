"""Errors as RFC 9457 problem details: one shape for every route, for machines and for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: the status it answers with and what it means."""

    status: int
    title: str
    meaning: str


KINDS: Final[Mapping[str, Kind]] = {
    "bad-request": Kind(400, "Bad request", "The request breaks the protocol."),
    "syntax": Kind(400, "Not a SPARQL query", "The query does not parse; the place is given."),
    "limit": Kind(400, "Query beyond a limit", "The query is longer or deeper than is allowed."),
    "unauthorized": Kind(401, "A token is needed", "Writing needs a valid token that allows it."),
    "read-only": Kind(403, "Read only", "This server takes no writes."),
    "forbidden": Kind(403, "Not allowed", "The token is valid but does not allow this."),
    "fetch": Kind(403, "Fetching is refused", "A query may not make this server ask another one."),
    "not-found": Kind(404, "Not found", "Nothing has this address in the current release."),
    "slow-request": Kind(408, "Request too slow", "The request did not arrive in time."),
    "gone": Kind(410, "Gone", "It was there and has been withdrawn."),
    "method": Kind(405, "Method not allowed", "The address exists but not for this method."),
    "not-acceptable": Kind(406, "Not acceptable", "None of the formats asked for can be given."),
    "unwritable": Kind(409, "Cannot be written", "What is there does not allow this write."),
    "length": Kind(411, "Length required", "A body needs a Content-Length, or comes in chunks."),
    "precondition": Kind(412, "Precondition failed", "Another release is current than expected."),
    "too-large": Kind(413, "Request too large", "The request's body is larger than is allowed."),
    "media-type": Kind(415, "Media type not supported", "The request's body has another type."),
    "range": Kind(416, "Range not satisfiable", "The file has no such bytes."),
    "invalid": Kind(422, "Not valid", "The write would bring violations of the shapes."),
    "result-too-large": Kind(422, "Result too large", "The answer is larger than is allowed."),
    "attempts": Kind(429, "Too many attempts", "Too many of a client's tokens were not valid."),
    "too-many": Kind(429, "Too many requests", "So many requests of one client wait already."),
    "internal": Kind(500, "Internal error", "A fault of the server; it has been noted."),
    "engine-stopped": Kind(
        500,
        "The query stopped its engine",
        "It needed more memory or deeper recursion than is allowed, or met a fault. The same query "
        "will fail again; other queries are not affected.",
    ),
    "busy": Kind(503, "Busy", "All query processes were taken; try again after a while."),
    "timeout": Kind(503, "Out of time", "The query did not end in time and was stopped."),
    "storage": Kind(507, "Not stored", "The disk refuses to store more; nothing has changed."),
    "no-release": Kind(503, "No release", "There is no release to serve, or it cannot be read."),
}


def by_status(status: int) -> str:
    """Return the kind of problem that a status means when nothing else is known.

    >>> by_status(404), by_status(418), by_status(502)
    ('not-found', 'bad-request', 'internal')
    """
    for name, kind in KINDS.items():
        if kind.status == status:
            return name
    return "bad-request" if status < 500 else "internal"


@dataclass(slots=True, eq=False)
class Problem(Exception):
    """A failure that a client is told about.

    Attributes:
        kind: a key of `KINDS`.
        detail: what is wrong with this request.
        where: the line and column in the query (both from 1), or the parameter.
        hint: what to do about it; may have several lines.
        headers: headers that the answer needs, such as `Allow`.
        more: further members of the problem details object, such as `report`.
    """

    kind: str
    detail: str
    where: Mapping[str, int | str] = field(default_factory=dict)
    hint: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Exception.__init__(self, self.detail)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.kind].status

    @property
    def title(self) -> str:
        """The kind in a few words."""
        return KINDS[self.kind].title

    def body(self) -> dict[str, Any]:
        """Return the members of the problem details object; empty ones are left out."""
        members = {
            "type": f"/problems#{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "where": dict(self.where),
            "hint": self.hint,
            **self.more,
        }
        return {name: value for name, value in members.items() if value != "" and value != {}}
