"""The process that writes, seen from the server's threads: one write at a time, with a deadline."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from server.limits import Limits
from server.problems import Problem
from server.sparql.frames import CHUNK, JOB, READY, FrameParser, frame
from server.writing.work import Done, Failed, Task, Work, decode_reply

_PACKAGES: Final = Path(__file__).resolve().parents[2]  # where `server` is imported from
_START: Final = 30.0  # seconds that the process may take to start
_END: Final = 2.0  # seconds that an idle one may take to clean up
_UNKNOWN: Final = (
    "whether the change was made is told by X-Release, or by the list of releases; it was made as "
    "a whole or not at all"
)


class Stopped(Exception):
    """The process ended, or did not answer in time; `late` tells which."""

    def __init__(self, *, late: bool) -> None:
        super().__init__()
        self.late = late


@dataclass(slots=True)
class Writing:
    """Hands work to one process, which is started when it is needed and replaced when it dies.

    Attributes:
        releases: the folder.
        limits: how long a write may take, what memory, how many may wait.
        on_written: is called after each write that changed something.
    """

    releases: Path
    limits: Limits
    on_written: Callable[[], None] = lambda: None
    _process: subprocess.Popen[bytes] | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _counting: threading.Lock = field(default_factory=threading.Lock)
    _starter: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, "writer-starter")
    )  # the process dies with the thread that starts it
    _waiting: int = 0
    _closed: bool = False

    def prepare(self) -> None:
        """Start the process in the background, and let it read rules and shapes."""
        threading.Thread(target=self._prepare, name="writer-warming", daemon=True).start()

    def do(self, work: Work) -> Done:
        """Have a write done.

        Raises:
            Problem: it is refused, fails, takes too long, or too many wait.
        """
        with self._queued(), self._my_turn():
            reply = self._asked(work)
            if isinstance(reply, Failed) and reply.kind == "engine-stopped":
                self._end()  # what memory it has left is not known
        if isinstance(reply, Failed):
            raise Refused(reply)
        if reply.changed:
            self.on_written()
        return reply

    def close(self) -> None:
        """End the process; a write under way is made as a whole or not at all."""
        self._closed = True
        self._let_go()
        self._end()
        self._starter.shutdown(wait=False)

    def pid(self) -> int | None:
        """Return the id of the process, if there is one."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def _prepare(self) -> None:
        with suppress(Problem, RuntimeError), self._my_turn():
            self._asked(Work(Task.PREPARE))

    @contextmanager
    def _queued(self) -> Iterator[None]:
        with self._counting:
            if self._waiting >= self.limits.write_queue:
                detail = f"{self._waiting} writes wait already"
                hint = Limits.raising("write_queue")
                raise Problem("busy", detail, hint=hint, headers={"Retry-After": "5"})
            self._waiting += 1
        try:
            yield
        finally:
            with self._counting:
                self._waiting -= 1

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self.limits.write_seconds):
            detail = "other writes took all the time that this one could wait"
            raise Problem("busy", detail, headers={"Retry-After": "5"})
        try:
            yield
        finally:
            self._turn.release()

    def _asked(self, work: Work) -> Done | Failed:
        try:
            return self._exchange(work)
        except Stopped as stopped:
            self._end()
            self.on_written()  # it may have been, just before
            if stopped.late:
                detail = f"the write did not end within {self.limits.write_seconds:g} seconds"
                raise Problem("timeout", detail, hint=_UNKNOWN) from None
            detail = "the process that writes ended in the midst of it"
            raise Problem("engine-stopped", detail, hint=_UNKNOWN) from None
        except OSError as error:
            self._end()
            detail = "no process that writes can be started"
            raise Problem("busy", detail, headers={"Retry-After": "5"}) from error

    def _exchange(self, work: Work) -> Done | Failed:
        process = self._running()
        deadline = time.monotonic() + self.limits.write_seconds
        _send(process, frame(JOB, work.encode()), deadline)
        _, payload = _received(process, deadline)
        return decode_reply(payload)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise Problem("busy", "the server is about to end", headers={"Retry-After": "10"})
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = self._starter.submit(self._start).result()
            kind, _ = _received(self._process, time.monotonic() + _START)
            if kind != READY:
                raise Stopped(late=False)
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-P", "-m", "server.writing.process", str(self.releases)]
        process = subprocess.Popen(
            [*program, str(os.getpid()), str(self.limits.write_memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={"PYTHONPATH": str(_PACKAGES), "LC_ALL": "C.UTF-8"},
        )
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        return process

    def _let_go(self) -> None:
        """Let a process that has nothing to do clean up and end."""
        if self._turn.acquire(blocking=False):
            try:
                process = self._process
                if process is not None and process.stdin is not None:
                    process.stdin.close()
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(_END)
            finally:
                self._turn.release()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


class Refused(Problem):
    """A write that the process refused; `failed` says all that is known."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(
            failed.kind,
            failed.detail,
            where=failed.where,
            hint=failed.hint,
            headers={"Retry-After": "5"} if failed.kind == "busy" else {},
            more={"report": list(failed.results)} if failed.results else {},
        )
        self.failed = failed


def _send(process: subprocess.Popen[bytes], data: bytes, deadline: float) -> None:
    assert process.stdin is not None
    view, pipe = memoryview(data), process.stdin.fileno()
    while view:
        _wait(pipe, select.POLLOUT, deadline)
        try:
            view = view[os.write(pipe, view) :]
        except BrokenPipeError:
            raise Stopped(late=False) from None


def _received(process: subprocess.Popen[bytes], deadline: float) -> tuple[bytes, bytes]:
    assert process.stdout is not None
    parser, pipe = FrameParser(), process.stdout.fileno()
    while True:
        _wait(pipe, select.POLLIN, deadline)
        piece = os.read(pipe, CHUNK)
        if not piece:
            raise Stopped(late=False)
        for message in parser.feed(piece):
            return message


def _wait(pipe: int, event: int, deadline: float) -> None:
    """Wait until a pipe is ready. Not with `select.select`, which takes no file beyond 1,024."""
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise Stopped(late=True)
