"""The same question asked twice at once runs once.

Each who asks waits for the one run, and it goes on as long as somebody does. Everything here
happens in the pool's event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from server.problems import Problem
from server.sparql.cache import Kept, Key
from server.sparql.frames import Job
from server.sparql.pool import Pool
from server.sparql.run import Run, Stream

Found = tuple[Kept | Stream, str]
"""A whole answer or a stream of it, and the release that it is of."""


class Asked(NamedTuple):
    """A job, who asks it, and how long they let it run, None when they do not say."""

    job: Job
    client: str
    seconds: float | None


@dataclass(slots=True, eq=False)
class _Flight:
    """One run that several wait for.

    Attributes:
        waiting: how many wait for its first bytes, or for its end.
        kept: the whole answer, once it is there and not too large.
        taken: whether one of them reads it piece by piece; `left`, when that one has gone.
    """

    run: Run
    waiting: int = 0
    kept: Kept | None = None
    taken: bool = False
    left: bool = False


@dataclass(slots=True)
class Flights:
    """What is under way. `keep` keeps a whole answer, if that is not too large."""

    pool: Pool
    keep: Callable[[Key, bytes], Kept]
    _flights: dict[tuple[Key, float | None], _Flight] = field(default_factory=dict)

    async def alone(self, asked: Asked) -> Found:
        """Run a job for whoever asks it, and nobody else.

        Raises:
            Problem: no worker is free, or it fails before its first piece is out.
        """
        stream = await self.pool.start(asked.job, client=asked.client, seconds=asked.seconds)
        return (Kept(stream.first) if stream.whole else stream), stream.release

    async def join(self, asked: Asked, key: Key) -> Found:
        """Wait for the run of the same job if there is one, and begin one if not.

        Raises:
            Problem: no worker is free, or it fails before its first piece is out.
        """
        flight = self._flights.get((key, asked.seconds))
        first = flight is None
        if flight is None:
            flight = self._begin(asked, key)
        else:
            self.pool.join(flight.run, asked.client)
        flight.waiting += 1
        try:
            await (flight.run.settled() if first else flight.run.copied())
        except Problem as problem:
            if first or problem.kind != "busy":
                raise
            return await self.alone(asked)  # it had waited before this client came
        finally:
            flight.waiting -= 1
            self._look_after(flight)
        if flight.kept is not None:
            return flight.kept, flight.run.release
        if not flight.taken:
            flight.taken = True
            return self._stream_of(flight), flight.run.release
        return await self.alone(asked)  # too large to be shared

    def _begin(self, asked: Asked, key: Key) -> _Flight:
        run = self.pool.submit(asked.job, client=asked.client, seconds=asked.seconds)
        flight = self._flights[key, asked.seconds] = _Flight(run)
        run.landed = lambda: self._land(flight, key, asked.seconds)
        return flight

    def _land(self, flight: _Flight, key: Key, seconds: float | None) -> None:
        """Keep the answer of a flight, if that is not too large; nobody joins it any more."""
        self._flights.pop((key, seconds), None)
        run = flight.run
        if run.copy is not None:
            content = b"".join(run.copy) if len(run.copy) != 1 else run.copy[0]
            flight.kept = self.keep(Key(run.release, key.job), content)

    def _stream_of(self, flight: _Flight) -> Stream:
        def leave(run: Run) -> None:
            flight.left = True
            run.mute()
            self._look_after(flight)

        stream = self.pool.stream(flight.run)
        stream.abandon = leave
        return stream

    def _look_after(self, flight: _Flight) -> None:
        """End a flight soon, when the last who wanted it has gone away."""
        if not flight.waiting and not flight.run.done and (flight.left or not flight.taken):
            asyncio.get_running_loop().call_soon(self._forsake, flight)

    def _forsake(self, flight: _Flight) -> None:
        read = flight.taken and not flight.left
        if not flight.waiting and not read and not flight.run.done:
            self.pool.abandon(flight.run)
