"""A WSGI app behind ASGI, so that what breaks off half-way breaks the connection.

Under a WSGI interface an answer that fails after its first piece looks complete to the client.
Here it does not end, so that the server closes the connection instead. Sending each piece has a
deadline; a client that is too slow is dropped and its answer closed.
"""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Final

from server.gateway.wire import Dropped, Scope, Send

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_SPECIAL: Final = {"content-length": "CONTENT_LENGTH", "content-type": "CONTENT_TYPE"}


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
    """Runs a WSGI application in threads, for ASGI requests.

    Attributes:
        app: the WSGI application.
        threads: where it runs.
        send_seconds: how long a client may take to accept one piece.
    """

    app: WsgiApp
    threads: Threads
    send_seconds: float

    async def run(self, scope: Scope, body: bytes, send: Send) -> None:
        """Answer one request, whose body has been read."""
        exchange = _Exchange(send, asyncio.get_running_loop(), self.send_seconds)
        environ = _environ(scope, body)
        await self.threads.run(lambda: exchange.run(self.app, environ))


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
