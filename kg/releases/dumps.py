"""Dumps: the dataset, its merge, and a plain version, in six formats, as they are and compressed.

They are written from the pipeline's own quads, since a store rewrites literals (`"01"^^xsd:integer`
comes back as `1`). Formats of graphs (Turtle, N-Triples, RDF/XML) hold the merge of all graphs,
formats of datasets (N-Quads, TriG, JSON-LD) the graphs by name. The plain dumps leave out the
graphs of evidence and mentions. Each file says so where the format has comments.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, TextIO

from kg.disk import sha256_of
from kg.iris import Iris
from kg.prefixes import prefixes
from kg.releases.dataset import (
    Graphs,
    Reader,
    Statement,
    by_graph,
    graph_statements,
    read_through,
    statements,
)
from kg.releases.formats import JsonLd, Namer, NQuads, NTriples, RdfXml, Turtle, Unwritable
from kg.releases.manifest import DATASET, MERGE, FileEntry

PLAIN: Final = "without evidence and mentions"
_HOLDS: Final = {
    MERGE: "the merge of all named graphs, each triple once",
    DATASET: "the dataset, each statement in its named graph",
}
_BUFFER: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class DumpKind:
    """A dump: its file, its media type, and what it holds."""

    name: str
    media_type: str
    holds: str
    plain: bool = False

    @property
    def description(self) -> str:
        """Return one line for people."""
        return _HOLDS[self.holds] + (f"; {PLAIN}" if self.plain else "")


KINDS: Final = (
    DumpKind("unipact.ttl", "text/turtle", MERGE),
    DumpKind("unipact.nt", "application/n-triples", MERGE),
    DumpKind("unipact.rdf", "application/rdf+xml", MERGE),
    DumpKind("unipact.nq", "application/n-quads", DATASET),
    DumpKind("unipact.trig", "application/trig", DATASET),
    DumpKind("unipact.jsonld", "application/ld+json", DATASET),
    DumpKind("unipact-plain.ttl", "text/turtle", MERGE, plain=True),
    DumpKind("unipact-plain.nq", "application/n-quads", DATASET, plain=True),
)
_BY_GRAPH: Final = ("unipact.trig", "unipact.jsonld")


@dataclass(frozen=True, slots=True)
class Dumps:
    """What was written, by name, and which files could not be, with the reason."""

    files: Mapping[str, FileEntry]
    omitted: Mapping[str, str]


class _Writer(Protocol):
    def take(self, statement: Statement) -> None: ...
    def end(self) -> None: ...


@dataclass(slots=True)
class _Careful:
    """Feeds a writer until it meets what its format cannot say."""

    writer: _Writer
    reason: str = ""
    _take: Callable[[Statement], None] = field(init=False)

    def __post_init__(self) -> None:
        self._take = self.writer.take

    def take(self, statement: Statement) -> None:
        if not self.reason:
            try:
                self._take(statement)
            except Unwritable as error:
                self.reason = str(error)

    def end(self) -> None:
        try:
            self.writer.end()
        except Unwritable as error:
            self.reason = self.reason or str(error)


def write_dumps(
    dataset: Path, folder: Path, *, iris: Iris, work: Path, readers: Sequence[Reader] = ()
) -> Dumps:
    """Write all dumps of a file of sorted N-Quads into a folder.

    `readers` are shown each statement on the way, so that counting costs no pass of its own.
    """
    folder.mkdir()
    kinds = {kind.name: kind for kind in KINDS}
    straight = [name for name in kinds if name not in _BY_GRAPH]
    omitted = _write(straight, statements(dataset), folder, iris, readers)
    turned = work / "by-graph"
    by_graph(dataset, turned, work=work)
    omitted |= _write(_BY_GRAPH, graph_statements(turned), folder, iris, ())
    turned.unlink()
    written = sorted(kinds.keys() - omitted.keys())
    with ThreadPoolExecutor() as threads:  # zlib works beside Python
        list(threads.map(lambda name: _compress(folder / name), written))
    files = {
        path.name: _entry(path, kinds[name])
        for name in written
        for path in (folder / name, folder / f"{name}.gz")
    }
    return Dumps(files=files, omitted=dict(sorted(omitted.items())))


def _entry(path: Path, kind: DumpKind) -> FileEntry:
    return FileEntry(
        size=path.stat().st_size,
        sha256=sha256_of(path),
        media_type=kind.media_type,
        holds=kind.holds,
        note=PLAIN if kind.plain else "",
    )


def _write(
    names: Sequence[str],
    source: Iterable[Statement],
    folder: Path,
    iris: Iris,
    readers: Sequence[Reader],
) -> dict[str, str]:
    """Write the named dumps in one pass and return those left out, with the reason."""
    with ExitStack() as stack:
        writers: dict[str, _Careful] = {}
        for name in names:
            out = (folder / name).open("w", encoding="utf-8", newline="\n", buffering=_BUFFER)
            writers[name] = _Careful(_writer(name, stack.enter_context(out), iris))
        read_through(source, [*writers.values(), *readers])
        for careful in writers.values():
            careful.end()
    omitted = {name: careful.reason for name, careful in writers.items() if careful.reason}
    for name in omitted:
        (folder / name).unlink()
    return omitted


def _writer(name: str, out: TextIO, iris: Iris) -> _Writer:
    kind = next(kind for kind in KINDS if kind.name == name)
    note = f"UniPact: {kind.description}"
    graphs, namer = Graphs(iris.base), Namer(prefixes(iris))
    suffix = name.rpartition(".")[2]
    if suffix == "rdf":
        return RdfXml(out, namer, note)
    if suffix == "jsonld":
        return JsonLd(out, namer)
    out.write(f"# {note}\n")
    if suffix == "nt":
        return NTriples(out)
    if suffix == "nq":
        return NQuads(out, graphs, plain=kind.plain)
    return Turtle(out, namer, blocks=suffix == "trig", plain=graphs if kind.plain else None)


def _compress(path: Path) -> None:
    """Write `path`.gz, whose bytes depend on nothing but those of `path`."""
    with (
        path.open("rb") as plain,
        path.with_name(f"{path.name}.gz").open("wb") as out,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as file,
    ):
        shutil.copyfileobj(plain, file, _BUFFER)
