"""Every request: admitted, answered here or by Flask, and noted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import Flask

from server.accesslog import Entry
from server.adapter import AsgiAdapter, Threads
from server.gateway import wire
from server.gateway.endpoint import Endpoint
from server.gateway.sending import Told
from server.gateway.shares import Places, Requests
from server.gateway.store import GraphStore
from server.gateway.wire import Dropped, Receive, Scope, Send
from server.limits import Limits
from server.observing import Observer
from server.problems import Problem
from server.responses import STANDING
from server.site import Site

_OURS: Final = frozenset({"/sparql", "/store"})  # what is answered here
_FETCHERS: Final = 4  # threads that fetch files; more wait for workers, each for one that runs
_RESERVED: Final = 2  # threads for each of what a server is watched by


@dataclass(slots=True)
class Gateway:
    """The ASGI application; runs in the event loop of its site's pool."""

    site: Site
    limits: Limits
    observer: Observer
    flask: AsgiAdapter
    reserved: Mapping[str, AsgiAdapter]
    endpoint: Endpoint
    store: GraphStore
    requests: Requests
    places: Places
    stopping: bool = field(default=False)

    @classmethod
    def of(cls, app: Flask, limits: Limits) -> Gateway:
        """Return the gateway of an app made by `create_app`."""
        site: Site = app.extensions["unipact"]
        observer: Observer = app.extensions["observer"]
        site.service.count_with(observer.metrics)

        fetchers = Threads(limits.query_workers + _FETCHERS)

        def adapter(threads: int) -> AsgiAdapter:
            return AsgiAdapter(app.wsgi_app, Threads(threads), fetchers, limits.send_seconds)

        return cls(
            site=site,
            limits=limits,
            observer=observer,
            flask=adapter(limits.server_threads),
            reserved={name: adapter(_RESERVED) for name in ("health", "metrics")},
            endpoint=Endpoint(site, limits),
            store=GraphStore(site, limits),
            requests=Requests(limits),
            places=Places(max(1, limits.server_threads // 2)),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        headers = _headers(scope)
        client = self._client(scope, headers)
        try:
            if scope["path"] == "/sparql":
                told = await self.endpoint.at_hand(scope, headers, send)
                if told is not None:
                    self._note(scope, client, began, told)
                    return
            with self.requests.admit(client):
                await self._admitted(scope, headers, client, receive, send, began)
        except Problem as problem:
            await wire.refuse(send, problem, STANDING)
            self._note(scope, client, began, Told(problem.status, 0, outcome=problem.kind))

    async def _admitted(
        self,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        client: str,
        receive: Receive,
        send: Send,
        began: float,
    ) -> None:
        body = b""
        if scope["method"] not in ("GET", "HEAD") or b"content-length" in headers:
            most, seconds = self.limits.request_bytes, self.limits.send_seconds
            wire.refuse_declared(headers.get(b"content-length", b""), most)
            body = await wire.read_body(receive, seconds=seconds, most=most)
        if scope["path"] == "/sparql":
            told = await self.endpoint.at_hand(scope, headers, send, body) if body else None
            if told is not None:
                self._note(scope, client, began, told)
                return
            plan = self.endpoint.takes(scope, headers, body)
            if plan is not None:
                answer = self.endpoint.answer(plan, scope, headers, body, client, receive, send)
                await self._noted(answer, scope, client, began)
                return
        elif scope["path"] == "/store":
            wanted = self.store.takes(scope, headers)
            if wanted is not None:
                answered = self.store.answer(wanted, scope, headers, client, receive, send)
                if await self._noted(answered, scope, client, began):
                    return
        await self._through_flask(scope, body, send, client)

    async def _noted(
        self, answer: Coroutine[None, None, Told | None], scope: Scope, client: str, began: float
    ) -> bool:
        """Wait for an answer and note how it ended; False when it was none."""
        told: Told | None = Told(0, 0, outcome="broken")
        try:
            told = await answer
        except (asyncio.CancelledError, Dropped):
            told = Told(0, 0, outcome="left")
            raise
        finally:
            if told is not None:
                self._note(scope, client, began, told)
        return told is not None

    async def _through_flask(self, scope: Scope, body: bytes, send: Send, client: str) -> None:
        """Let Flask answer; who watches this server has threads that nobody else takes."""
        reserved = self.reserved.get(scope["path"].partition("/")[2].partition("/")[0])
        if reserved is not None:
            await reserved.run(scope, body, send)
        else:
            await self.flask.run(scope, body, send, turn=lambda: self.places.take(client))

    def _client(self, scope: Scope, headers: Mapping[bytes, bytes]) -> str:
        peer = (scope.get("client") or ("", 0))[0]
        return self.site.client(peer, headers.get(b"x-forwarded-for", b"").decode("latin-1"))

    def _note(self, scope: Scope, client: str, began: float, told: Told) -> None:
        self.observer(
            Entry(
                client=client,
                method=scope["method"],
                route=scope["path"] if scope["path"] in _OURS else "other",
                status=told.status,
                bytes=told.bytes,
                seconds=time.perf_counter() - began,
                query=told.query,
                outcome=told.outcome,
                release=told.release,
            )
        )


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers by name; repeated ones are joined (RFC 9110 section 5.3)."""
    pairs = scope["headers"]
    found = dict(pairs)
    if len(found) != len(pairs):
        found = {}
        for name, value in pairs:
            found[name] = found[name] + b", " + value if name in found else value
    return found


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
