"""A WSGI app behind ASGI, so that what breaks off half-way breaks the connection.

Under a WSGI interface an answer that fails after its first piece looks complete to the client.
Here it does not end, so that the server closes the connection instead. Reading a request and
sending each piece have deadlines; a client that is too slow is dropped and its answer closed.
"""

from __future__ import annotations

import asyncio
import io
import json
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Final

from server.problems import Problem

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_SPECIAL: Final = {"content-length": "CONTENT_LENGTH", "content-type": "CONTENT_TYPE"}


class Dropped(Exception):
    """The client went away or was too slow."""


class Threads:
    """A fixed number of daemon threads that run calls in the order of their arrival."""

    def __init__(self, count: int) -> None:
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        for number in range(count):
            name = f"request-{number}"
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def run(self, call: Callable[[], None]) -> asyncio.Future[None]:
        """Run a call in a thread; to be called from an event loop."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def settle(error: BaseException | None) -> None:
            if done.cancelled():
                return
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

        def work() -> None:
            error: BaseException | None = None
            try:
                call()
            except BaseException as raised:  # handed to whoever awaits
                error = raised
            with suppress(RuntimeError):  # the loop may have ended
                loop.call_soon_threadsafe(settle, error)

        self._calls.put(work)
        return done

    def _work(self) -> None:
        while True:
            self._calls.get()()


@dataclass(slots=True)
class AsgiAdapter:
    """An ASGI application that runs a WSGI one in threads.

    Attributes:
        app: the WSGI application.
        threads: where it runs.
        send_seconds: how long a client may take to send or accept one piece.
        request_bytes: the largest body that is read; a larger one is passed on cut off by one
            byte more than that, which the application refuses.
    """

    app: WsgiApp
    threads: Threads
    send_seconds: float
    request_bytes: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        try:
            body = await self._body(receive)
        except TimeoutError:
            await _refuse(send, "slow-request", "the request's body did not arrive in time")
            return
        except Dropped:  # or its chunks are none, which the server tells in the same way
            await _refuse(send, "bad-request", "the request's body has no end")
            return
        exchange = _Exchange(send, asyncio.get_running_loop(), self.send_seconds)
        environ = _environ(scope, body)
        await self.threads.run(lambda: exchange.run(self.app, environ))

    async def _body(self, receive: Receive) -> bytes:
        body = bytearray()
        while True:
            message = await asyncio.wait_for(receive(), self.send_seconds)
            if message["type"] == "http.disconnect":
                raise Dropped("the client went away")
            body += message.get("body", b"")
            if not message.get("more_body") or len(body) > self.request_bytes:
                return bytes(body[: self.request_bytes + 1])


@dataclass(slots=True)
class _Exchange:
    """One request in its thread. Headers travel with the first piece.

    `left` is how many bytes of a known length are still to come; `more` whether the end is open.
    """

    send: Send
    loop: asyncio.AbstractEventLoop
    send_seconds: float
    head: dict[str, Any] | None = None
    started: bool = False
    left: int | None = None
    more: bool = True

    def run(self, app: WsgiApp, environ: dict[str, Any]) -> None:
        pieces = app(environ, self._start_response)
        try:
            for piece in pieces:
                if piece:
                    self._emit(piece)
            if self.more:
                self._emit(b"", last=True)
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], None]:
        if exc_info is not None and self.started:
            raise Dropped("the answer failed after it had begun")
        self.head = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers],
        }
        length = next((v for n, v in headers if n.lower() == "content-length"), "")
        self.left = int(length) if length.isdigit() else None
        return self._emit

    def _emit(self, data: bytes, last: bool = False) -> None:
        if self.left is not None:
            self.left -= len(data)
        self.more = not (last or self.left == 0)
        sending = asyncio.run_coroutine_threadsafe(self._send(data), self.loop)
        try:
            sending.result(self.send_seconds)
        except TimeoutError:
            sending.cancel()
            raise Dropped("the client is too slow") from None

    async def _send(self, data: bytes) -> None:
        if not self.started:
            assert self.head is not None
            self.started = True
            await self.send(self.head)
        await self.send({"type": "http.response.body", "body": data, "more_body": self.more})


async def _refuse(send: Send, kind: str, detail: str) -> None:
    problem = Problem(kind, detail).body()
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": problem["status"], "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """Return the WSGI environment of a request (PEP 3333)."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,  # else a body that came in chunks counts as empty
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        key = _SPECIAL.get(name) or "HTTP_" + name.upper().replace("-", "_")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ
