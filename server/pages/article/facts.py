"""The facts of an article as its page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.prefixes import VOCABULARIES
from server.addresses import words
from server.pages.entity.dates import Day
from server.pages.naming import Name, Row

_UP: Final = VOCABULARIES["up"]
_TYPE: Final = VOCABULARIES["rdf"] + "type"
_LABEL: Final = VOCABULARIES["skos"] + "prefLabel"
_STATED: Final = "concept/certainty/stated"
# What the page shows in places of its own, or not at all.
_APART: Final = frozenset({_TYPE, _LABEL}).union(
    _UP + name
    for name in (
        "status", "reality", "certainty", "accordingTo", "saidIn", "evidence", "context",
        "currentStatus", "currentReality", "decidedBy",
    )
)  # fmt: skip
_FIRST: Final = tuple(
    _UP + name
    for name in (
        "about", "kind", "speaker", "agent", "member", "holder", "party", "proposer", "applicant",
        "title", "role", "organization", "event", "object", "addressee", "text", "subject", "topic",
    )
)  # fmt: skip
_DATES: Final = tuple(
    _UP + name for name in ("asOf", "when", "begin", "end", "founded", "launched", "postponedTo")
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value: a thing with its name, a date, or the text of a literal."""

    name: Name
    iri: str = ""
    day: Day | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A property and its values; `iri` is that of the property."""

    iri: str
    name: Name
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the article tells.

    Attributes:
        key: what its place in the page is called after.
        kind: the class that it was written as.
        title: what it is called, when it has a name.
        reality: `actual`, `prospective`, `unreal` or "".
        now: the status that another fact gave it, when it is another one; `decided` is that fact.
        doubt: how certain it is, unless it is stated plainly.
        tellers: whose word it is.
        passages: the keys of the passages that it rests on.
        context: the keys of the passages that must be read as well.
    """

    iri: str
    key: str
    kind: Value
    title: Name
    status: Value | None = None
    reality: str = ""
    now: Value | None = None
    decided: Value | None = None
    doubt: Value | None = None
    tellers: tuple[Value, ...] = ()
    said_in: tuple[Value, ...] = ()
    properties: tuple[Property, ...] = ()
    passages: tuple[str, ...] = ()
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads facts of one article from rows, with the names that go with them."""

    names: Mapping[str, Name] = field(default_factory=dict)
    article: str = ""

    def name(self, iri: str) -> Name:
        """Return what a thing is called; of what has no name, the words of its address."""
        return self.names.get(iri) or Name(words(iri))

    def fact(self, iri: str, key: str, passages: tuple[str, ...], rows: Iterable[Row]) -> Fact:
        """Return a fact from its rows of the query `article-facts`."""
        said: dict[str, list[Row]] = {}
        for row in rows:
            said.setdefault(row["property"][1], []).append(row)

        def values(name: str) -> tuple[Value, ...]:
            return tuple(map(self.value, said.get(_UP + name, ())))

        def first(name: str) -> Value | None:
            return next(iter(values(name)), None)

        status, now, doubt = first("status"), first("currentStatus"), first("certainty")
        changed = now if now and status and now.iri != status.iri else None
        reality = first("currentReality" if changed else "reality")
        return Fact(
            iri=iri,
            key=key,
            kind=self._kind(said),
            title=self.name(iri) if _LABEL in said else Name(""),
            status=status,
            reality=reality.iri.rpartition("/")[2] if reality else "",
            now=changed,
            decided=first("decidedBy") if changed else None,
            doubt=doubt if doubt and not doubt.iri.endswith(_STATED) else None,
            tellers=values("accordingTo"),
            said_in=values("saidIn"),
            properties=self._properties(said),
            passages=passages,
            context=self._passages(values("context")),
        )

    def _kind(self, said: Mapping[str, Sequence[Row]]) -> Value:
        classes = sorted(row["value"][1] for row in said.get(_TYPE, ()))
        ours = [iri for iri in classes if iri.startswith(_UP)]
        kind = next(iter([*ours, *classes]), "")
        return Value(self.name(kind) if kind else Name(""), kind)

    def _properties(self, said: Mapping[str, Sequence[Row]]) -> tuple[Property, ...]:
        shown = [
            Property(iri, self.name(iri), tuple(map(self.value, rows)))
            for iri, rows in said.items()
            if iri not in _APART
        ]
        return tuple(sorted(shown, key=_order))

    def _passages(self, values: Iterable[Value]) -> tuple[str, ...]:
        own = f"{self.article}#"
        return tuple(one.iri.removeprefix(own) for one in values if one.iri.startswith(own))

    def value(self, row: Row) -> Value:
        """Return the value in a row."""
        kind, text, *rest = row["value"]
        if "edtf" in row:
            return Value(Name(text), text, _day(row))
        if kind == "iri":
            return Value(self.name(text), text)
        return Value(Name(text, rest[1] if len(rest) > 1 else ""))


def _order(one: Property) -> tuple[int, int, str]:
    if one.iri in _FIRST:
        return 0, _FIRST.index(one.iri), one.iri
    return (2, _DATES.index(one.iri), one.iri) if one.iri in _DATES else (1, 0, one.iri)


def _day(row: Row) -> Day:
    text = {name: str(cell[1]) for name, cell in row.items()}
    return Day(
        edtf=text["edtf"],
        earliest=text.get("earliest", ""),
        latest=text.get("latest", ""),
        inferred=text.get("inferred") == "true",
    )
