"""A body or a problem, sent by the event loop."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, NamedTuple

from server.gateway.wire import PIECE, Scope, Send, head, send_all, send_pieces
from server.problems import Problem
from server.responses import STANDING, problem_json
from server.sparql.answer import Body


class Told(NamedTuple):
    """What is noted of an answer.

    Attributes:
        status: the HTTP status; 0 when there was none.
        bytes: the bytes of the body.
        query: the query's hash.
        outcome: one of `metrics.OUTCOMES`.
        release: the id of the release that answered.
    """

    status: int
    bytes: int
    query: str = ""
    outcome: str = "ok"
    release: str = ""


async def send_body(
    body: Body, start: MutableMapping[str, Any], scope: Scope, send: Send, *, seconds: float
) -> int:
    """Send a body as the method wants it, and return its bytes.

    Raises:
        Broken: it stops short; the connection must break.
        Dropped: the client takes longer than `seconds` for a piece.
    """
    if scope["method"] == "HEAD" or body.status == 304:
        await send_all(send, start, b"")
        return 0
    if body.stream is not None or len(body.content) > PIECE:
        return await send_pieces(send, start, body.read(), seconds=seconds)
    await send_all(send, start, body.content)
    return len(body.content)


async def send_problem(problem: Problem, scope: Scope, send: Send, *, query: str = "") -> Told:
    """Send problem details; `query` is the hash of what was asked."""
    content, shown = problem_json(problem)
    more = {"Vary": "Accept, Accept-Encoding", "Content-Length": str(len(content))}
    start = head(problem.status, {**shown, **STANDING, **more})
    await send_all(send, start, b"" if scope["method"] == "HEAD" else content)
    return Told(problem.status, len(content), query, problem.kind)
