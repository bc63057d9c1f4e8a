"""How fast `unipact serve` answers, beside a native Oxigraph server on the same data and machine.

    python -m benchmarks.serve --native venv/bin/oxigraph [--size 2500] [--runs 5] [--seconds 3]
        [--parts latency cached zipf export runaways point] [--only REGEX] [--switches on off]

The native server is the command `oxigraph` of the PyPI package of that name, in an environment of
its own; without it only our own figures are printed. Data and queries are those of the folder
`bench` in UNIPACT_SHARED, or with `--corpus N` a synthetic corpus of N articles, built and dumped.
Ours runs once with rewriting and once without. All servers live at the same time and are asked in
turn, so that whatever else the machine does hits all of them; each answer is compared with the
first server's. Medians in milliseconds. Only loopback; the `point` part needs `wrk`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from benchmarks.client import Endpoint, accept_for, free_port, rows, serving
from benchmarks.corpus import write_corpus

EVERYTHING = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SOME = "SELECT DISTINCT ?s WHERE { ?s a ?class } LIMIT 10000"
MIX = 10_000  # distinct queries of the Zipf mix
UNIPACT = (sys.executable, "-m", "unipact")


@dataclass(frozen=True, slots=True)
class Bench:
    """Servers side by side, the first one being the measure of the others."""

    servers: Sequence[Endpoint]
    queries: dict[str, str]
    runs: int
    seconds: float

    def latency(self) -> None:
        """Print medians of every query, uncached, in turn."""
        print(f"\nuncached{'':24}" + "".join(f"{one.name:>22}" for one in self.servers))
        ratios: dict[str, list[float]] = {one.name: [] for one in self.servers}
        for name, query in self.queries.items():
            times, same = self._times(query, bust=True)
            print(f"{name:32}" + self._row(times, same), flush=True)
            for server, taken in times.items():
                ratios[server].append(taken / times[self.servers[0].name])
        means = [math.exp(sum(map(math.log, ratios[one.name])) / len(self.queries))
                 for one in self.servers]  # fmt: skip
        print(f"{'geometric mean of the ratios':32}" + "".join(f"{mean:22.2f}" for mean in means))

    def cached(self) -> None:
        """Print medians of the second and later times that a query is asked."""
        print(f"\nasked again{'':21}" + "".join(f"{one.name:>22}" for one in self.servers))
        for name, query in self.queries.items():
            times, same = self._times(query, bust=False)
            print(f"{name:32}" + self._row(times, same), flush=True)

    def _times(self, query: str, *, bust: bool) -> tuple[dict[str, float], dict[str, bool]]:
        accept = accept_for(query)
        first = {one.name: one.ask(query, accept, bust=bust) for one in self.servers}
        expected = rows(first[self.servers[0].name], accept)
        same = {
            name: reply.status == 200 and rows(reply, accept) == expected
            for name, reply in first.items()
        }
        times: dict[str, list[float]] = {one.name: [] for one in self.servers}
        for turn in range(self.runs):
            for step in range(len(self.servers)):
                server = self.servers[(turn + step) % len(self.servers)]
                times[server.name].append(server.ask(query, accept, bust=bust).total)
        return {name: median(taken) for name, taken in times.items()}, same

    def _row(self, times: dict[str, float], same: dict[str, bool]) -> str:
        base = times[self.servers[0].name]
        cells = []
        for server in self.servers:
            mark = "" if same[server.name] else " WRONG"
            shown = f"{times[server.name] * 1000:.2f} ({times[server.name] / base:.2f}){mark}"
            cells.append(f"{shown:>22}")
        return "".join(cells)

    def zipf(self) -> None:
        """Print requests a second and the 99th percentile of a mix in which few are asked often."""
        subjects = self._subjects()
        chance = random.Random(7)
        weights = [1 / (rank + 1) for rank in range(MIX)]
        order = chance.choices(range(MIX), weights, k=100_000)
        print(f"\nZipf mix of {MIX:,} queries, 4 clients, {self.seconds:g} s")
        for server in self.servers:
            times = self._load(server, lambda at: self._mixed(subjects, order[at % len(order)]))
            self._print_load(server, times)

    def _subjects(self) -> list[str]:
        reply = self.servers[0].ask(SOME)
        return [row["s"]["value"] for row in json.loads(reply.body)["results"]["bindings"]]

    @staticmethod
    def _mixed(subjects: list[str], number: int) -> str:
        subject = subjects[number % len(subjects)]
        return f"SELECT ?p ?o WHERE {{ <{subject}> ?p ?o }} LIMIT {100 + number // len(subjects)}"

    def _load(self, server: Endpoint, query: Callable[[int], str]) -> list[float]:
        """Ask with four clients for a while; return the times of the answers."""
        until, times = time.monotonic() + self.seconds, list[float]()

        def client(number: int) -> None:
            at = number
            while time.monotonic() < until:
                reply = server.ask(query(at))
                if reply.status == 200:
                    times.append(reply.total)
                at += 4
            server.close()

        _together([partial(client, number) for number in range(4)])
        return times

    def _print_load(self, server: Endpoint, times: list[float]) -> None:
        print(f"{server.name:32}{len(times) / self.seconds:12,.0f}/s{_p99(times)}", flush=True)

    def export(self) -> None:
        """Print when the first byte and when all of the whole graph had come, as a table."""
        print(f"\nexport of everything{'':12}{'first byte':>16}{'all':>14}{'MB':>8}")
        for server in self.servers:
            reply = server.ask(EVERYTHING, "text/tab-separated-values", bust=True, timeout=120)
            size = len(reply.body) / 1e6
            shown = f"{reply.first * 1000:13.1f} ms{reply.total * 1000:11.0f} ms{size:8.1f}"
            print(f"{server.name:32}{shown}  status {reply.status}", flush=True)

    def runaways(self) -> None:
        """Print how long ASK {} takes while another client keeps eight runaways going."""
        print(f"\nASK {{}} beside eight runaways of another client, {self.seconds:g} s")
        for server in self.servers[1:] or self.servers:  # a native server would never be free again
            until, times, refused = time.monotonic() + self.seconds, list[float](), list[int]()

            def runaway(server: Endpoint = server, until: float = until) -> None:
                while (left := until - time.monotonic()) > 0:
                    server.ask(RUNAWAY, bust=True, timeout=max(left, 0.1), source="127.0.0.2")
                server.close()

            def light(
                server: Endpoint = server,
                until: float = until,
                times: list[float] = times,
                refused: list[int] = refused,
            ) -> None:
                while time.monotonic() < until:
                    reply = server.ask("ASK {}", bust=True, source="127.0.0.3")
                    if reply.status == 200:
                        times.append(reply.total)
                    else:
                        refused.append(reply.status)
                    time.sleep(0.01)
                server.close()

            _together([*[runaway] * 8, light])
            print(f"{server.name:32}{len(times):6} answers{_p99(times)}, {len(refused)} refused")

    def point(self) -> None:
        """Print requests a second of one point query by wrk: asked again, and each time anew."""
        if (wrk := shutil.which("wrk")) is None:
            print("\npoint query: wrk is not installed")
            return
        query = self._mixed(self._subjects(), 3)
        print(f"\npoint query, wrk, 16 connections{'asked again':>12}{'each anew':>16}")
        for server in self.servers:
            rates = [
                _wrk(wrk, server, server.target(query), self.seconds, bust=bust)
                for bust in (False, True)
            ]
            print(f"{server.name:32}" + "".join(f"{rate:12,.0f}/s" for rate in rates), flush=True)


def _together(tasks: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _p99(times: list[float]) -> str:
    if len(times) < 2:
        return "  too few answers"
    return (
        f"  median {median(times) * 1000:.2f} ms, p99 {quantiles(times, n=100)[98] * 1000:.2f} ms"
    )


def _wrk(wrk: str, server: Endpoint, target: str, seconds: float, *, bust: bool) -> float:
    anew = '.. "%0A%23" .. n' if bust else ""
    script = (
        f'local n, headers = 0, {{["Accept"] = "application/sparql-results+json"}}\n'
        f'request = function() n = n + 1; return wrk.format("GET", "{target}" {anew}, headers) end'
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "point.lua").write_text(script, encoding="utf-8")
        options = ["-t1", "-c16", f"-d{max(round(seconds), 1)}s", "-s", f"{folder}/point.lua"]
        done = subprocess.run(
            [wrk, *options, f"http://127.0.0.1:{server.port}"],
            capture_output=True, text=True, encoding="utf-8", check=True,
        )  # fmt: skip
    if bad := re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout):
        print(f"  {server.name}: {bad[1]} of them refused")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    return float(rate[1]) if rate else 0.0


def data(given: argparse.Namespace, folder: Path) -> Path:
    """Return the triples to load: generated, or the dump of a synthetic corpus."""
    if given.corpus:
        seeds = write_corpus(folder / "seeds", articles=given.corpus)
        built = folder / "built"
        _run(*UNIPACT, "build", "--seeds", str(seeds), "--releases", str(built))
        return built / "current" / "dump" / "unipact.nt"
    triples = folder / "generated.nt"
    generator = Path(os.environ["UNIPACT_SHARED"]) / "bench" / "gen.py"
    _run(sys.executable, str(generator), str(given.size), "7", "-o", str(triples))
    return triples


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def servers(given: argparse.Namespace, folder: Path) -> Iterator[list[Endpoint]]:
    """Load the data into all servers and keep them running for a while."""
    triples, releases = data(given, folder), folder / "releases"
    began = time.perf_counter()
    _run(*UNIPACT, "load", str(triples), "--releases", str(releases))
    print(f"loaded in {time.perf_counter() - began:.1f} s", flush=True)
    native = given.native or shutil.which("oxigraph")
    with ExitStack() as stack:
        running = []
        if native:
            port, store = free_port(), str(folder / "native")
            _run(native, "load", "-l", store, "-f", str(triples))
            command = [native, "serve-read-only", "-l", store, "-b", f"127.0.0.1:{port}"]
            running.append(stack.enter_context(serving("native", command, "/query", port)))
        for switch in given.switches:
            port = free_port()
            values = {"UNIPACT_PORT": str(port), "UNIPACT_REWRITING": switch}
            command = [*UNIPACT, "serve", "--releases", str(releases)]
            name = f"rewriting {switch}"
            running.append(stack.enter_context(serving(name, command, "/sparql", port, values)))
        yield running


def queries(given: argparse.Namespace) -> dict[str, str]:
    """Return the queries by name; our own data are asked with the competency questions."""
    if given.corpus:
        folder = Path(__file__).parents[1] / "tests" / "competency"
    else:
        folder = Path(os.environ["UNIPACT_SHARED"]) / "bench" / "queries"
    found = {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.rq"))}
    return {name: text for name, text in found.items() if re.search(given.only, name)}


def main() -> None:
    parts = ("latency", "cached", "zipf", "export", "runaways", "point")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--native", help="the command oxigraph; else the one on PATH, if any")
    parser.add_argument("--size", type=int, default=2500, help="articles of the generator")
    parser.add_argument("--corpus", type=int, default=0, help="articles of our own data instead")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", default="", metavar="REGEX")
    parser.add_argument("--parts", nargs="+", choices=parts, default=list(parts))
    parser.add_argument("--switches", nargs="+", default=["all", "off"], help="of rewriting")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, servers(given, Path(folder)) as running:
        bench = Bench(running, queries(given), given.runs, given.seconds)
        for part in given.parts:
            getattr(bench, part)()


if __name__ == "__main__":
    main()
