"""A server with small limits as a process of its own, the app alone, and a spy."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from kg.settings import Settings
from server.app import create_app
from server.limits import Limits

SMALL = {
    "UNIPACT_HOST": "127.0.0.1",
    "UNIPACT_PORT": "0",
    "UNIPACT_QUERY_WORKERS": "2",
    "UNIPACT_QUERY_SECONDS": "1",
    "UNIPACT_QUERY_MEMORY": "256",
    "UNIPACT_RESULT_BYTES": "1000000",
    "UNIPACT_SEND_SECONDS": "1",
    "UNIPACT_STOP_SECONDS": "1",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    address: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Spy:
    """A socket that listens; nobody may ever connect to it."""

    listening: socket.socket

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def was_asked(self) -> bool:
        self.listening.setblocking(False)
        try:
            self.listening.accept()[0].close()
        except BlockingIOError:
            return False
        return True


Serving = Callable[..., AbstractContextManager[Served]]


@contextmanager
def serve(releases: Path, **more: str) -> Iterator[Served]:
    """Run `unipact serve` with small limits until the block ends."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNIPACT_")}
    with subprocess.Popen(
        [sys.executable, "-m", "unipact", "serve", "--releases", str(releases)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        env={**kept, "PYTHONPATH": str(Path(__file__).parents[3]), **SMALL, **more},
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            line = next((line for line in process.stdout if "http://" in line), "")
            found = re.search(r"http://([\d.]+):(\d+)/", line)
            assert found, "the server did not start"
            yield Served(process, (found[1], int(found[2])))
        finally:
            process.kill()


@pytest.fixture(scope="session")
def served(releases: Path) -> Iterator[Served]:
    """One server for all attacks: whatever one of them breaks, the next one meets."""
    with serve(releases) as running:
        yield running


@pytest.fixture
def serving(releases: Path) -> Serving:
    """Start a server that may be ended."""
    return lambda **more: serve(releases, **more)


@pytest.fixture(scope="session")
def attacked(releases: Path) -> Iterator[Flask]:
    """The app alone, with the same limits."""
    limits = Limits(
        query_workers=2, query_seconds=1, query_memory=256, result_bytes=1_000_000, send_seconds=1
    )
    app = create_app(releases, Settings(), limits=limits)
    yield app
    app.extensions["unipact"].pool.close()


@pytest.fixture(scope="session")
def spy() -> Iterator[Spy]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Spy(listening)


def children(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return sorted(int(child) for task in tasks for child in task.read_text("ascii").split())
