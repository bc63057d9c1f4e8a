"""Makes the dumps and the label index of written releases, in a process beside the server.

One release at a time. A newer write supersedes: what is being made for an older release is given
up, since it would be nobody's newest. A burst of writes is waited out, but not for ever.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from server.limits import Limits

_PACKAGES: Final = Path(__file__).resolve().parents[2]  # where `server` is imported from
_QUIET: Final = 1.0  # seconds without a write before the work begins
_PATIENCE: Final = 30.0  # seconds after which it begins, writes or not
_TICK: Final = 0.25  # seconds between looks while it runs


@dataclass(slots=True)
class Completing:
    """Watches over one process at a time; it dies with the thread that starts it.

    Attributes:
        releases: the folder.
        limits: how many releases are kept, and for how long.
        on_completed: is called when a release was completed.
    """

    releases: Path
    limits: Limits
    on_completed: Callable[[], None] = lambda: None
    _wanted: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _written: float = 0.0
    _closed: bool = False

    def wake(self) -> None:
        """See to it that the current release is completed; returns at once."""
        if self._closed:
            return
        self._written = time.monotonic()
        self._wanted.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="completing", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Give up what is being made; the next start makes it."""
        self._closed = True
        self._wanted.set()
        if self._thread is not None:
            self._thread.join(5)

    def _work(self) -> None:
        while True:
            self._wanted.wait()
            if self._closed:
                return
            begun = time.monotonic()
            while self._since_write() < _QUIET and time.monotonic() - begun < _PATIENCE:
                time.sleep(_TICK)
            self._wanted.clear()
            if not self._closed and self._run():
                self.on_completed()

    def _kept(self) -> tuple[str, str]:
        return str(self.limits.keep_releases), str(self.limits.keep_days)

    def _since_write(self) -> float:
        return time.monotonic() - self._written

    def _run(self) -> bool:
        """Complete the current release; False when that failed or a newer write superseded it."""
        program = [sys.executable, "-P", "-m", "server.writing.completion"]
        process = subprocess.Popen(
            [*program, str(self.releases), str(os.getpid()), *self._kept()],
            stdin=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_PACKAGES), "LC_ALL": "C.UTF-8"},
        )
        while True:
            try:
                return process.wait(_TICK) == 0
            except subprocess.TimeoutExpired:
                if self._wanted.is_set():
                    process.kill()
                    process.wait()
                    return False
