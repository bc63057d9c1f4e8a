"""The timeline: what is known of when things began and ended, and where bars stand for it.

A day is a proleptic Gregorian ordinal, as `datetime.date.toordinal` has it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from server.explore.asked import Asked
from server.explore.whole import ORGANISATIONS, Dated, State, Whole, days

LANES: Final = ("Event", "Agreement", "Membership", "Partnership", "Mobility")
_PARTIAL: Final = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?(?:-([0-9]{2}))?[~?%]?\Z")
_UNKNOWN_LENGTH: Final = 240  # days that a bar fades out over where it may have begun long ago


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last day that an end of something can be; None: as early or late as any."""

    first: int | None
    last: int | None

    @property
    def known(self) -> bool:
        """Whether anything is known."""
        return self.first is not None or self.last is not None


@dataclass(frozen=True, slots=True)
class Span:
    """When something was: between the bounds of its begin and those of its end.

    Attributes:
        moment: whether it is at one time within the bounds, which may be a day, and does not last.
        seen: whether it is only known as of these days, and neither begin nor end are.
    """

    begin: Bounds
    end: Bounds
    moment: bool = False
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A thing of the timeline.

    Attributes:
        parties: whom it ties, when it is a fact.
        first: the first day that it can have been, "" when that is open; likewise `last`.
    """

    iri: str
    state: State
    span: Span
    dates: tuple[Dated, ...]
    parties: tuple[str, ...]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: "sure", "unsure", "open" (no end known) or "point"; in days."""

    kind: str
    begin: float
    end: float
    fades: str = ""  # "left" or "right" where it goes on out of sight


def items(whole: Whole, asked: Asked) -> tuple[list[Item], int]:
    """Return what has a date and is asked for, by time; and how many more have none."""
    found, undated = [], 0
    for thing, state in whole.states.items():
        if not _asked(whole, asked, thing, state):
            continue
        dates = whole.dates.get(thing, ())
        span = span_of(dates)
        if span is None:
            undated += 1
            continue
        first, last = days(dates)
        if span.seen:
            first = last = ""
        if asked.covers(first, last):
            parties = whole.parties.get(thing, ())
            found.append(Item(thing, state, span, dates, parties, first, last))
    return sorted(found, key=_order), undated


def _order(item: Item) -> tuple[int, int, str]:
    known = [
        day
        for bounds in (item.span.begin, item.span.end)
        for day in (bounds.first, bounds.last)
        if day is not None
    ]
    return min(known), max(known), item.iri


def _asked(whole: Whole, asked: Asked, thing: str, state: State) -> bool:
    if asked.ties and state.lane.lower() not in asked.ties:
        return False
    if asked.reality and (state.reality or "possible") != asked.reality:
        return False
    if not (asked.country or asked.alliance or asked.around):
        return True
    involved = {*whole.present.get(thing, ()), *whole.parties.get(thing, ())}
    if asked.around and asked.around not in involved | {thing}:
        return False
    if not (asked.country or asked.alliance):
        return True
    organisations = [one for one in involved if whole.classes.get(one) in ORGANISATIONS]
    return any(asked.lets_thing(one, whole) for one in organisations)


def span_of(dates: Iterable[Dated]) -> Span | None:
    """Return what dates tell of when a thing was; None when they have no days.

    Reports that differ widen the bounds.
    """
    by: dict[str, list[Dated]] = {}
    for one in dates:
        if _is_usable(one):
            by.setdefault(one.how, []).append(one)
    if when := by.get("when"):
        if len(when) == 1 and (lasting := _lasting(when[0])):
            return lasting
        bounds = _bounds(when)
        return Span(bounds, bounds, moment=True)
    if "begin" in by or "end" in by:
        return Span(_bounds(by.get("begin", ())), _bounds(by.get("end", ())))
    if "asOf" in by:
        bounds = _bounds(by["asOf"])
        return Span(bounds, bounds, seen=True)
    return None


def _is_usable(dated: Dated) -> bool:
    """Tell whether a date has a day, and does not end before it begins."""
    first, last = day(dated.earliest), day(dated.latest)
    return (first or last) is not None and (first is None or last is None or first <= last)


def _bounds(dates: Collection[Dated]) -> Bounds:
    firsts = [day(one.earliest) for one in dates]
    lasts = [day(one.latest) for one in dates]
    return Bounds(
        None if None in firsts else min((d for d in firsts if d), default=None),
        None if None in lasts else max((d for d in lasts if d), default=None),
    )


def _lasting(dated: Dated) -> Span | None:
    """Return the span of an interval of days, months or years, such as "2021-04/2021-05-19"."""
    begin, slash, end = dated.edtf.partition("/")
    if not slash or not (dated.earliest and dated.latest):
        return None
    first, last = _partial(begin), _partial(end)
    begins = Bounds(day(dated.earliest), first.last if first else day(dated.earliest))
    ends = Bounds(last.first if last else day(dated.latest), day(dated.latest))
    return Span(begins, ends)


def _partial(text: str) -> Bounds | None:
    found = _PARTIAL.match(text)
    if not found or text[:4] == "0000":
        return None
    year, month, of_month = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    try:
        first = date(year, month or 1, of_month or 1)
        length = calendar.monthrange(year, month or 12)[1]
        last = date(year, month or 12, of_month or length)
    except ValueError:
        return None
    return Bounds(first.toordinal(), last.toordinal())


def day(text: str) -> int | None:
    """Return a day as a number; None for "" and for days that the calendar does not have."""
    try:
        return date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None


def parts(span: Span, *, right: float) -> tuple[Part, ...]:
    """Return the pieces of the bar; `right` is where the picture ends."""
    begin, end = span.begin, span.end
    if span.seen or span.moment:
        if begin.first is None and begin.last is None:
            return ()
        return _moment(begin, seen=span.seen)
    found = []
    sure = begin.last + 1 if begin.last is not None else None
    if begin.known:
        found.append(_stretch(begin))
    if end.known:
        tail = _stretch(end)
        start = sure if sure is not None else tail.begin - _UNKNOWN_LENGTH
        kind, fades = ("sure", "") if sure is not None else ("open", "left")
        if tail.begin > start:
            found.append(Part(kind, start, tail.begin, fades))
        found.append(tail)
    elif sure is not None:
        found.append(Part("open", sure, max(right, sure + 1), "right"))
    return tuple(_without_slivers(found))


def _without_slivers(found: Sequence[Part]) -> Iterable[Part]:
    """An exact day at an end of something that lasts is part of what is sure."""
    lasts = any(part.kind in ("sure", "open") for part in found)
    for part in found:
        if part.kind == "point" and lasts:
            yield Part("sure", part.begin, part.end)
        else:
            yield part


def _stretch(bounds: Bounds) -> Part:
    first, last = bounds.first, bounds.last
    if first is not None and last is not None:
        return Part("point" if first == last else "unsure", first, last + 1)
    if last is not None:
        return Part("unsure", last + 1 - _UNKNOWN_LENGTH, last + 1, "left")
    assert first is not None
    return Part("unsure", first, first + _UNKNOWN_LENGTH, "right")


def _moment(bounds: Bounds, *, seen: bool) -> tuple[Part, ...]:
    middle = _stretch(bounds)
    if not seen:
        return (middle,)
    return (
        Part("open", middle.begin - _UNKNOWN_LENGTH, middle.begin, "left"),
        middle,
        Part("open", middle.end, middle.end + _UNKNOWN_LENGTH, "right"),
    )
