"""One query on its way through the pool, and what comes out of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.sparql.frames import JOB, Job, frame
from server.sparql.portal import Closed, Portal

if TYPE_CHECKING:
    from server.sparql.crew import Worker


SHARED: Final = 1 << 20  # bytes of the largest answer that is handed to several, or held back whole


class Broken(Exception):
    """An answer broke off after its first piece had gone out; the connection must break, too."""


class Run:
    """A query that waits, runs, or has ended. Belongs to the pool's event loop.

    Attributes:
        seconds: how long it may run.
        client: whose turn it was; "" while it waits for the first time.
        long: whether it takes, or waits for, one of the places for long queries.
        begun: when it began to run; `asked` when it began to wait.
        ready: whether the status of the answer is certain: all is there, or much of it is.
        streams: whether it was certain before the end.
        done: whether it has ended, well or not.
        parts: what nobody has taken yet, of `size` bytes.
        copy: all pieces so far, for whoever asks the same; None when they are too many.
        landed: called once, as soon as it is certain whether `copy` is, or can be, the answer.
        release: of the store that it runs on.
    """

    def __init__(self, job: Job, seconds: float) -> None:
        self.job = job
        self.frame = frame(JOB, job.encode())
        self.seconds = seconds
        self.client = ""
        self.release = ""
        self.long = self.ready = self.streams = self.done = False
        self.begun = 0.0
        self.asked = time.monotonic()
        self.worker: Worker | None = None
        self.parts: list[bytes] = []
        self.size = 0
        self.copy: list[bytes] | None = []
        self.landed: Callable[[], None] = _nothing
        self.failure: Exception | None = None
        self._copied = 0
        self._muted = False
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def heard(self) -> bool:
        """Whether anything of the answer has come from the worker that has it."""
        return self._copied > 0 or self.ready

    def put(self, piece: bytes) -> None:
        """Take a piece of the answer from the worker."""
        if not self._muted:
            self.parts.append(piece)
            self.size += len(piece)
        if self.copy is not None:
            self._copied += len(piece)
            self.copy.append(piece)
            if self._copied > SHARED:
                self.copy = None
                self.landed()

    def go(self, *, streams: bool) -> None:
        """Say that the status is certain; with `streams`, more is to come."""
        self.ready, self.streams = True, streams
        self.wake()

    def finish(self) -> None:
        """End with a whole answer."""
        self.done = self.ready = True
        if self.copy is not None:
            self.landed()
        self.wake()

    def fail(self, failure: Exception) -> None:
        """End without a whole answer."""
        if not self.done:
            self.done, self.failure = True, failure
            if self.copy is not None:
                self.copy = None
                self.landed()
            self.wake()

    def restart(self) -> None:
        """Forget what came; it runs again from the beginning."""
        self.take()
        self.copy, self._copied = [], 0

    def mute(self) -> None:
        """Keep no parts from now on: nobody reads them, though somebody waits for `copy`."""
        self._muted = True
        self.take()

    def wake(self) -> None:
        """Tell whoever waits that something has changed."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    def take(self) -> bytes:
        """Return the pieces that are at hand; the worker may go on."""
        data = b"".join(self.parts) if len(self.parts) != 1 else self.parts[0]
        self.parts.clear()
        self.size = 0
        if self.worker is not None:
            self.worker.process.resume()
        return data

    async def settled(self) -> None:
        """Wait until the status of the answer is certain.

        Raises:
            Problem: it fails before that.
        """
        while not self.ready and self.failure is None:
            await self._change()
        if self.failure is not None and not self.ready:
            raise self.failure

    async def copied(self) -> None:
        """Wait until `copy` is the whole answer, or None because that is too large.

        Raises:
            Problem: it fails before that.
        """
        while self.copy is not None and not self.done:
            await self._change()
        if self.failure is not None:
            raise self.failure

    async def piece(self) -> bytes:
        """Return what comes next; b"" at the end.

        Raises:
            Broken: the answer stops short.
        """
        while not self.parts:
            if self.failure is not None:
                raise Broken(str(self.failure))
            if self.done:
                return b""
            await self._change()
        return self.take()

    async def _change(self) -> None:
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        await waiting


def _nothing() -> None:
    """Do nothing."""


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
