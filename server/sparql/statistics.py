"""Exact numbers of a release, counted once, as a release never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

MOST_TERMS: Final = 1000  # classes or predicates; more are left to the engine
PREDICATES: Final = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"
CLASSES: Final = "SELECT ?c (COUNT(*) AS ?n) WHERE { ?s a ?c } GROUP BY ?c ORDER BY ?c"


@dataclass(frozen=True, slots=True)
class Statistics:
    """How often things stand in a dataset's default graph.

    Attributes:
        predicates: triples of each predicate, by IRI in angle brackets; None when there are many.
        classes: instances of each class, likewise; None also when a class is no IRI.
    """

    predicates: Mapping[str, int] | None
    classes: Mapping[str, int] | None

    @classmethod
    def gather(cls, rows: Callable[[str], Mapping[str, Any]]) -> Statistics:
        """Count. `rows` runs a query, and returns `rows` of cells, and `more`, if some are missing.

        Cells are as `worker.cell` makes them; `MOST_TERMS` rows are enough.
        """
        return cls(_counts(rows(PREDICATES)), _counts(rows(CLASSES)))


def _counts(result: Mapping[str, Any]) -> Mapping[str, int] | None:
    if result["more"] or len(result["rows"]) > MOST_TERMS:
        return None
    if any(key[0] != "iri" for key, _ in result["rows"]):
        return None
    return {f"<{key[1]}>": int(count[1]) for key, count in result["rows"]}
