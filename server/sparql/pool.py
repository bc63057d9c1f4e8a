"""The processes that run queries: lent out in turns, watched, killed and replaced.

No query runs in the web process. Everything here happens in one event loop; other threads come
in by `run`. `sharing` tells how the workers are shared, `crew` how they are started and ended.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from kg.errors import ReleaseError
from server.clients import OURSELVES
from server.limits import Limits
from server.problems import Problem
from server.sparql import failures
from server.sparql.crew import Crew, Worker
from server.sparql.frames import DATA, ERROR, FINAL, Job
from server.sparql.portal import Closed, Portal
from server.sparql.process import Store, may_restore
from server.sparql.queue import FairQueue, Full
from server.sparql.run import SHARED, Answer, Broken, Run, Stream, read_all
from server.sparql.sharing import Sharing

__all__ = ["Answer", "Broken", "Pool", "Store", "Stream", "read_all"]

HELD: Final = 1 << 16  # bytes of an answer that are held back before its first goes out
_PROMPT: Final = 0.005  # seconds within which an answer is rather waited for, to go out whole
_AHEAD: Final = 1 << 19  # bytes of a streamed answer that wait for a slow client
_TICK: Final = 0.02  # seconds between looks at the clock while something runs or waits
_LOOK: Final = 0.5  # seconds between looks whether the store is still there
_POLITE: Final = (0.1, 0.5)  # seconds after which a worker lets others go first; the latter when
# it can never do otherwise again, and has to be replaced


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
        self._queue: FairQueue[Run] = FairQueue(limits.queue_length, limits.client_queue)
        self._ticking = False
        self._seen = ("", 0.0, False)  # a release, until when that is known, whether it is there
        self._polite = _POLITE[0 if may_restore() else 1]
        self.portal = Portal("queries")
        self._crew = Crew(self.portal, limits, self)
        self._sharing = Sharing(self._crew, limits.query_workers)
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
            "idle": len(self._crew.idle),
            "busy": len(self._crew.busy),
            "waiting": len(self._queue),
            "replaced": self._crew.replaced,
            "network_forbidden": self._crew.confined,
        }

    @property
    def replaced(self) -> int:
        """How many workers were killed, or ended by themselves."""
        return self._crew.replaced

    def pids(self) -> list[int]:
        """Return the ids of all worker processes, sorted."""
        return self._crew.pids()

    def close(self) -> None:
        """End all workers and the event loop; answers under way break."""
        self.stop()
        self.portal.stop()
        self._crew.close()

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
        self.freed()
        return run

    def join(self, run: Run, client: str) -> None:
        """Let a run that waits have a turn of this client, too."""
        if run.worker is None and not run.done:
            try:
                self._queue.put(run, client, bounded=client != OURSELVES)
            except Full:
                return  # it still has the turns that it had
            self.freed()

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
        self.freed()

    def release(self) -> str:
        """Return the id of the release in force, from any thread.

        Raises:
            Problem: there is none, or its store has vanished.
        """
        return self._present(self._current()).id

    def _present(self, release: Store) -> Store:
        now, (seen, until, there) = time.monotonic(), self._seen
        if release.id != seen or now > until:
            there = release.store_path.exists()
            self._seen = release.id, now + _LOOK, there
        if not there:
            raise failures.no_store(release.id)
        return release

    def use(self, release: Store) -> None:
        """Run what is not running yet on this release.

        Raises:
            Problem: its store has vanished.
        """
        if self._crew.closed:
            raise failures.ending()
        self._crew.use(self._present(release))
        self._tick()

    def _warm_up(self) -> None:
        with suppress(Problem, ReleaseError):  # whoever asks is told
            self.use(self._current())

    # Taking turns.

    def freed(self) -> None:
        """Let those have a turn who can."""
        crew = self._crew
        while crew.idle and len(self._queue):
            found = self._queue.next(self._may_start, takes=self._sharing.has_worker)
            if found is None:
                return
            run, client = found
            run.client = client
            crew.take(run)
            self._tick()

    def _may_start(self, run: Run, client: str) -> bool:
        return not run.long or self._sharing.has_long_place(client)

    def _lengthen(self, run: Run) -> bool:
        """Make a run a long one; when there is no place for it, it waits and starts again."""
        if run.long:
            return True
        if self._sharing.has_long_place(run.client):
            run.long = True
            return True
        assert run.worker is not None
        self._kill(run.worker, "moved")
        run.long, run.worker, run.asked = True, None, time.monotonic()
        run.restart()
        self._queue.put_back(run, run.client)
        self.freed()
        return False

    # What workers say.

    def received(self, worker: Worker, kind: bytes, payload: bytes) -> None:
        """Take what a worker says about its run."""
        run = worker.run
        assert run is not None
        if kind == ERROR:
            failure = failures.of_engine(json.loads(payload), run.job)
            run.worker = None
            run.fail(failure)
            if failure.kind == "engine-stopped":  # what memory it has left is not known
                self._kill(worker, "memory")
            else:
                self._crew.free(worker)
            return
        assert kind in (DATA, FINAL)
        run.put(payload)
        if kind == FINAL:
            run.worker = None
            self._crew.free(
                worker
            )  # before the last piece goes out: the client may be slow to take it
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
            run.long = run.long or self._sharing.has_long_place(run.client)
            if run.long:
                run.go(streams=True)

    def lost(self, worker: Worker, run: Run) -> None:
        """Tell that a run's worker has gone; a run that it had not begun with waits again."""
        self.on_kill("crashed")
        if worker.process.unheard and not run.heard:
            self._queue.put_back(run, run.client)
        else:
            run.fail(failures.died())

    def unopened(self, release: str) -> None:
        """Tell all who wait that the store does not open."""
        self._fail_waiting(failures.no_store(release))

    def _kill(self, worker: Worker, reason: str) -> None:
        """End a worker in the middle of a run, and start another."""
        self.on_kill(reason)
        self._crew.kill(worker)

    async def _ended_all(self) -> None:
        await self._crew.settle()
        self._fail_waiting(failures.ending())
        for run in self._crew.end():
            run.fail(failures.ending())

    def _fail_waiting(self, failure: Problem) -> None:
        for run in self._queue:
            self._queue.remove(run)
            run.fail(failure)

    # The clock.

    def _tick(self) -> None:
        if not self._ticking and not self._crew.closed:
            self._ticking = True
            self.portal.loop.call_later(_TICK, self._look)

    def _look(self) -> None:
        self._ticking = False
        now, crew = time.monotonic(), self._crew
        for worker in tuple(crew.busy):
            if worker.run is not None:
                self._judge(worker, worker.run, now - worker.run.begun)
        opened = crew.opened  # else a query does not wait for others
        for run in self._queue:
            if opened and now - run.asked > self._limits.query_wait:
                self._queue.remove(run)
                run.fail(failures.busy(self._limits))
        crew.fill()
        if crew.busy or len(self._queue) or not crew.whole:
            self._tick()

    def _judge(self, worker: Worker, run: Run, seconds: float) -> None:
        """Look at a run that has taken so long."""
        if seconds >= run.seconds:
            self._kill(worker, "deadline")
            run.fail(failures.timeout(run.seconds))
            self.freed()
            return
        if seconds > self._polite:
            worker.process.lower()
        if seconds > self._limits.short_seconds:
            self._lengthen(run)
        if not run.ready and run.worker is not None:
            self._release_early(run, seconds)
