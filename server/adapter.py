"""A WSGI app behind ASGI, so that what breaks off half-way breaks the connection.

Under a WSGI interface an answer that fails after its first piece looks complete to the client.
Here it does not end, so that the server closes the connection instead.

A thread is held while the app works, and not while a client reads: the event loop sends what a
thread has fetched, each piece with a deadline, and then asks a thread for more. A client that is
too slow is dropped and its answer closed.
"""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from server.gateway.wire import PIECE, Dropped, Scope, Send

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Turn = Callable[[], AbstractAsyncContextManager[None]]
_T = TypeVar("_T")

_FETCHED: Final = 1 << 17  # bytes that a thread fetches at once; as many wait for a slow client
_SPECIAL: Final = {"content-length": "CONTENT_LENGTH", "content-type": "CONTENT_TYPE"}


class Threads:
    """A fixed number of daemon threads that run calls in the order of their arrival."""

    def __init__(self, count: int) -> None:
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        for number in range(count):
            name = f"request-{number}"
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def run(self, call: Callable[[], _T]) -> asyncio.Future[_T]:
        """Run a call in a thread; to be called from an event loop."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_T] = loop.create_future()

        def settle(give: Callable[[], None]) -> None:
            if not done.cancelled():
                give()

        def work() -> None:
            try:
                give = partial(done.set_result, call())
            except BaseException as error:  # handed to whoever awaits
                give = partial(done.set_exception, error)
            with suppress(RuntimeError):  # the loop may have ended
                loop.call_soon_threadsafe(settle, give)

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
        threads: where it runs until there is a first piece; it may wait for others there.
        fetchers: where the rest of an answer is fetched, so that what has begun can always end.
        send_seconds: how long a client may take to accept one piece.
    """

    app: WsgiApp
    threads: Threads
    fetchers: Threads
    send_seconds: float

    async def run(self, scope: Scope, body: bytes, send: Send, *, turn: Turn = nullcontext) -> None:
        """Answer one request, whose body has been read; `turn` is held until there is an answer.

        Raises:
            Dropped: the client is too slow.
        """
        answer = _Answer(self.app, _environ(scope, body))
        try:
            async with turn():
                pieces = await self.threads.run(answer.fetch)
            await send(answer.head)
            await self._send(pieces, send, ended=answer.ended)
            while not answer.ended:
                pieces = await self.fetchers.run(answer.fetch)
                await self._send(pieces, send, ended=answer.ended)
        finally:
            answer.close()

    async def _send(self, pieces: list[bytes], send: Send, *, ended: bool) -> None:
        data = b"".join(pieces) if len(pieces) != 1 else pieces[0]
        for offset in range(0, len(data) or 1, PIECE):
            piece = data[offset : offset + PIECE]
            more = not (ended and offset + PIECE >= len(data))
            try:
                async with asyncio.timeout(self.send_seconds):
                    await send({"type": "http.response.body", "body": piece, "more_body": more})
            except TimeoutError:
                raise Dropped("the client is too slow") from None


@dataclass(slots=True)
class _Answer:
    """An answer of the app, fetched by threads, one after the other.

    Attributes:
        head: the message that starts it; there after the first `fetch`.
        ended: whether all has been fetched.
    """

    app: WsgiApp
    environ: dict[str, Any]
    head: dict[str, Any] = field(default_factory=dict)
    ended: bool = False
    _left: int | None = None  # bytes of a known length that are still to come
    _given: Iterable[bytes] | None = None
    _pieces: Iterator[bytes] = field(default_factory=lambda: iter(()))
    _written: list[bytes] = field(default_factory=list)
    _working: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False

    def fetch(self) -> list[bytes]:
        """Return what comes next, about as much as is to be fetched at once."""
        try:
            with self._working:
                if self._given is None:
                    self._given = self.app(self.environ, self._start_response)
                    self._pieces = iter(self._given)
                return self._next()
        finally:
            self._settle()

    def close(self) -> None:
        """Close what the app gave, as soon as no thread works on it; never waits."""
        self._closed = True
        self._settle()

    def _settle(self) -> None:
        """Whoever comes last, of the thread that works and of who closes, does it."""
        if self._closed and self._working.acquire(blocking=False):
            try:
                given, self._given = self._given, ()
                close = getattr(given, "close", None)
                if close is not None:
                    close()
            finally:
                self._working.release()

    def _next(self) -> list[bytes]:
        """Take pieces until they are enough; of a known length, until the end is certain."""
        found, self._written = self._written, []
        size = sum(map(len, found))
        while size < _FETCHED or size == self._left:
            piece = next(self._pieces, None)
            if piece is None:
                self.ended = True
                break
            found.append(piece)
            size += len(piece)
        if self._left is not None:
            self._left -= size
        return found

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], None]:
        self.head = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers],
        }
        length = next((v for n, v in headers if n.lower() == "content-length"), "")
        self._left = int(length) if length.isdigit() else None
        return self._written.append


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
    if body or "CONTENT_LENGTH" in environ:  # else nobody said that there is one: 411 tells so
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ
