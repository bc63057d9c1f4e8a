"""RDF Patch: changes of a dataset as text, a line each.

    H by "anna" .
    TX .
    D <s> <p> "old" <graph> .
    A <s> <p> "new" <graph> .
    TC .

Terms are written as in N-Quads, blank nodes as `_:label`. Prefixes may be declared and are not
needed: what is added or removed names its terms in full.
Source: Apache Jena, RDF Patch (text format), https://jena.apache.org/documentation/rdf-patch/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple, TextIO

import pyoxigraph as ox

from kg.changes.dataset import encoded
from kg.changes.delta import Delta
from kg.errors import DataError, Place
from kg.terms import Quad, line, literal_parts, text

MEDIA_TYPE: Final = "text/rdf-patch"  # as Jena serves it
_HEADER: Final = re.compile(r"H\s+([A-Za-z][\w-]*)\s+(.+?)\s*\.")
_PREFIX: Final = re.compile(r'P[AD]\s+(<[^>]*>\s+)?("[^"]*"|[\w-]*:?)(\s+<[^>]*>)?\s*\.')
_TRANSACTION: Final = re.compile(r"T([XCA])\s*\.")
_BLANK: Final = re.compile(r"<_:([\w.-]+)>")  # another way to write `_:label`


class Operation(NamedTuple):
    """One quad, and whether it is added (or else removed)."""

    adds: bool
    quad: Quad


@dataclass(frozen=True, slots=True)
class Patch:
    """A change and its headers, whose values are plain strings."""

    delta: Delta
    headers: Mapping[str, str] = field(default_factory=dict)


def write_patch(patch: Patch, out: TextIO) -> None:
    """Write headers in their order, then sorted: what is removed, what is added."""
    for name, value in patch.headers.items():
        out.write(f"H {name} {text(value)} .\n")
    out.write("TX .\n")
    out.writelines(f"D {line(quad)}" for quad in sorted(patch.delta.removed))
    out.writelines(f"A {line(quad)}" for quad in sorted(patch.delta.added))
    out.write("TC .\n")


def read_patch(file: Path, *, unnamed: str = "") -> Patch:
    """Read a file whole.

    `unnamed` is the encoded name of the graph of triples that name none.

    Raises:
        DataError: the file cannot be read or is no RDF Patch; with the line.
    """
    reader = PatchReader(str(file), unnamed=unnamed)
    try:
        with file.open(encoding="utf-8", newline="\n") as lines:
            return Patch(delta_of(reader.operations(lines)), reader.headers)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read: {error}", where=Place(str(file))) from error


def delta_of(operations: Iterable[Operation]) -> Delta:
    """Return what operations come to, one after the other: the last word on a quad counts."""
    last: dict[Quad, bool] = {quad: adds for adds, quad in operations}
    return Delta(
        added=frozenset(quad for quad, adds in last.items() if adds),
        removed=frozenset(quad for quad, adds in last.items() if not adds),
    )


@dataclass(slots=True)
class PatchReader:
    """Reads one patch; `headers` fill as they come.

    Attributes:
        name: what errors call the source.
        unnamed: the encoded name of the graph of triples that name none; "": they are refused.
    """

    name: str
    unnamed: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    _number: int = 0
    _within: bool = False  # a transaction
    _waiting: list[Operation] = field(default_factory=list)

    def operations(self, lines: Iterable[str]) -> Iterator[Operation]:
        """Yield what committed transactions do, in order; an aborted one did nothing.

        Raises:
            DataError: a line that is no RDF Patch, or a transaction without its end.
        """
        for self._number, row in enumerate(lines, start=1):
            row = row.strip()
            if not row or row.startswith("#"):
                continue
            if ended := _TRANSACTION.fullmatch(row):
                yield from self._turn(ended[1])
            elif row[:2] in ("A ", "D "):
                operation = Operation(row[0] == "A", self._quad(row[2:]))
                if self._within:
                    self._waiting.append(operation)
                else:
                    yield operation
            else:
                self._others(row)
        if self._within:
            raise self._error("a transaction (TX) without its end (TC)")

    def _turn(self, letter: str) -> Iterator[Operation]:
        """Begin, commit or abort."""
        if (letter == "X") == self._within:
            raise self._error(f"T{letter} {'within' if self._within else 'outside'} a transaction")
        self._within = letter == "X"
        if letter == "C":
            yield from self._waiting
        self._waiting = []

    def _others(self, row: str) -> None:
        if header := _HEADER.fullmatch(row):
            self.headers[header[1]] = _plain(header[2])
        elif not _PREFIX.fullmatch(row):
            hint = "a line begins with H, TX, TC, TA, A, D, PA or PD and ends with a full stop"
            raise self._error(f"not a line of RDF Patch: {row[:80]!r}", hint=hint)

    def _quad(self, words: str) -> Quad:
        try:
            found = [*ox.parse(_bare(words), format=ox.RdfFormat.N_QUADS)]
        except SyntaxError as error:
            hint = "terms are written as in N-Quads, without prefixes"
            raise self._error(f"not a quad: {error.msg}", hint=hint) from error
        if len(found) != 1:
            raise self._error("not one quad")
        try:
            return self._encoded(found[0])
        except DataError as error:
            raise self._error(error.what) from error

    def _encoded(self, quad: ox.Quad) -> Quad:
        graph = quad.graph_name
        if isinstance(graph, ox.DefaultGraph):
            if not self.unnamed:
                raise self._error("the quad names no graph")
            name = self.unnamed
        else:
            name = encoded(graph)
        return Quad(encoded(quad.subject), encoded(quad.predicate), encoded(quad.object), name)

    def _error(self, what: str, *, hint: str = "") -> DataError:
        return DataError(what, where=Place(self.name, self._number), hint=hint)


def _bare(words: str) -> str:
    """Write `<_:label>` as `_:label`; what stands in a literal stays as it is."""
    return _BLANK.sub(r"_:\1", words, count=1 if '"' in words and words[0] == "<" else 0)


def _plain(term: str) -> str:
    """Return the characters of a header's value: of a literal, of an IRI, or the word itself."""
    if term.startswith('"') and term.rindex('"') > 0:
        return literal_parts(term)[0]
    return term[1:-1] if term.startswith("<") else term
