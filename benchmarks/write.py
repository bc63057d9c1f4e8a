"""How fast `unipact serve --writable` takes writes of one triple, and what that costs who reads.

    python -m benchmarks.write [--articles 5 130 1400] [--releases FOLDER …] [--writes 50]
        [--seconds 10] [--readers 4] [--parts latency steps readers]

Each synthetic corpus of so many articles is built, or each FOLDER with a release is taken as it
is: everything happens on a copy of hard links. `own` inserts a triple into a graph of its own,
`curated` gives a curated university one name more, so that rules and shapes have something to do.

`latency` writes over HTTP, one write after the other, through a server of its own, and says how
much processor time went into one: of the process that writes, of the web process, and of those that
run queries, which are opened anew for each release. `steps` makes the same writes without a server
and times each step. `readers` asks queries that no cache has seen, with and without a client that
writes all the time. Times in milliseconds; on a busy machine processor time is the better measure.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median, quantiles

import pyoxigraph as ox

from benchmarks.client import Endpoint, free_port, serving
from benchmarks.corpus import write_corpus
from kg.changes import Change, Writer
from kg.releases import Releases
from server.access.tokens import Tokens

BASE = "https://w3id.org/unipact/"
LABEL = "http://www.w3.org/2004/02/skos/core#altLabel"
AUTHORITY = f"{BASE}graph/authority"
OWN = "https://example.org/benchmark"
KINDS = ("own", "curated")
SOME = f"SELECT ?s {{ GRAPH <{AUTHORITY}> {{ ?s a <{BASE}ontology#University> }} }} LIMIT 200"
UNIPACT = (sys.executable, "-m", "unipact")
TICKS = os.sysconf("SC_CLK_TCK")
WARM = 3  # writes that are not counted
_SERIAL = count()


@dataclass(frozen=True, slots=True)
class Data:
    """A folder of releases that may be written to, and what is written."""

    releases: Releases
    subjects: Sequence[str]

    @classmethod
    def of(cls, root: Path) -> Data:
        """Take a folder of releases."""
        releases = Releases(root)
        store = ox.Store.read_only(str(releases.current().store_path))
        rows = store.query(SOME)
        assert isinstance(rows, ox.QuerySolutions)
        return cls(releases, [str(row["s"]) for row in rows])

    def quad(self, kind: str) -> ox.Quad:
        """Return a quad that was never written."""
        serial = next(_SERIAL)
        if kind == "own" or not self.subjects:
            subject, predicate, graph = f"urn:benchmark:{serial}", "urn:benchmark:n", OWN
        else:
            subject = self.subjects[serial % len(self.subjects)][1:-1]
            predicate, graph = LABEL, AUTHORITY
        return ox.Quad(
            ox.NamedNode(subject),
            ox.NamedNode(predicate),
            ox.Literal(f"name {serial}"),
            ox.NamedNode(graph),
        )


def update(quad: ox.Quad) -> str:
    """Return the update that inserts a quad."""
    return f"INSERT DATA {{ GRAPH {quad.graph_name} {{ {quad.triple} }} }}"


@dataclass(slots=True)
class Client:
    """Writes over a connection of its own."""

    port: int
    token: str
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def write(self, quad: ox.Quad) -> float:
        """Insert a quad and return how long it took, in seconds.

        Raises:
            RuntimeError: the write is refused.
        """
        head = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/sparql-update",
        }
        began = time.perf_counter()
        self.connection.request("POST", "/sparql", update(quad).encode(), head)
        reply = self.connection.getresponse()
        body = reply.read()
        if reply.status != 200:
            raise RuntimeError(body.decode())
        return time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Processors:
    """Processor time of a server's processes, in seconds: web, writing, the others."""

    web: float
    writing: float
    others: float

    @classmethod
    def of(cls, server: int) -> Processors:
        """Look at all processes of a server; those that ended count as others."""
        own, ended = _spent(server)
        writing, others = 0.0, ended
        for task in Path(f"/proc/{server}/task").glob("*/children"):
            for child in map(int, task.read_text(encoding="utf-8").split()):
                spent, its_own = _spent(child)
                if b"server.writing.process" in Path(f"/proc/{child}/cmdline").read_bytes():
                    writing += spent + its_own
                else:
                    others += spent + its_own
        return cls(own, writing, others)

    def since(self, before: Processors, each: int) -> str:
        """Return what was spent since, in milliseconds for each of so many writes or seconds."""
        spent = (
            (self.writing - before.writing, "writing"),
            (self.web - before.web, "web"),
            (self.others - before.others, "queries and dumps"),
        )
        return ", ".join(f"{name} {seconds / each * 1000:.0f}" for seconds, name in spent)


def _spent(process: int) -> tuple[float, float]:
    """Return processor time of a process, and of its children that ended; proc(5), `stat`."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0, 0.0
    fields = [int(number) for number in stat.rpartition(")")[2].split()[11:15]]
    return (fields[0] + fields[1]) / TICKS, (fields[2] + fields[3]) / TICKS


def latency(data: Data, given: argparse.Namespace) -> None:
    """Print how long writes over HTTP take, and what they cost."""
    with served(data.releases) as (endpoint, token):
        client = Client(endpoint.port, token)
        for kind in KINDS:
            for _ in range(WARM):
                client.write(data.quad(kind))
            before = Processors.of(endpoint.process)
            times = [client.write(data.quad(kind)) for _ in range(given.writes)]
            spent = Processors.of(endpoint.process).since(before, given.writes)
            rate = given.writes / sum(times)
            print(f"  {kind:10}{shown(times)}  {rate:6.1f}/s   processor: {spent}", flush=True)


@dataclass(slots=True)
class Steps:
    """Notes how long each step of a write takes, in time and in processor time."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    processor: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    running: str = ""
    since: tuple[float, float] = (0.0, 0.0)

    def step(self, name: str, done: int, total: int | None) -> None:
        """End the step before and begin another; "" for none."""
        now = time.perf_counter(), time.process_time()
        if self.running:
            self.seconds[self.running].append(now[0] - self.since[0])
            self.processor[self.running].append(now[1] - self.since[1])
        self.running, self.since = name, now

    def medians(self) -> str:
        """Return the median of each step, and of its processor time in brackets."""
        return ", ".join(
            f"{name} {median(times) * 1000:.0f} ({median(self.processor[name]) * 1000:.0f})"
            for name, times in self.seconds.items()
        )


def steps(data: Data, given: argparse.Namespace) -> None:
    """Print the medians of the steps of a write."""
    for kind in KINDS:
        noted = Steps()
        writer = Writer(data.releases, progress=noted)
        for turn in range(given.writes + WARM):
            quad = data.quad(kind)
            if turn == WARM:
                noted.seconds.clear()
                noted.processor.clear()
            graphs = {quad.graph_name.value} if isinstance(quad.graph_name, ox.NamedNode) else None
            writer.propose(
                Change(
                    lambda store, quad=quad: store.add(quad),  # type: ignore[misc]
                    graphs,
                    candidates=[quad],
                )
            )
            noted.step("prepare", 0, None)  # after the answer
            writer.prepare()
            noted.step("", 0, None)
        writer.close()
        print(f"  {kind:10}{noted.medians()}", flush=True)


def readers(data: Data, given: argparse.Namespace) -> None:
    """Print how long point queries take, without and with somebody who writes all the time."""
    with served(data.releases) as (endpoint, token):
        for kind in (None, *KINDS):
            done, before = list[float](), Processors.of(endpoint.process)
            with _writing(data, Client(endpoint.port, token), kind, done):
                times, refused = _asked(data, endpoint, given)
            spent = Processors.of(endpoint.process).since(before, round(given.seconds))
            name = f"beside {len(done) / given.seconds:.1f} writes/s, {kind}" if kind else "alone"
            print(f"  {name:32}{shown(times)}  {len(times)} answers, {refused} refused", flush=True)
            print(f"  {'':32}processor, of each second: {spent}", flush=True)


@contextmanager
def _writing(data: Data, client: Client, kind: str | None, done: list[float]) -> Iterator[None]:
    """Let a client write until the block ends, if there is a kind of writes; note their times."""
    ended = threading.Event()

    def write() -> None:
        while kind and not ended.is_set():
            done.append(client.write(data.quad(kind)))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _asked(data: Data, endpoint: Endpoint, given: argparse.Namespace) -> tuple[list[float], int]:
    """Ask for a while; return the times of the answers, and how many were none."""
    until, times, refused = time.monotonic() + given.seconds, list[float](), list[int]()

    def ask(number: int) -> None:
        while time.monotonic() < until:
            subject = data.subjects[next(_SERIAL) % len(data.subjects)]
            query = f"SELECT ?p ?o {{ {subject} ?p ?o }}"
            reply = endpoint.ask(query, bust=True, source=f"127.0.0.{number + 2}")
            if reply.status == 200:
                times.append(reply.total)
            else:
                refused.append(reply.status)
            time.sleep(0.01)
        endpoint.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(given.readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(refused)


def shown(times: Sequence[float]) -> str:
    """Return median and 99th percentile in milliseconds."""
    p99 = quantiles(times, n=100)[98] if len(times) > 1 else float("nan")
    return f"p50 {median(times) * 1000:7.1f}  p99 {p99 * 1000:7.1f}"


@contextmanager
def served(releases: Releases) -> Iterator[tuple[Endpoint, str]]:
    """Serve a folder of releases, writable, and give a token for it."""
    token = Tokens(releases.root).create("benchmark", ["admin"], days=1)[1]
    port = free_port()
    values = {"UNIPACT_PORT": str(port), "UNIPACT_ACCESS_LOG": "off"}
    command = [*UNIPACT, "serve", "--writable", "--releases", str(releases.root)]
    with serving("unipact", command, "/sparql", port, values) as endpoint:
        yield endpoint, token


def copied(source: Path, target: Path) -> Path:
    """Copy a folder of releases by hard links; what is written in place is copied."""
    target.mkdir()
    for path in source.iterdir():
        if path.is_symlink():
            (target / path.name).symlink_to(os.readlink(path))
        elif path.is_dir() and not path.name.startswith((".staging", ".prepared", ".completing")):
            shutil.copytree(path, target / path.name, copy_function=os.link, symlinks=True)
        elif path.is_file():
            shutil.copy2(path, target / path.name)
    return target


def built(folder: Path, articles: int) -> Path:
    """Build a synthetic corpus and return its releases."""
    seeds = write_corpus(
        folder / "seeds", articles=articles, entities_count=min(2000, 200 + articles)
    )
    command = [*UNIPACT, "build", "--seeds", str(seeds), "--releases", str(folder / "built")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "built"


def main() -> None:
    parts = {"latency": latency, "steps": steps, "readers": readers}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, nargs="+", default=[5, 130, 1400])
    parser.add_argument("--releases", type=Path, nargs="+", default=[], help="instead of corpora")
    parser.add_argument("--writes", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--parts", nargs="+", choices=parts, default=list(parts))
    given = parser.parse_args()
    for number, source in enumerate(given.releases or given.articles):
        with tempfile.TemporaryDirectory(dir=(given.releases and source.parent) or None) as folder:
            of = source if given.releases else built(Path(folder), source)
            for part in given.parts:
                data = Data.of(copied(of, Path(folder) / f"{part}-{number}"))
                print(f"\n{part}, {data.releases.current().manifest.quads:,} quads", flush=True)
                parts[part](data, given)


if __name__ == "__main__":
    main()
