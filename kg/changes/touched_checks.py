"""The checks of the whole graph, run for the nodes that a change touches and for no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import pyoxigraph as ox

from kg.changes.delta import Delta
from kg.changes.touched_data import Triple
from kg.errors import OntologyError, Place
from kg.iris import Iris
from kg.prefixes import prefixes
from kg.validation.checks import Check, Rows, restricted, run_check
from kg.validation.report import Result
from kg.validation.triggers import FOCUS, Trigger

_TOGETHER: Final = 1_000  # nodes, or changed triples, in one query

T = TypeVar("T")
Touched = frozenset[str] | None  # encoded nodes; None: all


@dataclass(frozen=True, slots=True)
class GraphChecks:
    """Checks that stop a write, and what it takes to run them."""

    checks: tuple[Check, ...]
    iris: Iris

    @classmethod
    def of(cls, checks: Sequence[Check], iris: Iris) -> GraphChecks:
        """Keep the checks whose defects are violations.

        Raises:
            OntologyError: a check or one of its triggers is not SPARQL.
        """
        found = cls(tuple(check for check in checks if check.severity == "Violation"), iris)
        for check in found.checks:
            found._try(check)
        return found

    def new(self, before: ox.Store, after: ox.Store, delta: Delta) -> Iterator[Result]:
        """Yield the defects of `after` that the change brought."""
        changed = {
            "added": tuple({quad[:3] for quad in delta.added}),
            "removed": tuple({quad[:3] for quad in delta.removed}),
        }
        for check in self.checks:
            touched = self._touched(check, changed, after)
            found = self._run(check, touched, after)
            if found:
                old = {_key(result) for result in self._run(check, touched, before)}
                yield from (result for result in found if _key(result) not in old)

    def _touched(
        self, check: Check, changed: dict[str, tuple[Triple, ...]], store: ox.Store
    ) -> Touched:
        if not check.triggers:
            return None
        found: set[str] = set()
        for trigger in check.triggers:
            rows = set(_bound(trigger, changed[trigger.change]))
            if any(term.startswith("_:") for row in rows for term in row):
                return None
            for some in _parts(rows) if trigger.pattern else ():
                found.update(
                    str(row[0]) for row in self._rows(_leading(check, trigger, some), store)
                )
            found.update(row[0] for row in rows if not trigger.pattern)
        return frozenset(found)

    def _run(self, check: Check, touched: Touched, store: ox.Store) -> set[Result]:
        def rows(query: str) -> Rows:
            return self._rows(query, store)

        if touched is None:
            return set(run_check(check, rows))
        some = (restricted(check, part) for part in _parts(touched))
        return {result for part in some for result in run_check(part, rows)}

    def _rows(self, query: str, store: ox.Store) -> Rows:
        return cast(Rows, store.query(query, prefixes=prefixes(self.iris)))

    def _try(self, check: Check) -> None:
        nothing = ox.Store()
        try:
            self._run(check, frozenset({"<urn:nothing>"}), nothing)
            for trigger in check.triggers:
                if trigger.pattern:
                    row: Any = ("<urn:nothing>",) * len(trigger.bound)
                    self._rows(_leading(check, trigger, [row]), nothing)
        except SyntaxError as error:
            what = f"a check is not SPARQL: {error.msg}"
            raise OntologyError(what, where=Place(f"{check.name}.rq")) from error


def _bound(trigger: Trigger, triples: Sequence[Triple]) -> Iterator[tuple[str, ...]]:
    """Yield what the changed triples bind the trigger's variables to."""
    for subject, predicate, value in triples:
        if trigger.is_of(predicate):
            said = {trigger.subject: subject, trigger.value: value}
            if trigger.named:
                said[trigger.named] = predicate
            yield tuple(said[name] for name in trigger.bound)


def _leading(check: Check, trigger: Trigger, rows: Sequence[tuple[str, ...]]) -> str:
    """Return the query that leads from changed triples to the focus."""
    head = [line for line in check.query.splitlines() if line.upper().startswith("PREFIX ")]
    values = " ".join(f"({' '.join(row)})" for row in rows)
    where = f"VALUES ({' '.join(trigger.bound)}) {{ {values} }} {trigger.pattern}"
    return "\n".join([*head, f"SELECT DISTINCT {FOCUS} WHERE {{ {where} }}"])


def _parts(found: Set[T]) -> Iterator[list[T]]:
    """Yield what was found, in order, in parts that one query takes."""
    ahead = sorted(found)  # type: ignore[type-var]
    for start in range(0, len(ahead), _TOGETHER):
        yield ahead[start : start + _TOGETHER]


def _key(result: Result) -> tuple[str, ...]:
    return (result.focus, result.value, result.shape)
