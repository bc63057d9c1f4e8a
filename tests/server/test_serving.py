"""The whole server, as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from kg.errors import InputError
from server.serving import listen

PROGRAM = """
import sys
from pathlib import Path
from kg.settings import Settings
from server.serving import serve
serve(Path(sys.argv[1]), Settings({**Settings().values, "port": 0, "host": "127.0.0.1"}))
"""
ENDLESS = "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o}"
COUNT = ENDLESS.replace("*", "(COUNT(*) AS ?all)")


@pytest.fixture
def process(releases: Path) -> Iterator[subprocess.Popen[str]]:
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(releases)],
        stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment,
    ) as process:  # fmt: skip
        yield process
        process.kill()


@pytest.fixture
def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.fullmatch(
        r"UniPact serves release [0-9a-f]{16} at (http://127\.0\.0\.1:\d+/)\n", line
    )
    assert found
    return found[1]


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text("ascii").split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_server_answers_and_ends_on_a_signal_without_orphans(
    process: subprocess.Popen[str], address: str, number: signal.Signals
) -> None:
    assert requests.get(f"{address}health", timeout=20).json()["status"] == "ok"
    workers = children(process.pid)
    assert workers

    process.send_signal(number)

    assert process.wait(20) == 0
    assert process.stdout is not None
    assert process.stdout.read() == ""
    assert not any(map(alive, workers))


def test_workers_die_with_a_killed_server(process: subprocess.Popen[str], address: str) -> None:
    requests.get(f"{address}health", timeout=20)
    descriptors = [os.pidfd_open(worker) for worker in children(process.pid)]

    process.kill()

    for descriptor in descriptors:
        signal_received = os.fdopen(descriptor, "rb", buffering=0)
        assert _ends(signal_received.fileno())
        signal_received.close()


def _ends(descriptor: int) -> bool:
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(10_000))


def test_server_ends_while_queries_run(process: subprocess.Popen[str], address: str) -> None:
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    connections = [socket.create_connection((host, int(port))) for _ in range(4)]
    for connection in connections:
        path = f"/sparql?query={quote(COUNT)}"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert requests.get(f"{address}problems", timeout=20).status_code == 200

    process.terminate()

    assert process.wait(30) == 0
    for connection in connections:
        connection.close()


def test_answer_that_fails_late_breaks_the_connection(
    releases: Path, monkeypatch: pytest.MonkeyPatch, process: subprocess.Popen[str], address: str
) -> None:
    """A worker is killed in the middle: the client must not take the answer for a whole one."""
    with requests.get(
        address + "sparql", params={"query": ENDLESS}, stream=True, timeout=20
    ) as got:
        assert got.status_code == 200
        pieces = got.iter_content(1 << 16)
        next(pieces)
        for worker in children(process.pid):
            os.kill(worker, signal.SIGKILL)

        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            for _ in pieces:
                pass
    again = requests.get(address + "sparql", params={"query": "ASK {}"}, timeout=20)
    assert again.status_code == 200


def test_taken_address_is_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(InputError, match="cannot listen"),
    ):
        listen("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize(
    "request_line", ["GET /doc/%ff HTTP/1.1", "GET /sparql?query=%ff HTTP/1.1", "GET //.. HTTP/1.1"]
)
def test_malformed_request_is_a_problem(address: str, request_line: str) -> None:
    host, port = address.removeprefix("http://").rstrip("/").split(":")

    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"{request_line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 40")
    assert b"application/problem+json" in answer
