"""A release's dataset on disk: one file of sorted N-Quads, read as statements in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Protocol

from kg.releases.sorting import sort_lines
from kg.releases.stores import triple_of


class Statement(NamedTuple):
    """A triple in encoded terms, with the graphs that state it, in order."""

    subject: str
    predicate: str
    object: str
    graphs: tuple[str, ...]


class Reader(Protocol):
    """Something that looks at every statement once, in order."""

    def take(self, statement: Statement) -> None:
        """Look at one statement."""


@dataclass(frozen=True, slots=True)
class Graphs:
    """Tells the kinds of graphs of one base apart by their names."""

    base: str

    def name(self, graph: str) -> str:
        """Return what an encoded graph is called: its name below the base, otherwise its IRI.

        >>> Graphs("https://w3id.org/unipact/").name("<https://w3id.org/unipact/graph/links>")
        'links'
        """
        return graph[1:-1].removeprefix(f"{self.base}graph/")

    def kind(self, graph: str) -> str:
        """Return the name; those of all articles are one: `article/evidence` and so on."""
        name = self.name(graph)
        if not name.startswith("article/"):
            return name
        part = name.rpartition("/")[2]
        return f"article/{part}" if part in ("evidence", "mentions") else "article"

    def is_plain(self, graph: str) -> bool:
        """Tell whether the graph belongs into the plain dumps: no evidence, no mentions."""
        return not self.name(graph).startswith("article/") or not graph.endswith(
            ("/evidence>", "/mentions>")
        )

    def is_derived(self, graph: str) -> bool:
        """Tell whether rules made the graph's triples."""
        return self.name(graph) in ("derived", "derived-attributed")


def lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file of N-Quads without its comments."""
    with path.open("rb") as file:
        for line in file:
            if not line.startswith(b"#"):
                yield line


def statements(path: Path) -> Iterator[Statement]:
    """Yield the statements of a file of sorted N-Quads, in order."""
    for triple, group in groupby(lines(path), triple_of):
        subject, predicate, value = triple.decode().split(" ", 2)
        start = len(triple) + 1
        graphs = tuple([line[start:-3].decode() for line in group])
        yield Statement(subject, predicate, value, graphs)


def by_graph(path: Path, output: Path, *, work: Path) -> None:
    """Sort a file of N-Quads by graph first, for the formats that write graph by graph."""

    def turned() -> Iterator[bytes]:
        for line in lines(path):
            triple = triple_of(line)
            yield b"%b %b .\n" % (line[len(triple) + 1 : -3], triple)

    sort_lines(turned(), output, work=work)


def graph_statements(path: Path) -> Iterator[Statement]:
    """Yield the statements of a file that `by_graph` wrote, each with its one graph."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            graph, subject, predicate, value = line[:-3].split(" ", 3)
            yield Statement(subject, predicate, value, (graph,))


def read_through(source: Iterable[Statement], readers: Sequence[Reader]) -> None:
    """Show every statement to every reader."""
    takes = [reader.take for reader in readers]
    for statement in source:
        for take in takes:
            take(statement)
