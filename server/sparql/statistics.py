"""Exact numbers of a dataset that never changes, counted when they are first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MOST_TERMS: Final = 1000  # classes or predicates; more are left to the engine
PREDICATES: Final = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"
CLASSES: Final = "SELECT ?c (COUNT(*) AS ?n) WHERE { ?s a ?c } GROUP BY ?c ORDER BY ?c"

Counts = Mapping[str, int]


@dataclass(slots=True)
class Statistics:
    """How often predicates and classes stand in a store's default graph.

    Terms are IRIs in angle brackets. A table is None when it has too many rows to be kept, or one
    that is no IRI.

    Attributes:
        rows: runs a query and returns `rows` of cells as `cells.cell` makes them, and `more`, if
            some are missing; `MOST_TERMS` rows are enough.
    """

    rows: Callable[[str], Mapping[str, Any]]
    _tables: dict[str, Counts | None] = field(default_factory=dict)

    def predicates(self) -> Counts | None:
        """Return the triples of each predicate; the first time they are counted."""
        return self._table(PREDICATES)

    def classes(self) -> Counts | None:
        """Return the instances of each class; the first time they are counted."""
        return self._table(CLASSES)

    def counted_predicates(self) -> Counts | None:
        """Return the triples of each predicate if they have been counted before."""
        return self._tables.get(PREDICATES)

    def counted_classes(self) -> Counts | None:
        """Return the instances of each class if they have been counted before."""
        return self._tables.get(CLASSES)

    def _table(self, query: str) -> Counts | None:
        if query not in self._tables:
            self._tables[query] = _counts(self.rows(query))
        return self._tables[query]


def _counts(result: Mapping[str, Any]) -> Counts | None:
    if result["more"] or len(result["rows"]) > MOST_TERMS:
        return None
    if any(key[0] != "iri" for key, _ in result["rows"]):
        return None
    return {f"<{key[1]}>": int(count[1]) for key, count in result["rows"]}
