"""The worker processes: started, given another release, taken back, killed and replaced.

A thread of its own starts them, and lives as long as they do: they die with it. Everything else
happens in the event loop.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Protocol

from server.limits import Limits
from server.sparql.frames import READY
from server.sparql.portal import Portal
from server.sparql.process import Process, Store, start
from server.sparql.run import Run

_RETRY: Final = 1.0  # seconds until a worker that could not be started is tried again
_OPENING: Final = 30.0  # seconds that a worker may take to open a store


@dataclass(slots=True, eq=False)
class Worker:
    """A process and what it does.

    Attributes:
        ready: whether it has its store open and can take a query.
        proven: whether it has ever been ready.
    """

    process: Process = field(init=False)
    run: Run | None = None
    ready: bool = False
    proven: bool = False


class Told(Protocol):
    """Who hears of what workers say and do."""

    def received(self, worker: Worker, kind: bytes, payload: bytes) -> None:
        """A worker that has a run says something."""

    def lost(self, worker: Worker, run: Run) -> None:
        """A worker has gone by itself, in the midst of a run."""

    def unopened(self, release: str) -> None:
        """No worker can open the store of a release."""

    def freed(self) -> None:
        """A worker may be free."""


class Crew:
    """As many workers as there should be, on the release in force as soon as they are free.

    Attributes:
        idle: those that wait for a query; the last is the next.
        busy: those that have one.
        replaced: how many were killed, or ended by themselves.
        confined: whether the network is forbidden to them; None while that is not known.
    """

    def __init__(self, portal: Portal, limits: Limits, told: Told) -> None:
        self.idle: list[Worker] = []
        self.busy: set[Worker] = set()
        self.replaced = 0
        self.confined: bool | None = None
        self.closed = False
        self._portal = portal
        self._limits = limits
        self._told = told
        self._release: Store | None = None
        self._all: set[Worker] = set()
        self._dying: list[Process] = []
        self._starter = ThreadPoolExecutor(1, "query-starter")
        self._starting = 0
        self._opening: set[asyncio.Task[None]] = set()
        self._retry_at = 0.0

    @property
    def whole(self) -> bool:
        """Whether all workers that there should be are there."""
        return len(self._all) >= self._limits.query_workers

    @property
    def opened(self) -> bool:
        """Whether any worker has its store open."""
        return any(worker.ready for worker in self._all)

    def pids(self) -> list[int]:
        """Return the ids of all processes, sorted; for any thread."""
        return sorted(worker.process.pid for worker in tuple(self._all))

    def runs(self) -> Iterator[Run]:
        """Yield what runs now."""
        return (worker.run for worker in self.busy if worker.run is not None)

    def use(self, release: Store) -> None:
        """Have all workers on this release: the idle ones now, the others when they are free."""
        if self._release is not None and self._release.id == release.id:
            return
        self._release, self._retry_at = release, 0.0
        idle, self.idle = self.idle, []
        for worker in idle:
            self._reopen(worker, release)
        self.fill()

    def take(self, run: Run) -> None:
        """Give a run to an idle worker."""
        worker = self.idle.pop()
        worker.run, run.worker, run.begun = run, worker, time.monotonic()
        run.release = worker.process.release
        self.busy.add(worker)
        worker.process.send(run.frame)

    def free(self, worker: Worker) -> None:
        """Take a worker back; it gets the release in force, or is ended when it is of no use."""
        worker.run = None
        self.busy.discard(worker)
        if not worker.process.restore():
            self._retire(worker)
            self.fill()
        else:
            worker.process.resume()
            if self._release is not None and worker.process.release != self._release.id:
                self._reopen(worker, self._release)
            else:
                self.idle.append(worker)
        self._told.freed()

    def kill(self, worker: Worker) -> None:
        """End a worker in the middle of a run, and start another."""
        self.replaced += 1
        if worker.run is not None:
            worker.run.worker = None
        self._retire(worker)
        self.fill()

    def fill(self) -> None:
        """Start the workers that are missing, and end those that take too long to begin."""
        now = time.monotonic()
        for worker in tuple(self._all):
            if not worker.ready and now - worker.process.started > _OPENING:
                self._retire(worker)
        if self._release is None or self.closed or now < self._retry_at:
            return
        for _ in range(self._limits.query_workers - self._starting - len(self._all)):
            self._starting += 1
            task = self._portal.loop.create_task(self._open(self._release))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def settle(self) -> None:
        """Start nothing more, and wait until nothing is being started."""
        self.closed = True
        if self._opening:
            await asyncio.wait(tuple(self._opening))

    def end(self) -> list[Run]:
        """End all workers and wait until they have gone; returns what they were doing."""
        self.closed = True
        runs = list(self.runs())
        for worker in tuple(self._all):
            self._retire(worker)
        for run in runs:
            run.worker = None
        for process in self._dying:
            process.wait()
        return runs

    def close(self) -> None:
        """Let go of the thread that starts workers."""
        self._starter.shutdown()

    async def _open(self, release: Store) -> None:
        """Start a worker, in a thread of its own: it can take long when the machine is busy."""
        worker, loop = Worker(), asyncio.get_running_loop()
        try:
            started = await loop.run_in_executor(
                self._starter, start, release, self._limits.query_memory
            )
        except OSError:  # no process or memory to be had now; it may be later
            self._retry_at = time.monotonic() + _RETRY
            return
        finally:
            self._starting -= 1
        worker.process = Process(
            started,
            release.id,
            received=lambda kind, payload: self._received(worker, kind, payload),
            ended=lambda: self._ended(worker),
        )
        self._all.add(worker)
        if self.closed:
            self._retire(worker)

    def _reopen(self, worker: Worker, release: Store) -> None:
        worker.ready = False
        worker.process.reopen(release)

    def _received(self, worker: Worker, kind: bytes, payload: bytes) -> None:
        if kind == READY:
            worker.ready = worker.proven = True
            self.confined = json.loads(payload)["confined"]
            self.free(worker)
        else:
            self._told.received(worker, kind, payload)

    def _ended(self, worker: Worker) -> None:
        """Note that a worker has gone by itself."""
        run = worker.run
        self._retire(worker)
        self.replaced += 1
        if not worker.proven:
            self._retry_at = time.monotonic() + _RETRY
            if not self.opened:
                self._told.unopened(worker.process.release)
        if run is not None:
            run.worker = None
            self._told.lost(worker, run)
        self.fill()
        self._told.freed()

    def _retire(self, worker: Worker) -> None:
        worker.run = None
        self._all.discard(worker)
        self.busy.discard(worker)
        if worker in self.idle:
            self.idle.remove(worker)
        worker.process.kill()
        self._dying = [process for process in self._dying if not process.gone]
        self._dying.append(worker.process)
