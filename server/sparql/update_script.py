"""The text of an update that the engine can run.

As asked, unless the protocol names the graphs for WHERE, LOAD SILENT has to load nothing, or
the engine would misread names: it takes declarations only before the first operation, and sees a
keyword in `COPY graph:a TO …`. Then every IRI is written out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from server.sparql.clarity import refuse_unclear
from server.sparql.terminals import Token
from server.sparql.update_names import resolved
from server.sparql.update_reader import Found, Reader


@dataclass(frozen=True, slots=True)
class Script:
    """An update, and how its parts are written anew.

    Attributes:
        text: as asked.
        read: its terminals.
        operations: what they are.
        names: offset → IRI of graph names, or of all terms when `resolved`.
        resolved: whether all IRIs are written out and no declaration is left.
    """

    text: str
    read: Sequence[Token]
    operations: Sequence[Found]
    names: Mapping[int, str]
    resolved: bool

    @classmethod
    def of(cls, text: str, read: Sequence[Token], reader: Reader, *, base: str) -> Self:
        """Resolve what must be.

        Raises:
            Problem: a name or a relative IRI means nothing, or may be none.
        """
        first = read[reader.operations[0].first].start if reader.operations else len(text)
        between = any(declared.iri.start > first for declared in reader.declarations)
        written_out = between or reader.looks_stuck
        if written_out:
            refuse_unclear(text, read, strictly=True)
        terms = _terms(read, reader.operations) if written_out else _graphs(reader.operations)
        names = resolved(text, terms, reader.declarations, base=base)
        return cls(text, read, reader.operations, names, written_out)

    def runnable(self, clauses: str) -> str:
        """Return the text to run, with `clauses` (USING …) in each operation that has a WHERE."""
        kept = [found for found in self.operations if found.words != "LOAD" or not found.silent]
        if not kept:
            return ""
        if not clauses and not self.resolved and len(kept) == len(self.operations):
            return self.text
        begun = self.text[: self.read[self.operations[0].first].start]
        parts = (self._part(found, clauses) for found in kept)
        return ("" if self.resolved else begun) + " ;\n".join(parts)

    def _part(self, found: Found, clauses: str) -> str:
        start, end = self.read[found.first].start, self.read[found.last].end
        if clauses and found.words == "MODIFY":
            before, after = self._slice(start, found.where), self._slice(found.where, end)
            return f"{before}{clauses} {after}"
        if clauses and found.words == "DELETE WHERE":
            pattern = self._slice(found.templates[0].start, found.templates[0].end)
            return f"DELETE {pattern} {clauses} WHERE {pattern}"
        return self._slice(start, end)

    def _slice(self, start: int, end: int) -> str:
        """Return a part of the text, its IRIs written out when that is needed."""
        if not self.resolved:
            return self.text[start:end]
        return "".join(self._written(start, end))

    def _number(self, offset: int) -> int:
        """Return how many terminals begin before an offset."""
        return bisect_left(self.read, offset, key=lambda token: token.start)

    def _written(self, start: int, end: int) -> Iterator[str]:
        for token in self.read[self._number(start) : self._number(end)]:
            if token.start in self.names:
                yield self.text[start : token.start]
                if self.text[token.start - 1] == "<":  # lest `?a<:b` becomes `<<`
                    yield " "
                yield f"<{self.names[token.start]}>"
                start = token.end
        yield self.text[start:end]


def _terms(read: Sequence[Token], operations: Sequence[Found]) -> Iterator[Token]:
    """Yield every IRI and prefixed name in the operations."""
    for found in operations:
        for token in read[found.first : found.last + 1]:
            if token.kind in ("iri", "name"):
                yield token


def _graphs(operations: Sequence[Found]) -> Iterator[Token]:
    """Yield the names of graphs that may be written to."""
    for found in operations:
        yield from (target for target in found.targets if target.kind != "word")
        if found.within is not None:
            yield found.within
        for template in found.templates:
            yield from template.graphs
