"""Writing to a server that runs as a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from kg.releases import Releases
from server.access.tokens import Tokens
from tests.server.attacks.exchange import PATIENCE
from tests.server.running.conftest import Running, run
from tests.server.writing.curator import OWN, UPDATE

WRITABLE = {"UNIPACT_WRITABLE": "on", "UNIPACT_ACCESS_LOG": "off"}
IN_A_GROUP = "import os; os.setsid()"  # so that all its processes can be killed at once


@dataclass(frozen=True, slots=True)
class Said:
    """An answer; status 0 when the connection broke before its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """Status and kind of problem."""
        return f"{self.status} {self.json['type'].rpartition('#')[2]}" if self.body else ""


@dataclass(slots=True)
class Client:
    """A client with a kept connection of its own, for one thread."""

    port: int
    token: str
    source: str = "127.0.0.1"
    patience: float = PATIENCE * 6
    _connection: http.client.HTTPConnection | None = None

    def update(self, text: str, **headers: str) -> Said:
        """Send an update."""
        return self.request("POST", "/sparql", text, UPDATE, **headers)

    def insert(self, triples: str, graph: str = OWN, **headers: str) -> Said:
        """Insert triples into a graph."""
        return self.update(f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}", **headers)

    def select(self, query: str) -> Said:
        """Ask a query; rows as CSV."""
        return self.request("GET", f"/sparql?{urlencode({'query': query})}", Accept="text/csv")

    def request(
        self, method: str, path: str, body: str | bytes = "", type: str = "", **headers: str
    ) -> Said:
        """Send anything; what breaks is not sent again."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if method not in ("GET", "HEAD"):
            sent["Authorization"] = f"Bearer {self.token}"
        if type:
            sent["Content-Type"] = type
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=self.patience, source_address=(self.source, 0)
            )
        try:
            self._connection.request(method, path, body or None, sent)
            with closing(self._connection.getresponse()) as reply:
                found = {name.lower(): value for name, value in reply.getheaders()}
                return Said(reply.status, found, reply.read())
        except (http.client.HTTPException, OSError):
            self.close()
            return Said(0, {}, b"")

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def token(releases: Releases) -> str:
    """Make a token for everything."""
    return Tokens(releases.root).create("crew", ["admin"])[1]


@contextmanager
def running(releases: Path, first: str = "", **more: str) -> Iterator[Running]:
    """Run a writable server."""
    with run(releases, first, **WRITABLE | more) as served:
        yield served


def kill_all(served: Running) -> None:
    """Kill a server that runs in a group of its own, with all its processes, at one moment."""
    os.killpg(served.process.pid, signal.SIGKILL)
    served.process.wait()
