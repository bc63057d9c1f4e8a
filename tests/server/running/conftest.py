"""Servers as processes of their own, and the clients, good and bad, that they meet."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.releases import Release
from tests.server.attacks.conftest import children
from tests.server.attacks.exchange import PATIENCE, Reply, answer, get

PROGRAM = """
import os, pathlib, sys
from kg.settings import Settings
from server.serving import serve
exec(sys.argv[2])
serve(pathlib.Path(sys.argv[1]), Settings.load(os.environ))
"""
USUAL = {
    "UNIPACT_HOST": "127.0.0.1",
    "UNIPACT_PORT": "0",
    "UNIPACT_QUERY_WORKERS": "2",
    "UNIPACT_QUERY_MEMORY": "256",
    "UNIPACT_QUERY_SECONDS": "600",  # as long as a slow machine may take
    "UNIPACT_QUERY_WAIT": "120",
    "UNIPACT_SEND_SECONDS": "120",
    "UNIPACT_STOP_SECONDS": "1",
}
PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?t ?u ?v"
RUNAWAY = f"SELECT (COUNT(*) AS ?all) {{ {PRODUCT} }}"
ENDLESS = f"SELECT * {{ {PRODUCT} }}"
LOWEST = 19  # the highest niceness
EVENTUALLY = 120.0  # seconds until what must come counts as not coming


@dataclass(frozen=True, slots=True)
class Running:
    """A running server."""

    process: subprocess.Popen[str]
    address: tuple[str, int]

    def get(
        self,
        target: str,
        *headers: tuple[str, str],
        source: str = "127.0.0.1",
        **parameters: str,
    ) -> Reply:
        """Ask over a connection of its own."""
        with self.connected(source=source) as connection:
            connection.sendall(get(target, *headers, **parameters).encode())
            return answer(connection)

    def ask(self, query: str, *, source: str = "127.0.0.1") -> Reply:
        """Ask a query."""
        return self.get("/sparql", ("Accept", "text/csv"), source=source, query=query)

    def health(self) -> tuple[int, dict[str, object]]:
        """Return the status and the body of the health check."""
        reply = self.get("/health")
        return reply.status, json.loads(reply.body)

    def metric(self, name: str) -> float:
        """Return a number that is told, by its name with its labels."""
        return sum(value for told, value in self.metrics().items() if told == name)

    def requests(self, route: str) -> float:
        """Return how many requests of a route have ended."""
        told, wanted = self.metrics().items(), f'route="{route}"'
        of_requests = "unipact_requests_total{"
        return sum(value for name, value in told if name.startswith(of_requests) and wanted in name)

    def metrics(self) -> dict[str, float]:
        """Return all numbers that are told."""
        lines = self.get("/metrics").body.decode().splitlines()
        told = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in told}

    def workers(self) -> list[int]:
        """Return the ids of the query workers."""
        return children(self.process.pid)

    @contextmanager
    def connected(self, *, source: str = "127.0.0.1", buffer: int = 0) -> Iterator[socket.socket]:
        """Connect; `buffer` is how many bytes may wait on this side, 0 for the system's choice."""
        with socket.socket() as connection:
            connection.settimeout(PATIENCE)
            if buffer:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            connection.bind((source, 0))
            connection.connect(self.address)
            yield connection

    @contextmanager
    def asking(
        self, target: str, *, source: str = "127.0.0.1", buffer: int = 4096
    ) -> Iterator[socket.socket]:
        """Send a request, and read nothing."""
        with self.connected(source=source, buffer=buffer) as connection:
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            yield connection


Run = Callable[..., AbstractContextManager[Running]]


@contextmanager
def run(releases: Path, first: str = "", **more: str) -> Iterator[Running]:
    """Serve until the block ends; `first` is Python that the process executes before."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNIPACT_")}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(releases), first],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        env={**kept, "PYTHONPATH": str(Path(__file__).parents[3]), **USUAL, **more},
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            host, _, port = (
                process.stdout.readline().rstrip("/\n").rpartition("//")[2].partition(":")
            )
            assert port, "the server did not start"
            yield Running(process, (host, int(port)))
        finally:
            process.kill()


@pytest.fixture
def serving(releases: Path) -> Run:
    """Start a server over the release that all tests share; it must not be changed."""
    return lambda first="", **more: run(releases, first, **more)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of releases that may be changed."""

    root: Path
    publish: Callable[..., Release]

    def add(self, update: str) -> Release:
        """Make a release of what an update inserts, and the current one."""
        number = len(list(self.root.parent.glob("work*")))
        return self.publish(self.root, self.root.parent / f"work{number}", update)


@pytest.fixture
def folder(tmp_path: Path, republish: Callable[..., Release]) -> Folder:
    """A folder without releases yet."""
    (tmp_path / "releases").mkdir()
    return Folder(tmp_path / "releases", republish)


def sparql(query: str) -> str:
    """Return the address of a query's answer."""
    return f"/sparql?query={quote(query)}"


def until(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds.

    Raises:
        AssertionError: it does not in the end.
    """
    last = time.monotonic() + EVENTUALLY
    while not holds():
        assert time.monotonic() < last, f"in vain: {what}"
        time.sleep(0.02)


def is_polite(pid: int) -> bool:
    """Tell whether a process lets others go first; proc(5), fields 19 and 41 of `stat`."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    fields = stat.rpartition(")")[2].split()
    return int(fields[16]) == LOWEST or int(fields[38]) == os.SCHED_IDLE


def polite(served: Running) -> list[int]:
    """Return the workers that let others go first."""
    return [pid for pid in served.workers() if is_polite(pid)]


def everything(connection: socket.socket) -> bytes:
    """Read until the server closes; a reset counts as the end."""
    got = bytearray()
    try:
        while piece := connection.recv(1 << 16):
            got += piece
    except ConnectionResetError:
        pass
    return bytes(got)


@contextmanager
def watched(pids: list[int]) -> Iterator[Callable[[], list[int]]]:
    """Give what tells which of these processes outlive the next seconds."""
    lives = {pid: os.pidfd_open(pid) for pid in pids}

    def survivors() -> list[int]:
        return [pid for pid, life in lives.items() if not _ends(life)]

    try:
        yield survivors
    finally:
        for life in lives.values():
            os.close(life)


def _ends(life: int) -> bool:
    poll = select.poll()
    poll.register(life, select.POLLIN)
    return bool(poll.poll(PATIENCE * 1000))
