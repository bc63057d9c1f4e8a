"""/sparql for programs, in the event loop.

What may become a page, and what is refused before it runs, goes to Flask, which decides by the same
code. What is kept in the cache is found by the bytes of the request, before anything is parsed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from server.accesslog import query_hash
from server.gateway.sending import Told, send_body, send_problem
from server.gateway.wire import PIECE, Receive, Scope, Send, Watch, head
from server.limits import Limits
from server.problems import Problem
from server.responses import STANDING
from server.site import Site
from server.sparql.answer import Body
from server.sparql.cache import Key
from server.sparql.plan import Plan
from server.sparql.request import read
from server.sparql.textsearch import searches

_LONGEST: Final = 8192  # bytes of a request that is read here; a longer one would hold up others
_SHORTCUTS: Final = 1 << 23  # bytes of requests that are known by their bytes, about
_SHORTCUT: Final = 2048  # bytes of such a request
_OVERHEAD: Final = 700  # bytes that one takes beside those
_PLANS: Final = 512  # requests whose plans are known


class _Shortcut(NamedTuple):
    """Where the answer to a request of these bytes is kept, and the messages that it is."""

    key: Key
    form: str
    query: str
    size: int


@dataclass(slots=True)
class Endpoint:
    """Answers what it can; the rest is Flask's."""

    site: Site
    limits: Limits
    _shortcuts: OrderedDict[tuple[bytes, ...], _Shortcut] = field(default_factory=OrderedDict)
    _taken: int = 0
    _plans: OrderedDict[tuple[bytes, ...], tuple[str, Plan]] = field(default_factory=OrderedDict)

    async def at_hand(
        self, scope: Scope, headers: Mapping[bytes, bytes], send: Send, body: bytes = b""
    ) -> Told | None:
        """Answer what was asked before in the same bytes; None when that cannot be done."""
        if scope["method"] not in ("GET", "POST") or b"if-none-match" in headers:
            return None
        shortcut = self._shortcuts.get(_bytes(scope, headers, body))
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
        try:
            plan = self._plan(scope, headers, body)
        except Problem:
            return None
        return plan if plan is not None and plan.media.name != "html" else None

    def _plan(self, scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> Plan | None:
        """Judge a request, or remember how it was judged; None for one that asks nothing.

        Raises:
            Problem: it is refused.
        """
        name, release = _bytes(scope, headers, body), self.site.service.lately()
        known = self._plans.get(name)
        if known is not None and known[0] == release:
            return known[1]
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        asked = read(scope["method"], scope["query_string"], content_type, body)
        if asked is None or searches(asked.query):  # names are looked up in a thread, each time
            return None
        accept = headers.get(b"accept", b"").decode("latin-1")
        plan = self.site.plan(asked, accept=accept, pages=True)
        if sum(map(len, name)) <= _SHORTCUT:
            self._plans[name] = release, plan
            if len(self._plans) > _PLANS:
                self._plans.popitem(last=False)
        return plan

    async def answer(
        self,
        plan: Plan,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        asked: bytes,
        client: str,
        receive: Receive,
        send: Send,
    ) -> Told:
        """Answer a plan.

        Raises:
            Broken: the answer stops short; the connection must break.
            Dropped: the client is too slow.
        """
        with Watch(receive):
            try:
                body = await self.site.service.start(
                    plan,
                    client=client,
                    seconds=plan.seconds,
                    unless=headers.get(b"if-none-match", b"").decode("latin-1"),
                    encodings=headers.get(b"accept-encoding", b"").decode("latin-1"),
                )
            except Problem as problem:
                hashed = query_hash(plan.request.query)
                return await send_problem(problem, scope, send, query=hashed)
            try:
                return await self._sent(body, plan, scope, headers, send, asked)
            finally:
                body.drop()

    async def _sent(
        self,
        body: Body,
        plan: Plan,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        send: Send,
        asked: bytes,
    ) -> Told:
        start = head(body.status, body.headers)
        start["headers"] += _STANDING
        sent = await send_body(body, start, scope, send, seconds=self.limits.send_seconds)
        hashed, whole = query_hash(plan.request.query), body.stream is None and sent <= PIECE
        if body.key is not None and whole and body.status == 200 and scope["method"] != "HEAD":
            self._remember(body, body.key, _bytes(scope, headers, asked), start, hashed)
        return Told(body.status, sent, hashed, release=body.headers["X-Release"])

    def _remember(
        self, body: Body, key: Key, name: tuple[bytes, ...], start: dict[str, Any], hashed: str
    ) -> None:
        kept, size = self.site.service.cache.get(key), sum(map(len, name))
        if kept is None or size > _SHORTCUT:
            return
        form = body.headers["ETag"]
        kept.messages[form] = (start, {"type": "http.response.body", "body": body.content})
        if name not in self._shortcuts:
            self._taken += size + _OVERHEAD
        self._shortcuts[name] = _Shortcut(key, form, hashed, size + _OVERHEAD)
        while self._taken > _SHORTCUTS:
            self._taken -= self._shortcuts.popitem(last=False)[1].size


_STANDING: Final = head(0, STANDING)["headers"]


def _bytes(scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> tuple[bytes, ...]:
    """Return all bytes of a request that its answer depends on; HEAD is answered as GET is."""
    return (
        scope["query_string"],
        headers.get(b"accept", b""),
        headers.get(b"accept-encoding", b""),
        *((headers.get(b"content-type", b""), body) if scope["method"] == "POST" else ()),
    )
