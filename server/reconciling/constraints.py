"""Whether what is expected of a candidate's properties is what the graph says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph

from kg.matching.ofrelease import same_words
from kg.prefixes import VOCABULARIES
from server.reconciling.asked import Constraint, Value
from server.reconciling.reading import rows, term, terms
from server.search import things
from server.site import Site

_AT_ONCE: Final = 200  # things of one query
_NAMED: Final = 50  # things that a text may name
_LANGUAGES: Final = ("en", "ru", "zh")
_XSD: Final = VOCABULARIES["xsd"]


@dataclass(slots=True)
class Known:
    """A value of the graph, with its names when it is a thing."""

    kind: str
    text: str
    datatype: str = ""
    language: str = ""
    names: list[tuple[str, str]] = field(default_factory=list)


Facts = dict[tuple[str, str], list[Known]]


def facts(site: Site, iris: Iterable[str], properties: Iterable[str]) -> Facts:
    """Return what the graph says: (thing, property) → values.

    Raises:
        Problem: there are too many, or no worker is free.
    """
    found: Facts = {}
    asked = terms(properties)
    for listed in _batches(iris) if asked else ():
        for row in rows(site, "reconcile-values", things=listed, properties=asked):
            key = row["thing"][1], row["property"][1]
            found.setdefault(key, []).append(Known(*row["value"]))
    led_to = {one.text for values in found.values() for one in values if one.kind == "iri"}
    names: dict[str, list[tuple[str, str]]] = {}
    for listed in _batches(led_to):
        for row in rows(site, "reconcile-names", things=listed):
            names.setdefault(row["thing"][1], []).append((row["name"][1], row["name"][3]))
    for values in found.values():
        for one in values:
            one.names = names.get(one.text, []) if one.kind == "iri" else []
    return found


def _batches(iris: Iterable[str]) -> Iterator[str]:
    """Yield lists of terms for queries, some at a time."""
    every = sorted(set(iris))
    for start in range(0, len(every), _AT_ONCE):
        if listed := terms(every[start : start + _AT_ONCE]):
            yield listed


def agreement(constraint: Constraint, known: Sequence[Known]) -> int:
    """Return 1 when a value is as expected, -1 when none is, 0 when nothing is known."""
    if not known:
        return 0
    alike = any(_is(value, one) for value in constraint.values for one in known)
    return 1 if alike else -1


def having(site: Site, constraint: Constraint) -> list[str]:
    """Return the things of which a property says what is expected, at most two hundred."""
    values = " ".join(dict.fromkeys(_written(site, constraint.values)))
    listed = rows(site, "reconcile-having", property=term(constraint.property), values=values)
    return [row["thing"][1] for row in listed]


def _is(value: Value, known: Known) -> bool:
    if known.kind == "iri":
        return known.text in (value.iri, value.text) or any(
            same_words(value.text, name) for name, _ in known.names if value.text
        )
    if value.iri:
        return False
    if known.datatype.startswith(_XSD) and (number := _number(value.text)) is not None:
        found = _number(known.text)
        if found is not None:
            return number == found
    is_day = known.datatype.endswith(("#date", "#dateTime", "#gYearMonth"))
    return same_words(value.text, known.text) or (
        is_day and known.text.startswith(f"{value.text}-")
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _written(site: Site, values: Iterable[Value]) -> Iterable[str]:
    """Yield the terms that a value may be in the graph."""
    for value in values:
        if iri := term(value.iri or value.text):
            yield iri
        if value.iri or not value.text:
            continue
        literals: list[Any] = [pyoxigraph.Literal(value.text)]
        literals += [pyoxigraph.Literal(value.text, language=tag) for tag in _LANGUAGES]
        for name in ("boolean", "date", "decimal", "gYear", "integer"):
            literals.append(
                pyoxigraph.Literal(value.text, datatype=pyoxigraph.NamedNode(_XSD + name))
            )
        yield from map(str, literals)
        hits = things(site.current().search_db, value.text, limit=_NAMED)
        yield from (str(term(hit.iri)) for hit in hits if same_words(hit.label, value.text))
