"""Dates as people read them, from EDTF; what is not certain is told in words.

Source: Extended Date/Time Format, levels 0 and 1 (and sets), https://www.loc.gov/standards/datetime/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date, format_skeleton

from server.languages import gettext as _
from server.languages import language

_LOCALES: Final = {"en": "en_GB", "ru": "ru", "zh": "zh"}
_PLAIN: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the data: its EDTF, its first and last day (ISO), and how the text prints it.

    `anchor` is its place in the page: a date is a part of what it dates.
    """

    edtf: str
    earliest: str = ""
    latest: str = ""
    printed: str = ""
    inferred: bool = False
    anchor: str = ""

    @property
    def words(self) -> str:
        """The date in the reader's language."""
        return words(self.edtf, earliest=self.earliest, latest=self.latest)


def words(edtf: str, *, earliest: str = "", latest: str = "") -> str:
    """Return an EDTF date in the reader's language; the bounds tell the years of a winter.

    >>> words("2016-02-29"), words("[..2021]"), words("2020~")
    ('29 Feb 2016', 'by 2021', 'about 2020')
    """
    if edtf[:1] == "[" and edtf[-1:] == "]" and ".." in edtf and "," not in edtf:
        begin, __, end = edtf[1:-1].partition("..")
        return _one_of(begin, end)
    if "/" in edtf:
        begin, __, end = edtf.partition("/")
        return _interval(begin.strip("."), end.strip("."))
    return _single(edtf, earliest, latest)


def _one_of(begin: str, end: str) -> str:
    if begin and end:
        return _("between %(begin)s and %(end)s", begin=words(begin), end=words(end))
    if begin:
        return _("%(date)s or later", date=words(begin))
    return _("by %(date)s", date=words(end))


def _interval(begin: str, end: str) -> str:
    if begin and end:
        return f"{words(begin)} – {words(end)}"
    return _("from %(date)s", date=words(begin)) if begin else _("until %(date)s", date=words(end))


def _single(edtf: str, earliest: str, latest: str) -> str:
    match edtf[-1:]:
        case "~":
            return _("about %(date)s", date=words(edtf[:-1]))
        case "?":
            return _("perhaps %(date)s", date=words(edtf[:-1]))
        case "%":
            return _("perhaps about %(date)s", date=words(edtf[:-1]))
    found = _PLAIN.match(edtf)
    if found is None:
        return edtf
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if month > 12:
        return _season(edtf, month, f"{earliest[:4]}/{latest[2:4]}", year)
    try:
        return _calendar(year, month, day)
    except ValueError:
        return edtf


def _calendar(year: int, month: int, day: int) -> str:
    locale = _LOCALES[language()]
    if day:
        return format_date(date(year, month, day), "medium", locale=locale)
    if month:
        return format_skeleton("yMMM", date(year, month, 1), locale=locale)
    return str(year)


def _season(edtf: str, season: int, years: str, year: int) -> str:
    spans = len(years) == 7 and int(years[5:]) != int(years[2:4])
    told = years if spans else str(year)
    match season:
        case 21:
            return _("spring %(year)s", year=told)
        case 22:
            return _("summer %(year)s", year=told)
        case 23:
            return _("autumn %(year)s", year=told)
        case 24:
            return _("winter %(year)s", year=told)
    return edtf


def iso(day: str) -> str:
    """Return an ISO day in the reader's language; what is none stays as it is."""
    return words(day[:10]) if _PLAIN.match(day[:10]) else day
