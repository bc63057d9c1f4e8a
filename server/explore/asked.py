"""What a reader asks of the views of the whole: the query string, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from server.explore.whole import ORGANISATIONS, REALITIES, TIES, Tie, Whole
from server.problems import Problem

# What the network shows → the classes of its nodes beside organisations.
SHOWS: Final = {
    "organisations": (),
    "people": ("Person",),
    "events": ("Event", "EventSeries"),
    "all": ("Person", "Group", "Event", "EventSeries", "Project", "Programme"),
}
DEEPEST: Final = 3
_YEAR: Final = re.compile(r"[0-9]{4}\Z")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked; "" and () ask nothing.

    Attributes:
        ties: kinds of ties.
        country: the IRI of a country.
        alliance: the IRI of an alliance, whose members are asked for.
        since: the first year, as four digits; what has no date stays in.
        until: likewise the last.
        around: the IRI of the thing whose neighbourhood it is.
        depth: how many ties away the neighbourhood goes.
    """

    show: str = "organisations"
    ties: tuple[str, ...] = ()
    reality: str = ""
    country: str = ""
    alliance: str = ""
    since: str = ""
    until: str = ""
    around: str = ""
    depth: int = 1

    @property
    def classes(self) -> frozenset[str]:
        """The classes of the nodes."""
        return frozenset({*ORGANISATIONS, *SHOWS[self.show]})

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of ties; where events are nodes, they tie those that met at them."""
        possible = set(TIES) - ({"together"} if self.show in ("events", "all") else set())
        return frozenset(possible & set(self.ties or TIES))

    @property
    def filters(self) -> bool:
        """Whether anything is left out."""
        return bool(
            self.ties or self.reality or self.country or self.alliance or self.since or self.until
        )

    def lets(self, tie: Tie, whole: Whole) -> bool:
        """Tell whether a tie is asked for."""
        return (
            tie.kind in self.kinds
            and (not self.reality or tie.reality == self.reality)
            and self.covers(tie.first, tie.last)
            and self._lets_ends(tie, whole)
        )

    def _lets_ends(self, tie: Tie, whole: Whole) -> bool:
        """Tell whether it touches the country and stays among the members of the alliance."""
        if not (self.country or self.alliance):
            return True
        ends = [end for end in (tie.one, tie.two) if whole.classes.get(end) in ORGANISATIONS]
        touched = any(self.country in whole.countries.get(end, ()) for end in ends)
        among = whole.members.get(self.alliance, frozenset())
        return (touched or not self.country) and (
            not self.alliance or (bool(ends) and among.issuperset(ends))
        )

    def covers(self, first: str, last: str) -> bool:
        """Tell whether a time reaches into the years that are asked for; "" is open."""
        early = bool(self.since and last and last[:4] < self.since)
        late = bool(self.until and first and first[:4] > self.until)
        return not (early or late)

    def lets_thing(self, thing: str, whole: Whole) -> bool:
        """Tell whether a thing is in the country and the alliance, if it is an organisation."""
        kind = whole.classes.get(thing, "")
        if kind not in ORGANISATIONS:
            return True
        if self.country and self.country not in whole.countries.get(thing, ()):
            return False
        return not self.alliance or thing in whole.members.get(self.alliance, ())

    def query(self, base: str, **others: str) -> str:
        """Return it as a query string with "?", or ""; the same question gives the same one."""
        values: list[tuple[str, str]] = []
        if self.show != "organisations":
            values.append(("show", self.show))
        values += [("tie", tie) for tie in self.ties]
        for name, value in (
            ("reality", self.reality),
            ("country", brief(self.country, base)),
            ("alliance", brief(self.alliance, base)),
            ("from", self.since),
            ("to", self.until),
            ("around", brief(self.around, base)),
            ("depth", str(self.depth) if self.around and self.depth > 1 else ""),
        ):
            if value:
                values.append((name, value))
        values += [(name, value) for name, value in others.items() if value]
        return f"?{urlencode(values)}" if values else ""


def asked(given: Mapping[str, Iterable[str]], *, base: str) -> Asked:
    """Read a query string: name → its values. What is empty asks nothing.

    Raises:
        Problem: a value that cannot be.
    """

    def last(name: str) -> str:
        values = [value.strip() for value in given.get(name, ()) if value.strip()]
        return values[-1] if values else ""

    ties = {value for value in given.get("tie", ()) if value}
    _one_of("tie", ties, TIES)
    show, reality, depth = last("show") or "organisations", last("reality"), last("depth") or "1"
    _one_of("show", {show}, tuple(SHOWS))
    _one_of("reality", {reality} - {""}, REALITIES)
    _one_of("depth", {depth}, tuple(map(str, range(1, DEEPEST + 1))))
    since, until = _year("from", last("from")), _year("to", last("to"))
    if since and until and since > until:
        raise Problem("bad-request", "the years end before they begin", where={"in": "from"})
    return Asked(
        show=show,
        ties=tuple(tie for tie in TIES if tie in ties) if len(ties) < len(TIES) else (),
        reality=reality,
        country=full(last("country"), base),
        alliance=full(last("alliance"), base),
        since=since,
        until=until,
        around=full(last("around"), base),
        depth=int(depth),
    )


def brief(iri: str, base: str) -> str:
    """Return an IRI as the query string has it: what is below `id/` without that."""
    return iri.removeprefix(f"{base}id/")


def full(written: str, base: str) -> str:
    """Return the IRI that the query string means; "" for ""."""
    return written if not written or ":" in written else f"{base}id/{written}"


def _one_of(name: str, given: set[str], known: tuple[str, ...]) -> None:
    if given - set(known):
        hint = f"{name} takes: {', '.join(known)}"
        raise Problem("bad-request", f"{name} cannot be that", where={"in": name}, hint=hint)


def _year(name: str, written: str) -> str:
    if written and not _YEAR.match(written):
        raise Problem("bad-request", f"{name} is a year of four digits", where={"in": name})
    return written
