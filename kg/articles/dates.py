"""Dates as printed in articles: EDTF, and the days that it can mean.

Read are EDTF levels 0 and 1, and of level 2 "one of a set" that is a range:

    2016   2016-02   2016-02-29   2016-02-29T12:30:00Z   201X   2016-XX   2016-02-XX
    2016-21 … 2016-24        spring, summer, autumn, winter of the northern half of the earth
    2016~  2016?  2016%      approximate, uncertain, both: the bounds stay
    2016-02/2016-05          the whole stretch; `..` or nothing stands for an open end
    [2016..2017-05]          some day in it; `[2016..]` and `[..2016]` are open

Years are 0001 to 9999: `xsd:date` and every engine agree on those only.
Source: Library of Congress, Extended Date/Time Format (EDTF) Specification, 4 February 2019.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kg.errors import BadDate

_SEASON_STARTS: Final = {21: 3, 22: 6, 23: 9, 24: 12}
_TIME: Final = (
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?"
)
_PLAIN: Final = re.compile(
    rf"([0-9]{{2}}(?:[0-9]{{2}}|[0-9]X|XX))(?:-([0-9]{{2}}|XX)(?:-([0-9]{{2}}|XX)(?:{_TIME})?)?)?[~?%]?"
)
_FORMS: Final = "write 2016, 2016-02, 2016-02-29, 2016-21 (spring), 2016/2017, [2016..2017], 2016~"


@dataclass(frozen=True, slots=True)
class DateBounds:
    """The first and last day that a date can mean, inclusive; None where the end is open.

    `precision` is day, month, season, year, interval (the whole stretch), range (some day in it),
    or unknown.
    """

    edtf: str
    earliest: date | None
    latest: date | None
    precision: str


@dataclass(frozen=True, slots=True)
class _Day:
    """A date that is no interval and no set."""

    first: date
    last: date
    precision: str


def date_bounds(edtf: str) -> DateBounds:
    """Return the first and last day that an EDTF date can mean.

    Days are proleptic Gregorian; both ends are inclusive. `~`, `?` and `%` widen nothing.

    Raises:
        BadDate: not EDTF as read here, or a day that the calendar does not have.
    Source: EDTF 2019-02-04, levels 0 and 1; level 2 "one of a set".

    >>> date_bounds("2016-02")  # doctest: +NORMALIZE_WHITESPACE
    DateBounds(edtf='2016-02', earliest=datetime.date(2016, 2, 1),
               latest=datetime.date(2016, 2, 29), precision='month')
    >>> date_bounds("2019-24").latest, date_bounds("[..2019]").earliest
    (datetime.date(2020, 2, 29), None)
    """
    if edtf.startswith("["):
        first, last = _ends(edtf, _set_ends)
        return DateBounds(edtf, first, last, "range")
    if "/" in edtf:
        first, last = _ends(edtf, _interval_ends)
        return DateBounds(edtf, first, last, "interval")
    day = _read(edtf, edtf)
    return DateBounds(edtf, day.first, day.last, day.precision)


def _ends(edtf: str, split: Callable[[str], tuple[str, str]]) -> tuple[date | None, date | None]:
    begin, end = split(edtf)
    first = _read(begin, edtf).first if begin else None
    last = _read(end, edtf).last if end else None
    if first is None and last is None:
        raise BadDate(f"the date {edtf!r} is open at both ends and says nothing")
    if first and last and last < first:
        raise BadDate(f"the date {edtf!r} ends ({last}) before it begins ({first})")
    return first, last


def _interval_ends(edtf: str) -> tuple[str, str]:
    if edtf.count("/") != 1:
        raise BadDate(f"the date {edtf!r} has more than one '/'", hint=_FORMS)
    begin, end = edtf.split("/")
    return "" if begin == ".." else begin, "" if end == ".." else end


def _set_ends(edtf: str) -> tuple[str, str]:
    if not edtf.endswith("]") or edtf.count("..") != 1:
        hint = "a set is read only as one range: [first..last], [first..], [..last]"
        raise BadDate(f"the date {edtf!r} is not a range", hint=hint)
    begin, end = edtf[1:-1].split("..")
    return begin, end


def _read(part: str, edtf: str) -> _Day:
    match = _PLAIN.fullmatch(part)
    if not match:
        what = (
            f"the date {edtf!r} is not EDTF"
            if part == edtf
            else f"{part!r} in {edtf!r} is not EDTF"
        )
        raise BadDate(what, hint=_reason(part))
    year, month, day = match.group(1, 2, 3)
    if year == "0000":
        raise BadDate(f"the date {edtf!r} has the year 0000", hint="years are 0001 to 9999")
    if "X" in year:
        return _years(year, bool(month), edtf)
    if month is None or month == "XX":
        if day not in (None, "XX"):
            raise BadDate(f"the date {edtf!r} has a day in no known month", hint=_FORMS)
        return _Day(date(int(year), 1, 1), date(int(year), 12, 31), "year")
    if int(month) in _SEASON_STARTS and day is None:
        return _season(int(year), int(month), edtf)
    return _in_month(int(year), int(month), day, edtf)


def _years(year: str, has_month: bool, edtf: str) -> _Day:
    if has_month:
        raise BadDate(f"the date {edtf!r} has a month in no known year", hint=_FORMS)
    first, last = max(1, int(year.replace("X", "0"))), int(year.replace("X", "9"))
    return _Day(date(first, 1, 1), date(last, 12, 31), "range")


def _season(year: int, season: int, edtf: str) -> _Day:
    start = date(year, _SEASON_STARTS[season], 1)
    if season != 24:
        last_month = _SEASON_STARTS[season] + 2
        return _Day(start, date(year, last_month, monthrange(year, last_month)[1]), "season")
    if year == 9999:
        raise BadDate(f"the date {edtf!r} ends after the year 9999")
    return _Day(start, date(year + 1, 3, 1) - timedelta(days=1), "season")


def _in_month(year: int, month: int, day: str | None, edtf: str) -> _Day:
    if not 1 <= month <= 12:
        hint = "months are 01 to 12, seasons 21 (spring) to 24 (winter)"
        raise BadDate(f"the date {edtf!r} has no month {month:02}", hint=hint)
    days = monthrange(year, month)[1]
    if day is None or day == "XX":
        return _Day(date(year, month, 1), date(year, month, days), "month")
    if not 1 <= int(day) <= days:
        what = f"{year:04}-{month:02} has {days} days"
        raise BadDate(f"the date {edtf!r} is not in the calendar: {what}")
    exact = date(year, month, int(day))
    return _Day(exact, exact, "day")


def _reason(part: str) -> str:
    """Say why a common misspelling is not read."""
    if re.match(r"Y?-?[0-9]{5,}|Y|-[0-9]", part):
        return "years are 0001 to 9999"
    if re.search(r"[~?%].", part):
        return "'~', '?' and '%' are read at the end of a date only"
    if match := re.fullmatch(r"([0-3]?[0-9])[./]([0-3]?[0-9])[./]([0-9]{4})", part):
        return f"year, month and day stand in this order: {match[3]}-mm-dd"
    if match := re.fullmatch(r"([0-9]{4})[-./]([0-9]{1,2})(?:[-./]([0-9]{1,2}))?", part):
        written = [f"{int(number):02}" for number in match.groups()[1:] if number]
        return f"write {'-'.join([match[1], *written])}"
    return _FORMS
