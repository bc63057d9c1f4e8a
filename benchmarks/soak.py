"""A running server under mixed load for minutes, one request in fifty hostile.

    python -m benchmarks.soak --port 8000 --process PID [--minutes 3] [--clients 8] [--rate 200]

Prints every ten seconds, and at the end: answers by kind and status, latencies, resident memory of
the server and of its workers at the start and at the end, and how many workers were killed. Exit
code 1 when a well-meant request failed in another way than 429 or 503, or the server ended.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from benchmarks.client import memory

HOSTILE_IN = 50
PAUSE = 0.05  # seconds a client waits when the server has no room for it
FINE = frozenset({"200", "303", "304", "429", "503"})
QUERIES = (
    "ASK {}",
    "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "SELECT DISTINCT ?class WHERE { ?s a ?class }",
    "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 500",
    "SELECT ?s ?o WHERE { ?s a ?class ; ?p ?o } LIMIT 200 OFFSET {number}",
    "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 300",
    "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)",
    "SELECT ?s WHERE { ?s ?p ?o FILTER(CONTAINS(LCASE(STR(?o)), 'univ')) } LIMIT {number}",
)
PAGES = ("/", "/sparql", "/health", "/search?q=univ", "/.well-known/void", "/metrics")
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT ?x WHERE { BIND('" + "x" * 1000 + "' AS ?x) }" + "}" * 60,
    "ASK {" + "{" * 60 + "}" * 61,
    "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?f))) AS ?x) WHERE { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * WHERE { ?s (<x:a>|!<x:a>)* ?o . ?o (<x:a>|!<x:a>)* ?z }",
    "DROP ALL",
    "\x00 \u202e not a query",
)


@dataclass(slots=True)
class Tally:
    """What came back, by kind of request."""

    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, status: str, seconds: float) -> None:
        """Note an answer, or the error in place of its status."""
        with self.lock:
            self.statuses[kind, status] += 1
            if status in ("200", "304"):
                self.times[kind].append(seconds)

    def lines(self) -> Iterator[str]:
        """Yield a line for each kind."""
        with self.lock:
            kinds = sorted({kind for kind, _ in self.statuses})
            for kind in kinds:
                counts = {s: n for (k, s), n in sorted(self.statuses.items()) if k == kind}
                shown = ", ".join(f"{status}: {count:,}" for status, count in counts.items())
                times = self.times[kind]
                if len(times) > 1:
                    p99 = quantiles(times, n=100)[98]
                    shown += f"   p50 {median(times) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"
                yield f"{kind:10}{shown}"

    def failures(self) -> int:
        """Return how many well-meant requests failed."""
        return sum(
            count
            for (kind, status), count in self.statuses.items()
            if kind != "hostile" and status not in FINE
        )


@dataclass(slots=True)
class Client:
    """One client with an address of its own, asking until the end."""

    port: int
    number: int
    pause: float
    until: float
    tally: Tally

    def run(self) -> None:
        """Ask one thing after the other."""
        chance = random.Random(self.number)
        while time.monotonic() < self.until:
            kind, target = _request(chance)
            begun = time.perf_counter()
            status = self._get(target, patient=kind != "hostile" or chance.random() < 0.5)
            self.tally.add(kind, status, time.perf_counter() - begun)
            time.sleep(PAUSE if status in ("429", "503") else self.pause)

    def _get(self, target: str, *, patient: bool) -> str:
        """Return the status, or the name of the error; the impatient leave after a second."""
        connection = http.client.HTTPConnection(
            "127.0.0.1",
            self.port,
            timeout=60 if patient else 1,
            source_address=(f"127.0.0.{10 + self.number}", 0),
        )
        try:
            connection.request("GET", target)
            response = connection.getresponse()
            response.read()
            return str(response.status)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()


def _request(chance: random.Random) -> tuple[str, str]:
    if chance.randrange(HOSTILE_IN) == 0:
        return "hostile", f"/sparql?query={quote(chance.choice(HOSTILE))}"
    if chance.random() < 0.1:
        return "page", chance.choice(PAGES)
    query = chance.choice(QUERIES).replace("{number}", str(chance.randrange(1, 2000)))
    if chance.random() < 0.3:  # as cached answers are asked again, others are new each time
        return "new", f"/sparql?query={quote(f'{query} #{chance.random()}')}"
    return "query", f"/sparql?query={quote(query)}"


def _kills(port: int) -> float | None:
    """Return how many workers were killed, as /metrics tells; None when it does not."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    found = re.findall(r"^\w*worker_ends_total(?:\{[^}]*\})? ([\d.e+]+)$", text, re.MULTILINE)
    return sum(map(float, found)) if found else None


def soak(port: int, process: int, *, minutes: float, clients: int, rate: float) -> int:
    """Put a server under load and print what happens; return the exit code."""
    tally, until = Tally(), time.monotonic() + minutes * 60
    threads = [
        threading.Thread(target=Client(port, number, clients / rate, until, tally).run)
        for number in range(clients)
    ]
    before, killed = memory(process), _kills(port)
    print(f"{'start':10}server {before[0]:.0f} MiB, workers {before[1]:.0f} MiB", flush=True)
    for thread in threads:
        thread.start()
    while time.monotonic() < until and Path(f"/proc/{process}").exists():
        time.sleep(min(10, max(until - time.monotonic(), 0.1)))
        own, workers = memory(process)
        print(f"{'':10}server {own:.0f} MiB, workers {workers:.0f} MiB", flush=True)
    for thread in threads:
        thread.join()
    print(*tally.lines(), sep="\n")
    after, alive = memory(process), Path(f"/proc/{process}").exists()
    print(f"server {after[0] - before[0]:+.0f} MiB, workers {after[1] - before[1]:+.0f} MiB")
    if killed is not None and (now := _kills(port)) is not None:
        print(f"workers killed: {now - killed:.0f}")
    print(f"failed: {tally.failures()}" if alive else "the server ended")
    return 0 if alive and not tally.failures() else 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--process", type=int, required=True, help="id of the server's process")
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rate", type=float, default=200, help="the most requests a second")
    given = parser.parse_args()
    sys.exit(
        soak(
            given.port, given.process, minutes=given.minutes,
            clients=given.clients, rate=given.rate,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
