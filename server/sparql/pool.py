"""The processes that run queries: lent out in turns, watched, killed and replaced.

No query runs in the web process. Everything here happens in one event loop; other threads come
in by `run`. One more thread starts the workers, and lives as long as they do: they die with it.

How the workers are shared, with N of them:

1. A client holds at most all but one of them, so that another client's query finds one free; one
   that is only starting is none of them.
2. A query starts on any free worker. After `short_seconds`, or with more than `SHARED` bytes of
   answer, it is a long one and needs one of N-1 places, of which a client has at most half. When
   none is free, it is ended, waits for one, and starts again: nothing of it has been sent yet.
   So one worker is always back within `short_seconds`. An answer of more than `HELD` bytes that
   takes its time goes out at once if there is such a place, and is held back if not.
3. Whoever waits is served in turns, client after client.
4. A worker busy for a while lets all others go first on the processors.

With one worker there is nothing to share out, and only 3 and 4 hold.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from kg.errors import ReleaseError
from server.clients import OURSELVES
from server.limits import Limits
from server.problems import Problem
from server.sparql import failures
from server.sparql.frames import DATA, ERROR, FINAL, READY, Job
from server.sparql.portal import Closed, Portal
from server.sparql.process import Process, Store, may_restore, start
from server.sparql.queue import FairQueue, Full
from server.sparql.run import SHARED, Answer, Broken, Run, Stream, read_all

__all__ = ["Answer", "Broken", "Pool", "Store", "Stream", "Worker", "read_all"]

HELD: Final = 1 << 16  # bytes of an answer that are held back before its first goes out
_PROMPT: Final = 0.005  # seconds within which an answer is rather waited for, to go out whole
_AHEAD: Final = 1 << 19  # bytes of a streamed answer that wait for a slow client
_TICK: Final = 0.02  # seconds between looks at the clock while something runs or waits
_LOOK: Final = 0.5  # seconds between looks whether the store is still there
_RETRY: Final = 1.0  # seconds until a worker that could not be started is tried again
_POLITE: Final = (0.1, 0.5)  # seconds after which a worker lets others go first; the latter when
# it can never do otherwise again, and has to be replaced
_OPENING: Final = 30.0  # seconds that a worker may take to open a store


@dataclass(slots=True, eq=False)
class Worker:
    """A process and what it does."""

    process: Process = field(init=False)
    run: Run | None = None
    ready: bool = False


class Pool:
    """Runs jobs in worker processes, on the release that is current when the job is asked for."""

    def __init__(
        self,
        current: Callable[[], Store],
        limits: Limits,
        *,
        on_kill: Callable[[str], None] = lambda reason: None,
    ) -> None:
        self._current = current
        self._limits = limits
        self.on_kill = on_kill
        self._release: Store | None = None
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._dying: list[Process] = []
        self._starter = ThreadPoolExecutor(1, "query-starter")  # lives as long as the workers
        self._starting = 0
        self._opening: set[asyncio.Task[None]] = set()
        self._busy: set[Worker] = set()
        self._queue: FairQueue[Run] = FairQueue(limits.queue_length, limits.client_queue)
        self._ticking = self._closed = self._gone = False
        self._retry_at = self._looked = 0.0
        self._seen = ""
        self._confined: bool | None = None
        self._polite = _POLITE[0 if may_restore() else 1]
        self.replaced = 0  # workers that were killed or ended by themselves
        self.portal = Portal("queries")
        self.portal.call(self._warm_up)

    # For threads.

    def run(self, job: Job, *, client: str = OURSELVES, seconds: float | None = None) -> Answer:
        """Run a query and wait until the status of its answer is certain.

        Raises:
            Problem: no worker is free, or the query fails before its first piece is out.
        """
        try:
            stream = self.portal.wait(self.start(job, client=client, seconds=seconds))
        except Closed:
            raise failures.ending() from None
        return Answer(stream, self.portal)

    def status(self) -> dict[str, Any]:
        """Return counts for the health page."""
        return {
            "idle": len(self._idle),
            "busy": len(self._busy),
            "waiting": len(self._queue),
            "replaced": self.replaced,
            "network_forbidden": self._confined,
        }

    def pids(self) -> list[int]:
        """Return the ids of all worker processes, sorted."""
        return sorted(worker.process.pid for worker in tuple(self._workers))

    def close(self) -> None:
        """End all workers and the event loop; answers under way break."""
        self.stop()
        self.portal.stop()
        self._starter.shutdown()

    def stop(self) -> None:
        """End all workers; answers under way break."""
        with suppress(Closed):
            self.portal.wait(self._ended_all())

    # For the event loop.

    async def start(
        self, job: Job, *, client: str = OURSELVES, seconds: float | None = None
    ) -> Stream:
        """Do what `run` does, in the pool's event loop.

        Raises:
            Problem: no worker is free, or the query fails before its first piece is out.
        """
        return await self.finish(self.submit(job, client=client, seconds=seconds))

    def submit(self, job: Job, *, client: str = OURSELVES, seconds: float | None = None) -> Run:
        """Let a query wait for its turn.

        Raises:
            Problem: there is no release, or no room in the queue.
        """
        self.use(self._current())
        allowed = self._limits.query_seconds
        run = Run(job, allowed if seconds is None else min(seconds, allowed))
        try:
            self._queue.put(run, client, bounded=client != OURSELVES)
        except Full as full:
            raise failures.full(self._limits, client=full.client) from None
        self._dispatch()
        return run

    def join(self, run: Run, client: str) -> None:
        """Let a run that waits have a turn of this client, too."""
        if run.worker is None and not run.done:
            try:
                self._queue.put(run, client, bounded=client != OURSELVES)
            except Full:
                return  # it still has the turns that it had
            self._dispatch()

    async def finish(self, run: Run) -> Stream:
        """Wait until the status of a run's answer is certain.

        Raises:
            Problem: it fails before that.
        """
        try:
            await run.settled()
        except asyncio.CancelledError:
            self.abandon(run)
            raise
        return self.stream(run)

    def stream(self, run: Run) -> Stream:
        """Return the answer of a run whose status is certain."""
        return Stream(run.release, run.take(), run.done, run, self.abandon)

    def abandon(self, run: Run) -> None:
        """Stop a run that nobody wants any more."""
        self._queue.remove(run)
        if run.worker is not None:
            self._kill(run.worker, "left")
        run.fail(failures.ending())
        self._dispatch()

    def release(self) -> str:
        """Return the id of the release in force, from any thread.

        Raises:
            Problem: there is none, or its store has vanished.
        """
        return self._present(self._current()).id

    def _present(self, release: Store) -> Store:
        now = time.monotonic()
        if release.id != self._seen or now - self._looked > _LOOK:
            self._seen, self._looked = release.id, now
            self._gone = not release.store_path.exists()
        if self._gone:
            raise failures.no_store(release.id)
        return release

    def use(self, release: Store) -> None:
        """Run what is not running yet on this release.

        Raises:
            Problem: its store has vanished.
        """
        if self._closed:
            raise failures.ending()
        self._present(release)
        if self._release is None or self._release.id != release.id:
            self._release, self._retry_at = release, 0.0
            for worker in [one for one in self._workers if one.run is None]:
                self._retire(worker)
            self._fill()
        self._tick()

    def _warm_up(self) -> None:
        with suppress(Problem, ReleaseError):  # whoever asks is told
            self.use(self._current())

    # Taking turns.

    def _dispatch(self) -> None:
        while self._idle and len(self._queue):
            found = self._queue.next(self._may_start, takes=self._has_worker)
            if found is None:
                return
            run, client = found
            run.client = client
            self._begin(run, self._idle.pop())

    def _begin(self, run: Run, worker: Worker) -> None:
        worker.run, run.worker, run.begun = run, worker, time.monotonic()
        run.release = worker.process.release
        self._busy.add(worker)
        worker.process.send(run.frame)
        self._tick()

    def _has_worker(self, client: str) -> bool:
        held = sum(one.run is not None and one.run.client == client for one in self._busy)
        if not held or self._limits.query_workers == 1:
            return True
        return held < len(self._idle) + len(self._busy) - 1  # of those that are there now

    def _may_start(self, run: Run, client: str) -> bool:
        return not run.long or self._has_long_place(client)

    def _has_long_place(self, client: str) -> bool:
        places = self._limits.query_workers - 1
        if not places:
            return True
        taken = Counter(
            one.run.client for one in self._busy if one.run is not None and one.run.long
        )
        return taken.total() < places and taken[client] < (places + 1) // 2

    def _lengthen(self, run: Run) -> bool:
        """Make a run a long one; when there is no place for it, it waits and starts again."""
        if run.long:
            return True
        if self._has_long_place(run.client):
            run.long = True
            return True
        assert run.worker is not None
        self._kill(run.worker, "moved")
        run.long, run.worker, run.asked = True, None, time.monotonic()
        run.restart()
        self._queue.put_back(run, run.client)
        self._dispatch()
        return False

    # What workers say.

    def _received(self, worker: Worker, kind: bytes, payload: bytes) -> None:
        if kind == READY:
            worker.ready, self._confined = True, json.loads(payload)["confined"]
            self._free(worker)
            return
        run = worker.run
        assert run is not None
        if kind == ERROR:
            failure = failures.of_engine(json.loads(payload), run.job)
            run.worker = None
            run.fail(failure)
            if failure.kind == "engine-stopped":  # what memory it has left is not known
                self._kill(worker, "memory")
            else:
                self._free(worker)
            return
        assert kind in (DATA, FINAL)
        run.put(payload)
        if kind == FINAL:
            run.worker = None
            self._free(worker)  # before the last piece goes out: the client may be slow to take it
            run.finish()
        elif not run.ready:
            self._release_early(run, time.monotonic() - run.begun)
        else:
            if run.size > _AHEAD and run.copy is None:
                worker.process.pause()
            run.wake()

    def _release_early(self, run: Run, seconds: float) -> None:
        """Let an answer go out before its end, when it is large or takes its time."""
        if run.size > SHARED:
            if self._lengthen(run):
                run.go(streams=True)
        elif run.size > HELD and seconds > _PROMPT:
            run.long = run.long or self._has_long_place(run.client)
            if run.long:
                run.go(streams=True)

    def _ended(self, worker: Worker) -> None:
        """Note that a worker has gone by itself."""
        run = worker.run
        self._retire(worker)
        if not worker.ready:
            self._retry_at = time.monotonic() + _RETRY
            if not any(other.ready for other in self._workers):
                self._fail_waiting(failures.no_store(worker.process.release))
        elif run is not None:
            self.on_kill("crashed")
            run.worker = None
            run.fail(failures.died())
        self.replaced += self._is_current(worker)
        self._fill()
        self._dispatch()

    def _free(self, worker: Worker) -> None:
        """Take a worker back, or end it when it is of no more use."""
        worker.run = None
        self._busy.discard(worker)
        if not self._is_current(worker):
            self._retire(worker)
        elif not worker.process.restore():
            self._retire(worker)
            self._fill()
        else:
            worker.process.resume()
            self._idle.append(worker)
        self._dispatch()

    # Starting and ending workers.

    def _fill(self) -> None:
        """Start the workers that are missing."""
        if self._release is None or self._closed or time.monotonic() < self._retry_at:
            return
        missing = self._limits.query_workers - self._starting
        for _ in range(missing - sum(map(self._is_current, self._workers))):
            self._starting += 1
            task = self.portal.loop.create_task(self._open(self._release))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)
        self._tick()

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
        self._workers.add(worker)
        if self._closed or not self._is_current(worker):
            self._retire(worker)
            self._fill()

    def _kill(self, worker: Worker, reason: str) -> None:
        """End a worker in the middle of a run, and start another."""
        self.on_kill(reason)
        self.replaced += self._is_current(worker)
        if worker.run is not None:
            worker.run.worker = None
        self._retire(worker)
        self._fill()

    def _retire(self, worker: Worker) -> None:
        worker.run = None
        self._drop(worker)
        worker.process.kill()
        self._dying = [process for process in self._dying if not process.gone]
        self._dying.append(worker.process)

    def _drop(self, worker: Worker) -> None:
        self._workers.discard(worker)
        self._busy.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)

    def _is_current(self, worker: Worker) -> bool:
        return self._release is not None and worker.process.release == self._release.id

    async def _ended_all(self) -> None:
        self._closed = True
        if self._opening:
            await asyncio.wait(tuple(self._opening))
        self._end()

    def _end(self) -> None:
        self._closed = True
        self._fail_waiting(failures.ending())
        for worker in tuple(self._workers):
            run = worker.run
            self._retire(worker)
            if run is not None:
                run.worker = None
                run.fail(failures.ending())
        for process in self._dying:
            process.wait()

    def _fail_waiting(self, failure: Problem) -> None:
        for run in self._queue:
            self._queue.remove(run)
            run.fail(failure)

    # The clock.

    def _tick(self) -> None:
        if not self._ticking and not self._closed:
            self._ticking = True
            self.portal.loop.call_later(_TICK, self._look)

    def _look(self) -> None:
        self._ticking = False
        now = time.monotonic()
        for worker in tuple(self._busy):
            if worker.run is not None:
                self._judge(worker, worker.run, now - worker.run.begun)
        opened = any(worker.ready for worker in self._workers)  # else it is not for being busy
        for run in self._queue:
            if opened and now - run.asked > self._limits.query_wait:
                self._queue.remove(run)
                run.fail(failures.busy(self._limits))
        for worker in tuple(self._workers):
            if not worker.ready and now - worker.process.started > _OPENING:
                self._retire(worker)
        self._fill()
        if self._busy or len(self._queue) or len(self._workers) < self._limits.query_workers:
            self._tick()

    def _judge(self, worker: Worker, run: Run, seconds: float) -> None:
        """Look at a run that has taken so long."""
        if seconds >= run.seconds:
            self._kill(worker, "deadline")
            run.fail(failures.timeout(run.seconds))
            self._dispatch()
            return
        if seconds > self._polite:
            worker.process.lower()
        if seconds > self._limits.short_seconds:
            self._lengthen(run)
        if not run.ready and run.worker is not None:
            self._release_early(run, seconds)
