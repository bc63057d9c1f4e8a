"""The strip of time: when the facts about a thing turn, uncertain dates drawn as spans."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from server.pages.entity.dates import iso
from server.pages.entity.said import Names, full
from server.pages.entity.statements import reality_of
from server.pages.naming import Name, Row, kept
from server.site import Site

MOST: Final = 600  # marks
LANE: Final = 26  # pixels
_TICKS: Final = 8
_DAYS: Final = 366 * 3000


@dataclass(frozen=True, slots=True)
class Mark:
    """Facts of one date: places in percent of the width; `end` is "" for a day that is known.

    `open` tells that it has no first ("begin") or no last ("end") day.
    """

    x: float
    width: float
    y: int
    facts: int
    reality: str
    told: str
    iri: str
    open: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """The marks of one kind of fact."""

    name: Name
    y: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole: `ticks` are years with their places; `cut` when marks are left out."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[int, float], ...]
    height: int
    cut: bool


def read(site: Site, this: str, *, by_day: bool = False) -> list[Row]:
    """Return the dates of the facts about a thing; `by_day` takes all kinds together."""
    return kept(site, "dated-by-day" if by_day else "dated", this=this)


def strip(rows: Sequence[Row], names: Names, *, kinds: Collection[str]) -> Strip | None:
    """Draw the strip of some kinds of facts, None when there are no dates."""
    wanted = {*kinds, full("up:Fact")}
    dated = [row for row in rows if _bounds(row) and row["kind"][1] in wanted][:MOST]
    if not dated:
        return None
    bounds = [bound for row in dated for bound in _bounds(row) or () if bound]
    first = date(min(bounds).year, 1, 1).toordinal()
    last = date(min(max(bounds).year, 9998) + 1, 1, 1).toordinal()
    by_kind: dict[str, list[Row]] = {}
    for row in dated:
        by_kind.setdefault(row["kind"][1], []).append(row)
    lanes = []
    for number, (kind, some) in enumerate(by_kind.items()):
        y = 22 + LANE * number
        marks = tuple(_mark(row, y, first=first, last=last) for row in some)
        lanes.append(Lane(names.of(kind), y, marks))
    height = 22 + LANE * len(lanes) + 4
    return Strip(tuple(lanes), _ticks(first, last), height, cut=len(dated) == MOST)


def _mark(row: Row, y: int, *, first: int, last: int) -> Mark:
    earliest, latest = _bounds(row) or (None, None)
    begin = earliest.toordinal() if earliest else first
    end = latest.toordinal() + 1 if latest else last
    exact = end - begin <= 1
    left, right = _percent(begin, first, last), _percent(end, first, last)
    return Mark(
        x=left,
        width=0 if exact else round(max(right - left, 0.5), 2),
        y=y,
        facts=int(row["facts"][1]),
        reality=reality_of(str(row["reality"][1]) if "reality" in row else ""),
        told=_told(earliest, latest),
        iri=str(row["one"][1]),
        open="" if earliest and latest else "end" if earliest else "begin",
    )


def _told(earliest: date | None, latest: date | None) -> str:
    words = [iso(day.isoformat()) if day else "…" for day in (earliest, latest)]
    return words[0] if words[0] == words[1] else " – ".join(words)


def _bounds(row: Row) -> tuple[date | None, date | None] | None:
    """Return the first and the last day, None when neither is known."""
    found = [_day(row, name) for name in ("earliest", "latest")]
    return (found[0], found[1]) if found[0] or found[1] else None


def _day(row: Row, name: str) -> date | None:
    try:
        return date.fromisoformat(str(row[name][1])[:10])
    except (KeyError, ValueError):
        return None


def _percent(day: int, first: int, last: int) -> float:
    return round(2 + 96 * (day - first) / (last - first), 2)


def _ticks(first: int, last: int) -> tuple[tuple[int, float], ...]:
    begin, end = date.fromordinal(first).year, date.fromordinal(last).year
    step = max(1, -(-(end - begin) // _TICKS))
    years = range(begin, end + 1, step)
    return tuple((year, _percent(date(year, 1, 1).toordinal(), first, last)) for year in years)
