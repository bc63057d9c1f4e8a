"""Quads as a graph in memory, for the tools that work on rdflib."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import DataError
from kg.terms import Quad

_LITERAL: Final = re.compile(r'"(.*)"(?:@([a-zA-Z0-9-]+)|\^\^<(.*)>)?', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_NAMED: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class MemoryGraph(Graph):
    """A graph that is true without being counted: pySHACL asks at each failure, triples and all."""

    def __bool__(self) -> bool:
        return True


def graph_of(quads: Iterable[Quad]) -> Graph:
    """Return the merge of the quads. Literals keep the form in which they are written.

    Raises:
        DataError: a term is not in its N-Triples encoding.
    """
    graph = MemoryGraph(store="SimpleMemory")
    known: dict[str, Node] = {}

    def read(encoded: str) -> Node:
        term = known.get(encoded)
        if term is None:
            term = known[encoded] = term_of(encoded)
        return term

    add = graph.store.add
    with _ill_typed_literals_in_silence():
        for subject, predicate, value, _ in quads:
            add((read(subject), read(predicate), read(value)), graph)
    return graph


def term_of(encoded: str) -> Node:
    """Return the rdflib term of an N-Triples encoding.

    Raises:
        DataError: the text is not an encoded term.
    """
    if encoded.startswith("<") and encoded.endswith(">"):
        return URIRef(encoded[1:-1])
    if encoded.startswith("_:"):
        return BNode(encoded[2:])
    match = _LITERAL.fullmatch(encoded)
    if not match:
        raise DataError(f"not an RDF term: {encoded!r}")
    value, language, datatype = match.groups()
    if "\\" in value:
        value = _ESCAPE.sub(_unescaped, value)
    if datatype:
        return Literal(value, datatype=URIRef(datatype), normalize=False)
    return Literal(value, lang=language)


def _unescaped(match: re.Match[str]) -> str:
    short, long, named = match.groups()
    if named:
        return _NAMED.get(named, named)
    return chr(int(short or long, 16))


@contextmanager
def _ill_typed_literals_in_silence() -> Iterator[None]:
    """Keep rdflib from telling of each literal that the shapes will report, traceback and all."""
    logger = logging.getLogger("rdflib.term")
    before, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before
