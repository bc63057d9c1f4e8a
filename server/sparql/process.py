"""One worker process, seen from the event loop that started it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from server.sparql.frames import CHUNK, FrameParser

_PACKAGES: Final = Path(__file__).resolve().parents[2]  # where `server` is imported from
_LOWEST: Final = 19


class Store(Protocol):
    """What must be known of a release."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def store_path(self) -> Path:
        """The folder of its store."""


def start(release: Store, memory: int) -> subprocess.Popen[bytes]:
    """Start a worker with `memory` MiB, which dies with the thread that calls this."""
    program = [sys.executable, "-P", "-m", "server.sparql.worker"]
    return subprocess.Popen(
        [*program, str(release.store_path), str(os.getpid()), str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={"PYTHONPATH": str(_PACKAGES), "LC_ALL": "C.UTF-8"},
    )


class Process:
    """Hands every frame to `received`, and calls `ended` once when the process has gone."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        release: str,
        *,
        received: Callable[[bytes, bytes], None],
        ended: Callable[[], None],
    ) -> None:
        self.release = release
        self.started = time.monotonic()
        self._received = received
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._process = process
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._life = os.pidfd_open(self._process.pid)
        self._parser = FrameParser()
        self._unsent = b""
        self._open = self._reading = True
        self._low = False
        self._loop.add_reader(self._out, self._read)
        self._loop.add_reader(self._life, self._reap)

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid

    @property
    def gone(self) -> bool:
        """Whether it has ended, and nothing is left of it."""
        return self._life < 0

    def send(self, data: bytes) -> None:
        """Write a frame; what does not fit into the pipe follows when there is room."""
        if self._unsent:
            self._unsent += data
            return
        self._unsent = data
        self._write()
        if self._unsent and self._open:
            self._loop.add_writer(self._in, self._write)

    def pause(self) -> None:
        """Read no more for now; the process soon waits until it can write."""
        if self._open and self._reading:
            self._reading = False
            self._loop.remove_reader(self._out)

    def resume(self) -> None:
        """Read on."""
        if self._open and not self._reading:
            self._reading = True
            self._loop.add_reader(self._out, self._read)

    def lower(self) -> None:
        """Let others go first on the processors."""
        if not self._low:
            self._low = True
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, _LOWEST)

    def restore(self) -> bool:
        """Undo `lower`; False when this user may not, and the process is of no more use."""
        if self._low:
            try:
                os.setpriority(os.PRIO_PROCESS, self.pid, 0)
            except OSError:
                return False
            self._low = False
        return True

    def kill(self) -> None:
        """End the process at once and read nothing more of it; `ended` is not called."""
        self._process.kill()
        self._close()

    def wait(self) -> None:
        """Wait until a killed process has gone."""
        self._process.wait()
        self._reap()

    def _read(self) -> None:
        try:
            data = os.read(self._out, 4 * CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._process.kill()
            self._close()
            self._ended()
            return
        for kind, payload in self._parser.feed(data):
            self._received(kind, payload)
            if not self._open:
                return

    def _write(self) -> None:
        try:
            self._unsent = self._unsent[os.write(self._in, self._unsent) :]
        except BlockingIOError:
            return
        except OSError:  # it has gone; reading tells
            self._unsent = b""
        if not self._unsent and self._open:
            self._loop.remove_writer(self._in)

    def _close(self) -> None:
        if self._open:
            self._open = False
            self._loop.remove_reader(self._out)
            self._loop.remove_writer(self._in)
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                pipe.close()

    def _reap(self) -> None:
        if self._life >= 0 and self._process.poll() is not None:
            self._loop.remove_reader(self._life)
            os.close(self._life)
            self._life = -1
