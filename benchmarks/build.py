"""How fast articles become a release, station by station, and how much memory each takes.

    python -m benchmarks.build [--articles 100 1000 10000] [--stations map validate …]

Each station runs in a process of its own over a synthetic corpus; figures are those of one core,
peak memory is that of the whole process, libraries and ontology included. `map` counts
the time of mapping and writing N-Quads only, not reading and checking before it. `build` is
the whole pipeline with all cores, its steps timed one by one.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpus import write_corpus
from kg.articles import Article, read, sources
from kg.articles.annotations import check
from kg.articles.authority import Authority
from kg.articles.checked import CheckedArticle
from kg.articles.mapper import map_article
from kg.build import BuildInputs, build_release
from kg.data import ontology_dir, shapes_dir
from kg.iris import Iris
from kg.ontology import Ontology
from kg.releases.sorting import sort_lines
from kg.terms import line
from kg.validation.context import Context
from kg.validation.shacl import Shapes, validate

SAMPLE = 500  # articles that the slow station, validation, is measured on


@dataclass(slots=True)
class Bench:
    """A corpus and what reading it takes; stations return how much they did and in which time."""

    corpus: Path
    iris: Iris = field(default_factory=Iris)
    ontology: Ontology = field(init=False)
    authority: Authority = field(init=False)

    def __post_init__(self) -> None:
        self.ontology = Ontology.load(ontology_dir())
        self.authority = Authority.load(self.corpus / "authority", iris=self.iris)

    def articles(self) -> Iterator[Article]:
        return map(read, sources(self.corpus / "articles"))

    def checked(self) -> Iterator[CheckedArticle]:
        for article in self.articles():
            found = check(article, ontology=self.ontology, authority=self.authority, iris=self.iris)
            assert found.article, found.errors
            yield found.article

    def read(self) -> dict[str, float]:
        began = time.perf_counter()
        count = sum(1 for _ in self.articles())
        return {"articles": count, "seconds": time.perf_counter() - began}

    def check(self) -> dict[str, float]:
        began = time.perf_counter()
        count = sum(1 for _ in self.checked())
        return {"articles": count, "seconds": time.perf_counter() - began}

    def map(self) -> dict[str, float]:
        count = quads = 0
        seconds = 0.0
        with Path("/dev/null").open("w", encoding="utf-8") as out:
            for article in self.checked():
                began = time.perf_counter()
                lines = [line(quad) for quad in map_article(article, iris=self.iris)]
                out.writelines(lines)
                seconds += time.perf_counter() - began
                count += 1
                quads += len(lines)
        return {"articles": count, "quads": quads, "seconds": seconds}

    def validate(self) -> dict[str, float]:
        shapes, context = Shapes.load(shapes_dir()), Context.of(self.ontology.quads(self.iris))
        count = quads = 0
        seconds = 0.0
        for article in self.checked():
            if count == SAMPLE:
                break
            mapped = list(map_article(article, iris=self.iris))
            around = [*context.about(mapped), *self.authority.about(sorted(article.refers_to))]
            began = time.perf_counter()
            validate(shapes, [*mapped, *around])
            seconds += time.perf_counter() - began
            count += 1
            quads += len(mapped)
        return {"articles": count, "quads": quads, "seconds": seconds}

    def sort(self) -> dict[str, float]:
        with tempfile.TemporaryDirectory() as folder:
            unsorted = Path(folder) / "unsorted.nq"
            with unsorted.open("wb") as out:
                for article in self.checked():
                    out.writelines(line(q).encode() for q in map_article(article, iris=self.iris))
            began = time.perf_counter()
            with unsorted.open("rb") as lines:
                quads = sort_lines(lines, Path(folder) / "sorted.nq", work=Path(folder))
            return {"quads": quads, "seconds": time.perf_counter() - began}

    def build(self) -> dict[str, float]:
        inputs = BuildInputs(self.corpus, ontology_dir(), shapes_dir())
        steps = _Steps()
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            release = build_release(inputs, Path(folder), progress=steps)
            seconds = time.perf_counter() - began
            again = time.perf_counter()
            build_release(inputs, Path(folder))
            unchanged = time.perf_counter() - again
        found = {"articles": release.manifest.articles, "quads": release.manifest.quads}
        return {**found, "seconds": seconds, **steps.ended(), "unchanged": unchanged}


@dataclass(slots=True)
class _Steps:
    """Notes how long each step of a build takes."""

    seconds: dict[str, float] = field(default_factory=dict)
    running: str = ""
    since: float = field(default_factory=time.perf_counter)

    def step(self, name: str, done: int, total: int | None) -> None:
        if name != self.running:
            self._stop()
            self.running = name

    def _stop(self) -> None:
        now = time.perf_counter()
        name = f"· {self.running or 'start'}"
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self.since
        self.since = now

    def ended(self) -> dict[str, float]:
        self._stop()
        return self.seconds


STATIONS: dict[str, Callable[[Bench], dict[str, float]]] = {
    "read": Bench.read,
    "check": Bench.check,
    "map": Bench.map,
    "validate": Bench.validate,
    "sort": Bench.sort,
    "build": Bench.build,
}


def measure(station: str, corpus: Path) -> dict[str, float]:
    """Run a station in a process of its own and return its figures, peak memory in MB."""
    command = [sys.executable, "-m", "benchmarks.build", "--run", station, str(corpus)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def run(station: str, corpus: Path) -> None:
    figures = STATIONS[station](Bench(corpus))
    peaks = [
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(json.dumps({**figures, "MB": max(peaks) / 1024}))


def report(station: str, figures: dict[str, float]) -> str:
    seconds = figures["seconds"]
    rates = [
        f"{figures[what] / seconds:12,.0f} {what}/s"
        for what in ("articles", "quads")
        if what in figures
    ]
    line_ = f"{station:10}{seconds:9.2f} s{figures['MB']:8.0f} MB  {'  '.join(rates)}"
    steps = [
        f"{name[2:]} {value:.2f} s" for name, value in figures.items() if name.startswith("· ")
    ]
    if steps:
        line_ += f"\n{'':10}{', '.join(steps)}; built again unchanged: {figures['unchanged']:.2f} s"
    return line_


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--stations", nargs="+", choices=STATIONS, default=list(STATIONS))
    parser.add_argument("--run", nargs=2, metavar=("STATION", "CORPUS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        run(given.run[0], Path(given.run[1]))
        return
    for articles in given.articles:
        with tempfile.TemporaryDirectory() as folder:
            corpus = write_corpus(Path(folder), articles=articles)
            print(f"\n{articles:,} articles")
            for station in given.stations:
                print(report(station, measure(station, corpus)), flush=True)


if __name__ == "__main__":
    main()
