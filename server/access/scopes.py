"""Scopes: what a token allows.

admin                   everything, activating releases included
write:graph=<graph>     writing into one graph: its IRI, or its name below `graph/` of the base;
                        a `*` at the end stands for any rest
links                   deciding links to other knowledge bases (the graph `links`)
annotate                writing what articles say (the graphs `article/…`)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from kg.errors import InputError

ADMIN: Final = "admin"
LINKS: Final = "links"
ANNOTATE: Final = "annotate"
_WRITE: Final = "write:graph="
_GRAPH: Final = re.compile(r'[^\s<>"{}|\\^`*]*\*?')
_GRAPHS: Final = {LINKS: "links", ANNOTATE: "article/*"}


def parse(written: str) -> str:
    """Return a scope as it is kept.

    Raises:
        InputError: it is none.

    >>> parse("write:graph=authority")
    'write:graph=authority'
    """
    scope = written.strip()
    graph = scope.removeprefix(_WRITE)
    if scope in (ADMIN, LINKS, ANNOTATE):
        return scope
    if graph and graph != scope and _GRAPH.fullmatch(graph):
        return scope
    hint = (
        f"scopes: {ADMIN}, {LINKS}, {ANNOTATE}, {_WRITE}<graph> (a name or IRI, with * at its end)"
    )
    raise InputError(f"there is no scope {written!r}", hint=hint)


def for_graph(graph: str, base: str) -> str:
    """Return the scope that allows writing into one graph, given by its IRI, and nothing else.

    >>> for_graph("https://example.org/graph/authority", "https://example.org/")
    'write:graph=authority'
    """
    return _WRITE + graph.removeprefix(f"{base}graph/")


def allows(scopes: Iterable[str], graph: str, base: str) -> bool:
    """Tell whether scopes allow writing into a graph, given by its IRI.

    >>> allows(
    ...     ["write:graph=article/*"], "https://example.org/graph/article/x", "https://example.org/"
    ... )
    True
    """
    return any(_covers(scope, graph, base) for scope in scopes)


def allows_any(scopes: Iterable[str]) -> bool:
    """Tell whether scopes allow writing into whatever graph."""
    return any(scope in (ADMIN, f"{_WRITE}*") for scope in scopes)


def _covers(scope: str, graph: str, base: str) -> bool:
    if scope in (ADMIN, f"{_WRITE}*"):
        return True
    pattern = _GRAPHS.get(scope, scope.removeprefix(_WRITE))
    if ":" not in pattern:
        pattern = f"{base}graph/{pattern}"
    if pattern.endswith("*"):
        return graph.startswith(pattern[:-1])
    return graph == pattern
