"""Queries, rewritten so that the engine answers them sooner, with the same solutions.

Text goes in, text comes out: whatever is not understood to the last token stays as it is. A
rewritten text is only for the engine; what is told to people and what caches are keyed by is the
query as asked. An engine that refuses a rewritten text must be given the original: it may be at
fault itself, and messages must speak of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from kg.errors import InputError
from server.sparql.rewriting.constants import inline
from server.sparql.rewriting.known import answered
from server.sparql.rewriting.optionals import loop
from server.sparql.statistics import Statistics

ALL: Final = frozenset({"constants", "optionals", "statistics"})


def switches(setting: str) -> frozenset[str]:
    """Read the setting `rewriting`: `all`, `off`, or names of rewritings with commas in between.

    Raises:
        InputError: there is no rewriting of that name.

    >>> sorted(switches("statistics, constants"))
    ['constants', 'statistics']
    """
    names = frozenset(name.strip() for name in setting.split(",") if name.strip())
    if names == {"all"}:
        return ALL
    if names <= {"off"}:
        return frozenset()
    if unknown := sorted(names - ALL):
        hint = f"all, off, or some of: {', '.join(sorted(ALL))}"
        raise InputError(f"there is no rewriting {unknown[0]!r}", hint=hint)
    return names


def rewrite(
    query: str, *, statistics: Statistics | None = None, names: frozenset[str] = ALL
) -> str:
    """Return a query with the same solutions that the engine answers sooner, or the same text.

    `statistics` are those of the dataset that will be asked; None when a request names its own.
    """
    if statistics is not None and "statistics" in names:
        known = answered(query, statistics)
        if known is not None:
            return known
    for name, change in _CHANGES.items():
        if name in names:
            query = change(query)
    return query


_CHANGES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {"constants": inline, "optionals": loop}
)
