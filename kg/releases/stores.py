"""The embedded store of a release: named graphs, and their RDF merge in the default graph.

pyoxigraph's "default graph as union" flag returns a triple of two graphs twice and overrides FROM,
so the merge is written out, as a set. A store is written once and then opened read-only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import terms
from kg.errors import DataError
from kg.terms import Quad

_IN_MEMORY: Final = 2_000  # quads added in one transaction; writing new files is faster for more


def triple_of(line: bytes) -> bytes:
    r"""Return the triple of a line of N-Quads that names a graph, without graph and line end.

    >>> triple_of(b'<s:s> <p:p> "a b" <g:g> .\n')
    b'<s:s> <p:p> "a b"'
    """
    return line[: line.rindex(b" ", 0, -3)]


def merged(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the RDF merge of sorted N-Quads as N-Triples, each triple once, in order.

    A triple is a prefix of the lines that state it, up to the blank before the graph, and no other
    line begins with it: IRIs end in `>`, quotation marks inside literals are escaped. Lines that
    share a prefix stand together when sorted as bytes, hence equal triples of different graphs do.
    """
    for triple, _ in groupby(lines, triple_of):
        yield triple + b" .\n"


def fill(folder: Path, dataset: Path, *, default_graph: str = "") -> ox.Store:
    """Make a store of a file of sorted N-Quads, and return it open for writing.

    Its default graph is the merge, or else the graph with the encoded IRI `default_graph`, which
    then is no named one.

    Raises:
        DataError: a line that is not N-Quads, such as one with a malformed IRI.
    """
    store = ox.Store(str(folder))
    try:
        if default_graph:
            with dataset.open("rb") as lines:
                unnamed = _Reader(_unnamed(lines, default_graph))
                store.bulk_load(unnamed, format=ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]
            return store
        store.bulk_load(path=str(dataset), format=ox.RdfFormat.N_QUADS)
        with dataset.open("rb") as lines:
            store.bulk_load(_Reader(merged(lines)), format=ox.RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
    except SyntaxError as error:
        raise DataError(f"not RDF: {error.msg}") from error
    return store


def _unnamed(lines: Iterable[bytes], graph: str) -> Iterator[bytes]:
    end = f" {graph} .\n".encode()
    for line in lines:
        yield line[: -len(end)] + b" .\n" if line.endswith(end) else line


def add(store: ox.Store, quads: Sequence[Quad]) -> None:
    """Add quads to their graphs and to the merge."""
    both = (
        ox.Quad(named(quad.subject), named(quad.predicate), decode(quad.object), graph)
        for quad in quads
        for graph in (named(quad.graph), ox.DefaultGraph())
    )
    (store.extend if len(quads) < _IN_MEMORY else store.bulk_extend)(both)


def encode(term: object) -> str:
    """Return a term of the store in the encoding of `kg.terms`.

    Raises:
        DataError: a blank node, or a term of RDF 1.2.
    """
    if isinstance(term, ox.NamedNode):
        return f"<{term.value}>"
    if isinstance(term, ox.Literal) and term.direction is None:
        if term.language:
            return terms.text(term.value, term.language)
        return terms.typed(term.value, term.datatype.value)
    raise DataError(f"not a term that a release may hold: {term}")


def named(term: str) -> ox.NamedNode:
    """Return an encoded IRI as an object of the store."""
    return ox.NamedNode(term[1:-1])


def decode(term: str) -> ox.NamedNode | ox.Literal:
    """Return an encoded term as an object of the store."""
    if term.startswith("<"):
        return named(term)
    value, language, datatype = terms.literal_parts(term)
    if language:
        return ox.Literal(value, language=language)
    return ox.Literal(value, datatype=ox.NamedNode(datatype)) if datatype else ox.Literal(value)


class _Reader:
    """Lets pyoxigraph read lines as they are made."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        pieces, held = [self._held], len(self._held)
        while size < 0 or held < size:
            line = next(self._lines, b"")
            if not line:
                break
            pieces.append(line)
            held += len(line)
        whole = b"".join(pieces)
        cut = len(whole) if size < 0 else size
        self._held = whole[cut:]
        return whole[:cut]
