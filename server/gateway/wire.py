"""Reading requests and sending answers over ASGI, with a deadline for each step."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from functools import cache
from typing import Any, Final

from server.limits import Limits
from server.problems import Problem

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PIECE: Final = 1 << 16  # bytes that are sent at once, each with a deadline
_PATIENCE: Final = 0.2  # seconds until a client is watched for going away


class Dropped(Exception):
    """The client went away or was too slow."""


def refuse_declared(length: bytes, most: int) -> None:
    """Refuse a body by what its Content-Length says, before any of it is read.

    Raises:
        Problem: it is larger than `most` bytes.
    """
    if length.isdigit() and int(length) > most:
        detail = "the body is too large"
        raise Problem("too-large", detail, hint=Limits.raising("request_bytes"))


async def read_body(receive: Receive, *, seconds: float, most: int) -> bytes:
    """Return a request's body; a larger one is cut off one byte beyond `most`.

    Raises:
        Problem: it does not arrive in time, or has no end.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":  # or its chunks are none
                    raise Problem("bad-request", "the request's body has no end")
                body += message.get("body", b"")
                if not message.get("more_body") or len(body) > most:
                    return bytes(body[: most + 1])
    except TimeoutError:
        detail = "the request's body did not arrive in time"
        raise Problem("slow-request", detail) from None


def head(status: int, headers: Mapping[str, str]) -> dict[str, Any]:
    """Return the message that starts an answer. The names are our own, and few."""
    encoded = [(_name(name), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": encoded}


@cache
def _name(name: str) -> bytes:
    return name.lower().encode("latin-1")


async def send_all(send: Send, start: MutableMapping[str, Any], content: bytes) -> None:
    """Send a short answer; the server's buffers take it at once."""
    await send(start)
    await send({"type": "http.response.body", "body": content})


async def send_pieces(
    send: Send,
    start: MutableMapping[str, Any],
    pieces: AsyncIterator[bytes],
    *,
    seconds: float,
) -> int:
    """Send an answer piece by piece and return its bytes.

    Raises:
        Dropped: the client takes longer than `seconds` for a piece.
    """
    sent = 0
    await send(start)
    async for data in pieces:
        for offset in range(0, len(data), PIECE):
            piece = data[offset : offset + PIECE]
            message = {"type": "http.response.body", "body": piece, "more_body": True}
            try:
                async with asyncio.timeout(seconds):  # wait_for may swallow a cancellation
                    await send(message)
            except TimeoutError:
                raise Dropped("the client is too slow") from None
            sent += len(piece)
    await send({"type": "http.response.body", "body": b""})
    return sent


async def refuse(send: Send, problem: Problem, headers: Mapping[str, str]) -> None:
    """Send a problem and close the connection, for what no application has seen."""
    content = json.dumps(problem.body()).encode()
    own = {"Content-Type": "application/problem+json", "Content-Length": str(len(content))}
    shown = {**headers, **problem.headers, **own, "Cache-Control": "no-store"}
    await send_all(send, head(problem.status, {**shown, "Connection": "close"}), content)


class Watch:
    """Cancels what runs inside when the client goes away; the body must have been read."""

    __slots__ = ("_receive", "_task", "_timer", "_watching")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._watching: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        loop = task.get_loop()
        self._timer = loop.call_later(_PATIENCE, self._begin)  # what ends sooner needs no watch

    def __exit__(self, *raised: object) -> None:
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()

    def _begin(self) -> None:
        self._watching = self._task.get_loop().create_task(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._task.cancel()
