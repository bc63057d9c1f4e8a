"""The processes that run queries: lent out, watched, killed and replaced.

No query runs in the web process. One thread, the keeper, lives as long as the pool; it starts every
worker (a worker dies with the thread that started it) and kills those whose time is over, whatever
the thread that reads from them is doing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from server.limits import Limits
from server.problems import Problem
from server.sparql.frames import DATA, ERROR, FINAL, JOB, READY, FrameReader, Job, frame, write
from server.sparql.syntax import syntax_problem

_RETRY: Final = 1.0  # seconds until a worker that could not be started is tried again
_PACKAGES: Final = Path(__file__).resolve().parents[2]  # where `server` is imported from


class Store(Protocol):
    """What the pool must know of a release."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def store_path(self) -> Path:
        """The folder of its store."""


class Broken(Exception):
    """An answer broke off after its first piece had gone out; the connection must break, too."""


class _Worker:
    """One process. Belongs to the keeper while it starts, then to whoever runs a job on it."""

    def __init__(self, release: Store, memory: int) -> None:
        self.release = release.id
        self.deadline = 0.0
        self.expired = False
        self.ready = False
        self.confined = False
        program = [sys.executable, "-P", "-m", "server.sparql.worker"]
        self._process = subprocess.Popen(
            [*program, str(release.store_path), str(os.getpid()), str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={"PYTHONPATH": str(_PACKAGES), "LC_ALL": "C.UTF-8"},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._frames = FrameReader(self._process.stdout.fileno())

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, job: Job) -> None:
        assert self._process.stdin is not None
        write(self._process.stdin.fileno(), frame(JOB, job.encode()))

    def receive(self) -> tuple[bytes, bytes] | None:
        """Return the next frame of a job; None when the worker is gone."""
        received = self._frames.read()
        if received is not None and received[0] == READY:
            self.ready, self.confined = True, json.loads(received[1])["confined"]
            received = self._frames.read()
        return received

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process and let go of its pipes; only for whoever reads from it."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


@dataclass(slots=True)
class Answer:
    """What a worker gives back. `first` is at hand; `rest` comes in pieces, and must be closed.

    Attributes:
        release: id of the release that was asked.
        first: the first bytes.
        whole: whether `first` is all there is; then the worker is free again.
        rest: the other pieces; raises `Broken` when they stop short.
    """

    release: str
    first: bytes
    whole: bool
    rest: Iterator[bytes]

    def close(self) -> None:
        """Give the worker back, or end it when it has not finished."""
        close: Callable[[], None] | None = getattr(self.rest, "close", None)
        if close is not None:
            close()


class Pool:
    """Runs jobs in worker processes, on the release that is current when the job starts."""

    def __init__(self, current: Callable[[], Store], limits: Limits) -> None:
        self._current = current
        self._limits = limits
        self._changed = threading.Condition()
        self._release: Store | None = None
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._closed = False
        self._confined: bool | None = None
        self.replaced = 0  # workers that were killed or ended by themselves
        self._keeper = threading.Thread(target=self._keep, name="query-keeper", daemon=True)
        self._keeper.start()

    def run(self, job: Job) -> Answer:
        """Run a query and wait for its first piece.

        Raises:
            Problem: no worker is free, or the query fails before its first piece is out.
        """
        worker = self._borrow()
        answer = self._pieces(worker, job)
        whole, first = next(answer)
        rest = (piece for _, piece in answer)
        return Answer(worker.release, first, whole, _Closing(rest, answer))

    def status(self) -> dict[str, Any]:
        """Return counts for the health page."""
        with self._changed:
            return {
                "idle": len(self._idle),
                "busy": len(self._busy),
                "replaced": self.replaced,
                "network_forbidden": self._confined,
            }

    def pids(self) -> list[int]:
        """Return the ids of all worker processes, sorted."""
        with self._changed:
            return sorted(worker.pid for worker in (*self._idle, *self._busy))

    def close(self) -> None:
        """End all workers; answers under way break."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._keeper.join()
        with self._changed:
            for worker in self._busy:
                worker.kill()
            for worker in self._idle:
                worker.close()
            self._idle.clear()

    def _borrow(self) -> _Worker:
        release = self._current()
        until = time.monotonic() + self._limits.query_wait
        with self._changed:
            if self._release is None or self._release.id != release.id:
                self._release = release
                self._changed.notify_all()
            while not self._closed:
                worker = self._take_idle(release.id)
                if worker is not None:
                    worker.deadline = time.monotonic() + self._limits.query_seconds
                    self._busy.add(worker)
                    self._changed.notify_all()  # the keeper must know the deadline
                    return worker
                left = until - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
        raise Problem(
            "busy",
            f"all query processes were busy for {self._limits.query_wait:g} seconds",
            hint="try again after a while",
            headers={"Retry-After": "5"},
        )

    def _take_idle(self, release: str) -> _Worker | None:
        for worker in reversed(self._idle):  # the last used has the warmest cache
            if worker.release == release:
                self._idle.remove(worker)
                if worker.alive():
                    return worker
                worker.close()
                self.replaced += 1
                self._changed.notify_all()
                return self._take_idle(release)
        return None

    def _pieces(self, worker: _Worker, job: Job) -> Iterator[tuple[bool, bytes]]:
        """Yield (is it the last, piece); gives the worker back exactly once, or ends it."""
        mine, reusable = True, False
        try:
            for last, piece in self._received(worker, job):
                if last:  # free before the last piece goes out: the client may be slow to take it
                    mine = False
                    self._give_back(worker, reusable=True)
                yield last, piece
        except Problem as problem:
            reusable = problem.kind not in ("timeout", "engine-stopped", "no-release")
            raise
        finally:
            if mine:
                self._give_back(worker, reusable=reusable)

    def _received(self, worker: _Worker, job: Job) -> Iterator[tuple[bool, bytes]]:
        started = False
        try:
            worker.send(job)
        except BrokenPipeError:
            raise self._ended(worker) from None
        while True:
            received = worker.receive()
            if received is None:
                problem = self._ended(worker)
                raise Broken(problem.detail) if started else problem
            kind, payload = received
            if kind == ERROR:
                failure = _failure(json.loads(payload), job)
                raise Broken(failure.detail) if started else failure
            assert kind in (DATA, FINAL)
            yield kind == FINAL, payload
            if kind == FINAL:
                return
            started = True

    def _ended(self, worker: _Worker) -> Problem:
        if worker.expired:
            detail = f"the query was stopped after {self._limits.query_seconds:g} seconds"
            hint = "ask for less: name a class or an IRI, add LIMIT; or load a dump: /download/"
            return Problem("timeout", detail, hint=hint)
        if not worker.ready:
            return Problem("no-release", f"the store of release {worker.release} does not open")
        detail = "the query's process ended; it took too much memory or nests too deep"
        return Problem("engine-stopped", detail, hint="ask for less, or with fewer brackets")

    def _give_back(self, worker: _Worker, *, reusable: bool) -> None:
        with self._changed:
            self._busy.discard(worker)
            if worker.ready:
                self._confined = worker.confined
            current = self._release is not None and worker.release == self._release.id
            if reusable and current and not worker.expired and not self._closed:
                self._idle.append(worker)
            else:
                worker.close()
                self.replaced += current
            self._changed.notify_all()

    def _keep(self) -> None:
        """Start missing workers, end expired and outdated ones, until the pool is closed."""
        with self._changed:
            while not self._closed:
                self._end_expired()
                self._end_outdated()
                if (release := self._release) is not None and self._missing(release.id):
                    try:
                        self._idle.append(_Worker(release, self._limits.query_memory))
                    except OSError:  # no process or memory to be had now; it may be later
                        self._changed.wait(_RETRY)
                    self._changed.notify_all()
                    continue
                self._changed.wait(self._next_deadline())

    def _missing(self, release: str) -> bool:
        current = [worker for worker in (*self._idle, *self._busy) if worker.release == release]
        return len(current) < self._limits.query_workers

    def _end_expired(self) -> None:
        now = time.monotonic()
        for worker in [worker for worker in self._busy if worker.deadline <= now]:
            worker.expired = True
            worker.kill()  # its pipes are closed by the thread that reads from it
            self._busy.discard(worker)

    def _end_outdated(self) -> None:
        for worker in [
            worker
            for worker in self._idle
            if self._release is None or worker.release != self._release.id
        ]:
            self._idle.remove(worker)
            worker.close()

    def _next_deadline(self) -> float | None:
        if not self._busy:
            return None
        return max(min(worker.deadline for worker in self._busy) - time.monotonic(), 0)


class _Closing(Iterator[bytes]):
    """An iterator whose `close` closes the generator that feeds it."""

    def __init__(self, pieces: Iterator[bytes], source: Any) -> None:
        self._pieces = pieces
        self._source = source

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        self._source.close()


def _failure(error: dict[str, str], job: Job) -> Problem:
    """Turn what a worker says about a failed job into a problem."""
    match error["kind"]:
        case "syntax":
            return syntax_problem(job.query, error["message"])
        case "too-large":
            detail = f"the answer has more than {job.result_bytes:,} bytes"
            hint = f"add LIMIT, or load a dump: /download/. {Limits.raising('result_bytes')}"
            return Problem("result-too-large", detail, hint=hint)
        case "overlap":
            detail = (
                f"the graphs that make up the default graph share triples, and the dataset has "
                f"more than {job.merge_triples:,} triples"
            )
            hint = f"name fewer graphs, or use GRAPH. {Limits.raising('merge_triples')}"
            return Problem("limit", detail, where={"limit": "merge_triples"}, hint=hint)
        case "memory":
            detail = "the query needs more memory than is allowed"
            return Problem("engine-stopped", detail, hint=Limits.raising("query_memory"))
        case _:
            return Problem("engine-stopped", "the engine could not finish this query")


def read_all(answer: Answer) -> bytes:
    """Return all bytes of an answer.

    Raises:
        Broken: it stopped short.
    """
    with closing(answer):
        return b"".join((answer.first, *answer.rest))
