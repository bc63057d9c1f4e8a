"""A client of SPARQL endpoints for measuring: one kept connection a thread, read as bytes come."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

JSON = "application/sparql-results+json"
NTRIPLES = "application/n-triples"
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE | re.MULTILINE)
_SERIAL = count()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; times in seconds since the request was sent, status 0: nothing came."""

    status: int
    body: bytes
    first: float
    total: float


@dataclass(slots=True)
class Endpoint:
    """One endpoint at a path of 127.0.0.1; `process` is the id of its server."""

    name: str
    port: int
    path: str
    process: int
    _local: threading.local = field(default_factory=threading.local)

    def target(self, query: str, *, bust: bool = False) -> str:
        """Return the path of a GET request; with `bust`, one that no cache has seen."""
        if bust:
            query += f"\n#{next(_SERIAL)}.{time.time_ns()}"
        return f"{self.path}?{urlencode({'query': query})}"

    def ask(
        self,
        query: str,
        accept: str = JSON,
        *,
        bust: bool = False,
        timeout: float = 60,
        source: str = "127.0.0.1",
    ) -> Reply:
        """Send a query and read the whole answer; a kept connection that has ended is renewed."""
        target = self.target(query, bust=bust)
        for _ in range(2):
            kept = getattr(self._local, "connection", None)
            connection = kept or http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=timeout, source_address=(source, 0)
            )
            self._local.connection = connection
            begun = time.perf_counter()
            try:
                connection.request("GET", target, headers={"Accept": accept})
                return self._read(connection.getresponse(), begun)
            except (http.client.HTTPException, OSError) as error:
                self.close()
                if kept is None or isinstance(error, TimeoutError):
                    break
        return Reply(0, b"", 0.0, time.perf_counter() - begun)

    def _read(self, response: http.client.HTTPResponse, begun: float) -> Reply:
        pieces = [response.read(1)]
        first = time.perf_counter() - begun
        while piece := response.read1(1 << 16):
            pieces.append(piece)
        total = time.perf_counter() - begun
        if response.will_close:
            self.close()
        return Reply(response.status, b"".join(pieces), first, total)

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
        self._local.connection = None


def accept_for(query: str) -> str:
    """Return the media type that a query of this form is asked for in."""
    lines = [line for line in query.splitlines() if not line.lstrip().startswith("#")]
    form = _FORM.search("\n".join(lines))
    return NTRIPLES if form and form[1].upper() in ("CONSTRUCT", "DESCRIBE") else JSON


def rows(reply: Reply, accept: str) -> Counter[Any]:
    """Return an answer as a multiset of rows or triples, for comparing."""
    if accept == NTRIPLES:
        return Counter(set(reply.body.decode().splitlines()) - {""})
    found = json.loads(reply.body)
    if "boolean" in found:
        return Counter([found["boolean"]])
    bindings = found["results"]["bindings"]
    return Counter(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in bindings)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def serving(
    name: str, command: Sequence[str], path: str, port: int, settings: dict[str, str] | None = None
) -> Iterator[Endpoint]:
    """Run a server until the block ends; it must answer within a minute.

    Raises:
        TimeoutError: it does not answer.
    """
    environment = {**os.environ, **(settings or {})}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        endpoint = Endpoint(name, port, path, process.pid)
        until = time.monotonic() + 60
        while endpoint.ask("ASK {}").status != 200:
            if process.poll() is not None or time.monotonic() > until:
                raise TimeoutError(f"{name} does not answer")
            time.sleep(0.05)
        yield endpoint
    finally:
        process.terminate()
        process.wait(20)


def memory(process: int) -> tuple[float, float]:
    """Return resident MiB of a server, and of the processes that it started, all together."""
    own, *others = (_resident(one) for one in _family(process))
    return own, sum(others)


def _family(process: int) -> list[int]:
    found = [process]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text(encoding="utf-8").split()]
            except OSError:
                continue
    return found


def _resident(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    shown = re.search(r"VmRSS:\s+(\d+)", status)
    return int(shown[1]) / 1024 if shown else 0.0
