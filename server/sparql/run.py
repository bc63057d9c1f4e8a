"""One query on its way through the pool, and what comes out of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.sparql.frames import JOB, Job, frame
from server.sparql.portal import Closed, Portal

if TYPE_CHECKING:
    from server.sparql.pool import Worker


class Broken(Exception):
    """An answer broke off after its first piece had gone out; the connection must break, too."""


class Run:
    """A query that waits, runs, or has ended. Belongs to the pool's event loop.

    Attributes:
        seconds: how long it may run.
        client: whose turn it was; "" while it waits for the first time.
        long: whether it takes, or waits for, one of the places for long queries.
        begun: when it began to run; `asked` when it began to wait.
        ready: done when the status of the answer is certain: all is there, or much of it is.
        release: of the store that it runs on.
    """

    def __init__(self, job: Job, seconds: float) -> None:
        self.job = job
        self.frame = frame(JOB, job.encode())
        self.seconds = seconds
        self.client = ""
        self.release = ""
        self.long = False
        self.streams = False
        self.done = False
        self.begun = 0.0
        self.asked = time.monotonic()
        self.worker: Worker | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.parts: list[bytes] = []
        self.size = 0
        self._failure: Exception | None = None
        self._wanted: asyncio.Future[None] | None = None

    def put(self, piece: bytes) -> None:
        """Take a piece of the answer from the worker."""
        self.parts.append(piece)
        self.size += len(piece)

    def go(self, *, streams: bool) -> None:
        """Say that the status is certain; with `streams`, more is to come."""
        self.streams = streams
        if not self.ready.done():
            self.ready.set_result(None)

    def fail(self, failure: Exception) -> None:
        """End without a whole answer."""
        self.done = True
        if not self.streams:
            if not self.ready.done():
                self.ready.set_exception(failure)
                self.ready.exception()  # looked at, lest asyncio complain when nobody waits
            return
        self._failure = Broken(str(failure))
        self.wake()

    def wake(self) -> None:
        """Tell whoever waits for a piece."""
        if self._wanted is not None and not self._wanted.done():
            self._wanted.set_result(None)

    def take(self) -> bytes:
        """Return the pieces that are at hand; the worker may go on."""
        data = b"".join(self.parts) if len(self.parts) != 1 else self.parts[0]
        self.parts.clear()
        self.size = 0
        if self.worker is not None:
            self.worker.process.resume()
        return data

    async def piece(self) -> bytes:
        """Return what comes next; b"" at the end.

        Raises:
            Broken: the answer stops short.
        """
        while not self.parts:
            if self._failure is not None:
                raise self._failure
            if self.done:
                return b""
            self._wanted = asyncio.get_running_loop().create_future()
            await self._wanted
        return self.take()


@dataclass(slots=True)
class Stream:
    """What a worker gives back, for the event loop. It must be closed.

    Attributes:
        release: id of the release that was asked.
        first: the first bytes.
        whole: whether `first` is all there is; then the worker is free again.
    """

    release: str
    first: bytes
    whole: bool
    run: Run
    abandon: Callable[[Run], None]

    async def piece(self) -> bytes:
        """Return what comes next; b"" at the end.

        Raises:
            Broken: the answer stops short.
        """
        return await self.run.piece()

    def close(self) -> None:
        """End the worker when it has not finished."""
        if not self.run.done:
            self.abandon(self.run)


@dataclass(slots=True)
class Answer:
    """A stream for threads. `rest` comes in pieces; it must be closed."""

    stream: Stream
    portal: Portal

    @property
    def release(self) -> str:
        """Id of the release that was asked."""
        return self.stream.release

    @property
    def first(self) -> bytes:
        """The first bytes."""
        return self.stream.first

    @property
    def whole(self) -> bool:
        """Whether `first` is all there is."""
        return self.stream.whole

    @property
    def rest(self) -> Iterator[bytes]:
        """Yield the other pieces.

        Raises:
            Broken: they stop short.
        """
        while not self.stream.whole:
            try:
                piece = self.portal.wait(self.stream.piece())
            except Closed:
                raise Broken("the server ends") from None
            if not piece:
                return
            yield piece

    def close(self) -> None:
        """Give the worker back, or end it when it has not finished."""
        self.portal.tell(self.stream.close)


def read_all(answer: Answer) -> bytes:
    """Return all bytes of an answer.

    Raises:
        Broken: it stopped short.
    """
    with closing(answer):
        return b"".join((answer.first, *answer.rest))
