"""/sparql for programs, in the event loop.

What may become a page, and what is refused before it runs, goes to Flask, which decides by the same
code. What is kept in the cache is found by the bytes of the request, before anything is parsed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from server.accesslog import query_hash
from server.gateway.wire import PIECE, Receive, Scope, Send, head, send_all, send_pieces, watched
from server.limits import Limits
from server.problems import Problem
from server.responses import STANDING, problem_json
from server.site import Site
from server.sparql.answer import Body
from server.sparql.cache import Key
from server.sparql.plan import Plan
from server.sparql.request import read

_LONGEST: Final = 8192  # bytes of a request that is read here; a longer one would hold up others
_SHORTCUTS: Final = 2048  # requests that are known by their bytes
_SHORTCUT: Final = 2048  # bytes of such a request


@dataclass(frozen=True, slots=True)
class Told:
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


@dataclass(frozen=True, slots=True)
class _Shortcut:
    """Where the answer to a request of these bytes is kept, and the messages that it is."""

    key: Key
    form: str
    query: str


@dataclass(slots=True)
class Endpoint:
    """Answers what it can; the rest is Flask's."""

    site: Site
    limits: Limits
    _shortcuts: OrderedDict[tuple[bytes, ...], _Shortcut] = field(default_factory=OrderedDict)

    async def at_hand(
        self, scope: Scope, headers: Mapping[bytes, bytes], send: Send
    ) -> Told | None:
        """Answer what was asked before in the same bytes; None when that cannot be done."""
        if scope["method"] != "GET" or b"if-none-match" in headers:
            return None
        shortcut = self._shortcuts.get(_bytes(scope, headers))
        if shortcut is None or shortcut.key.release != self.site.service.lately():
            return None
        kept = self.site.service.cache.get(shortcut.key)
        messages = None if kept is None else kept.messages.get(shortcut.form)
        if messages is None:
            return None
        self.site.service.watcher.cache(True)
        for message in messages:
            await send(message)
        size = len(messages[-1]["body"])
        return Told(200, size, shortcut.query, release=shortcut.key.release)

    def takes(self, scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> Plan | None:
        """Return what is to be answered here; None for what is Flask's."""
        size = len(body) + len(scope["query_string"])
        pages = b"html" in headers.get(b"accept", b"").lower() or b"html" in scope["query_string"]
        if scope["method"] not in ("GET", "POST", "HEAD") or size > _LONGEST or pages:
            return None
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        try:
            asked = read(scope["method"], scope["query_string"], content_type, body)
            if asked is None:
                return None
            accept = headers.get(b"accept", b"").decode("latin-1")
            plan = self.site.plan(asked, accept=accept, pages=True)
        except Problem:
            return None
        return plan if plan.media.name != "html" else None

    async def answer(
        self,
        plan: Plan,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        client: str,
        receive: Receive,
        send: Send,
    ) -> Told:
        """Answer a plan.

        Raises:
            Broken: the answer stops short; the connection must break.
            Dropped: the client is too slow.
        """
        async with watched(receive):
            try:
                body = await self.site.service.start(
                    plan,
                    client=client,
                    seconds=plan.seconds,
                    unless=headers.get(b"if-none-match", b"").decode("latin-1"),
                    encodings=headers.get(b"accept-encoding", b"").decode("latin-1"),
                )
            except Problem as problem:
                return await self._refused(problem, plan, scope, send)
            try:
                return await self._sent(body, plan, scope, headers, send)
            finally:
                body.drop()

    async def _refused(self, problem: Problem, plan: Plan, scope: Scope, send: Send) -> Told:
        content, shown = problem_json(problem)
        start = head(problem.status, {**shown, **STANDING, "Content-Length": str(len(content))})
        await send_all(send, start, b"" if scope["method"] == "HEAD" else content)
        return Told(problem.status, len(content), query_hash(plan.request.query), problem.kind)

    async def _sent(
        self, body: Body, plan: Plan, scope: Scope, headers: Mapping[bytes, bytes], send: Send
    ) -> Told:
        start = head(body.status, {**body.headers, **STANDING})
        asked, release = query_hash(plan.request.query), body.headers["X-Release"]
        if scope["method"] == "HEAD" or body.status == 304:
            await send_all(send, start, b"")
            return Told(body.status, 0, asked, release=release)
        if body.stream is not None or len(body.content) > PIECE:
            seconds = self.limits.send_seconds
            sent = await send_pieces(send, start, body.read(), seconds=seconds)
            return Told(body.status, sent, asked, release=release)
        await send_all(send, start, body.content)
        self._remember(body, scope, headers, start, asked)
        return Told(body.status, len(body.content), asked, release=release)

    def _remember(
        self,
        body: Body,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        start: dict[str, Any],
        asked: str,
    ) -> None:
        kept = body.key and self.site.service.cache.get(body.key)
        name = _bytes(scope, headers)
        if not kept or body.key is None or scope["method"] != "GET":
            return
        if sum(map(len, name)) > _SHORTCUT:
            return
        form = body.headers["ETag"]
        kept.messages[form] = (start, {"type": "http.response.body", "body": body.content})
        self._shortcuts[name] = _Shortcut(body.key, form, asked)
        if len(self._shortcuts) > _SHORTCUTS:
            self._shortcuts.popitem(last=False)


def _bytes(scope: Scope, headers: Mapping[bytes, bytes]) -> tuple[bytes, ...]:
    """Return all bytes of a GET that its answer depends on."""
    return (
        scope["query_string"],
        headers.get(b"accept", b""),
        headers.get(b"accept-encoding", b""),
    )
