"""One worker process, seen from the event loop that started it."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from server.sparql.frames import CHUNK, OPEN, FrameParser, frame

_PACKAGES: Final = Path(__file__).resolve().parents[2]  # where `server` is imported from


_CAP_SYS_NICE: Final = 23
_NICE_OF_ALL: Final = 20  # RLIMIT_NICE with which a nice value of 0 is allowed


class Store(Protocol):
    """What must be known of a release."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def store_path(self) -> Path:
        """The folder of its store."""


def may_restore() -> bool:
    """Tell whether this process may let a worker that stood back for others catch up again."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return False
    capable = int(status.partition("CapEff:")[2].split(None, 1)[0], 16) >> _CAP_SYS_NICE & 1
    return bool(capable) or resource.getrlimit(resource.RLIMIT_NICE)[0] >= _NICE_OF_ALL


class Started(NamedTuple):
    """A process, and this end of the socket that is its input and output."""

    process: subprocess.Popen[bytes]
    channel: socket.socket


def start(release: Store, memory: int) -> Started:
    """Start a worker with `memory` MiB, which dies with the thread that calls this.

    It hears and speaks through a socket: whoever writes to a pipe may lose the processor to the
    reader, since the kernel takes it that there is nothing else to do.
    """
    program = [sys.executable, "-P", "-m", "server.sparql.worker"]
    ours, its = socket.socketpair()
    with its:
        process = subprocess.Popen(
            [*program, str(release.store_path), str(os.getpid()), str(memory)],
            stdin=its.fileno(),
            stdout=its.fileno(),
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_PACKAGES), "LC_ALL": "C.UTF-8"},
        )
    ours.setblocking(False)
    return Started(process, ours)


class Process:
    """Hands every frame to `received`, and calls `ended` once when the process has gone.

    Attributes:
        release: the id of the release whose store it has open, or opens.
        started: when it began to open that.
        unheard: whether it went before it had read all that was sent to it.
    """

    def __init__(
        self,
        started: Started,
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
        self._process, self._channel = started
        self._descriptor = self._channel.fileno()
        self._life = os.pidfd_open(self._process.pid)
        self._parser = FrameParser()
        self._unsent = b""
        self._open = self._reading = True
        self._low = self.unheard = False
        self._loop.add_reader(self._descriptor, self._read)
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
        """Write a frame; what does not fit into the socket follows when there is room."""
        if self._unsent:
            self._unsent += data
            return
        self._unsent = data
        self._write()
        if self._unsent and self._open:
            self._loop.add_writer(self._descriptor, self._write_rest)

    def reopen(self, release: Store) -> None:
        """Have it open another release's store in place of its own; it says when it is ready."""
        self.release, self.started = release.id, time.monotonic()
        self.send(frame(OPEN, str(release.store_path).encode()))

    def pause(self) -> None:
        """Read no more for now; the process soon waits until it can write."""
        if self._open and self._reading and not self.gone:
            self._reading = False
            self._loop.remove_reader(self._descriptor)

    def resume(self) -> None:
        """Read on."""
        if self._open and not self._reading:
            self._reading = True
            self._loop.add_reader(self._descriptor, self._read)

    def lower(self) -> None:
        """Let others go first on the processors."""
        if not self._low:
            self._low = True
            with suppress(OSError):
                os.sched_setscheduler(self.pid, os.SCHED_IDLE, os.sched_param(0))

    def restore(self) -> bool:
        """Undo `lower`; False when this user may not, and the process is of no more use."""
        if self._low:
            try:
                os.sched_setscheduler(self.pid, os.SCHED_OTHER, os.sched_param(0))
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
            data = os.read(self._descriptor, CHUNK)  # a larger buffer costs more each time
        except BlockingIOError:
            return
        except ConnectionResetError:  # what the other side had not read is lost
            self.unheard, data = True, b""
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
            self._unsent = self._unsent[os.write(self._descriptor, self._unsent) :]
        except BlockingIOError:
            return
        except OSError:  # it has gone; reading tells
            self._unsent, self.unheard = b"", True

    def _write_rest(self) -> None:
        self._write()
        if not self._unsent and self._open:
            self._loop.remove_writer(self._descriptor)

    def _close(self) -> None:
        if self._open:
            self._open = False
            self._loop.remove_reader(self._descriptor)
            self._loop.remove_writer(self._descriptor)
            self._channel.close()

    def _reap(self) -> None:
        if self._life >= 0 and self._process.poll() is not None:
            self._loop.remove_reader(self._life)
            os.close(self._life)
            self._life = -1
            self.resume()  # what it wrote last is still to be read, and that it has ended
