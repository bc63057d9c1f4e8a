"""What is said of things: properties and values as the store has them, with names for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import pyoxigraph

from kg.prefixes import VOCABULARIES
from server.addresses import words
from server.pages.entity.dates import Day
from server.pages.naming import Name, Row, kept, names_of
from server.site import MOST_ROWS, Site

Cell = Sequence[str]

NAMELESS: Final = Name("")

_AT_ONCE: Final = 40  # things in one query
_NAMES_AT_ONCE: Final = 300


def full(name: str) -> str:
    """Return the IRI of a prefixed name of a known vocabulary.

    >>> full("skos:broader")
    'http://www.w3.org/2004/02/skos/core#broader'
    """
    prefix, _, local = name.partition(":")
    return VOCABULARIES[prefix] + local


def encoded(iri: str) -> str:
    """Return an IRI as it stands in a query, "" when it cannot."""
    try:
        return str(pyoxigraph.NamedNode(iri)).replace("$", "\\u0024")
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property; when it is a date, `day` says which."""

    cell: Cell
    day: Day | None = None

    @property
    def iri(self) -> str:
        """Its IRI, "" for a literal."""
        return self.cell[1] if self.cell[0] == "iri" else ""

    @property
    def text(self) -> str:
        """The characters of a literal, or the IRI."""
        return self.cell[1]


@dataclass(slots=True)
class Said:
    """What is said of one thing, by property; `cut` when not all of it could be read."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    cut: bool = False

    def all(self, name: str) -> list[Value]:
        """Return the values of a property, by its prefixed name."""
        return self.values.get(full(name), [])

    def iris(self, name: str) -> list[str]:
        """Return the values of a property that are IRIs."""
        return [value.iri for value in self.all(name) if value.iri]

    def first(self, name: str) -> str:
        """Return the first value of a property as text, "" of none."""
        return next((value.text for value in self.all(name)), "")


def read(site: Site, things: Iterable[str], *, only: Iterable[str] = ()) -> dict[str, Said]:
    """Return what is said of things; `only` narrows it to some properties."""
    narrowed = " ".join(filter(None, map(encoded, only)))
    clause = f"VALUES ?property {{ {narrowed} }}" if narrowed else ""
    found: dict[str, Said] = {}
    for batch in batches(sorted(set(things)), _AT_ONCE):
        _read(site, batch, clause, found)
    return found


def _read(site: Site, things: list[str], only: str, found: dict[str, Said]) -> None:
    subjects = " ".join(filter(None, map(encoded, things)))
    rows = kept(site, "said", subjects=subjects, only=only) if subjects else []
    if len(rows) == MOST_ROWS and len(things) > 1:
        middle = len(things) // 2
        _read(site, things[:middle], only, found)
        _read(site, things[middle:], only, found)
        return
    for row in rows:
        said = found.setdefault(row["subject"][1], Said(cut=len(rows) == MOST_ROWS))
        values = said.values.setdefault(row["property"][1], [])
        value = Value(tuple(row["value"]), _day(row))
        if value not in values[-1:]:
            values.append(value)


def _day(row: Row) -> Day | None:
    if "edtf" not in row:
        return None
    text = {name: str(cell[1]) for name, cell in row.items()}
    return Day(
        edtf=text["edtf"],
        earliest=text.get("earliest", ""),
        latest=text.get("latest", ""),
        printed=text.get("printed", ""),
        inferred=text.get("inferred") == "true",
        anchor=text["value"].partition("#")[2],
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called; of what has no name, the words of its address."""

    known: Mapping[str, Name]

    def of(self, iri: str) -> Name:
        """Return the name of a thing."""
        return self.known.get(iri) or Name(words(iri), "")


def names(site: Site, iris: Iterable[str]) -> Names:
    """Return the names of things in the reader's language."""
    known: dict[str, Name] = {}
    for batch in batches(sorted(set(iris)), _NAMES_AT_ONCE):
        known.update(names_of(site, batch))
    return Names(known)


def mentioned(told: Iterable[Said]) -> Iterator[str]:
    """Yield every IRI in what is said: properties and values."""
    for said in told:
        for name, values in said.values.items():
            yield name
            yield from (value.iri for value in values if value.iri and value.day is None)


def batches(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield items in lists of at most so many."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
