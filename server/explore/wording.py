"""What the views call their kinds of ties, lanes and states, in the reader's language."""

from __future__ import annotations

from calendar import monthrange

from server.explore.whole import Dated
from server.languages import gettext as _


def ties() -> dict[str, str]:
    """Return what each kind of tie is called."""
    return {
        "partnership": _("partnership"),
        "agreement": _("agreement"),
        "membership": _("membership"),
        "part": _("part of"),
        "founding": _("founder of"),
        "together": _("took part together"),
        "proposal": _("proposal to"),
        "participation": _("took part in"),
        "post": _("works for"),
    }


def realities() -> dict[str, str]:
    """Return what each reality is called."""
    return {
        "actual": _("actual"),
        "prospective": _("planned"),
        "unreal": _("did not come about"),
        "possible": _("only possible"),
    }


def shows() -> dict[str, str]:
    """Return what the networks are called."""
    return {
        "organisations": _("Organisations"),
        "people": _("with people"),
        "events": _("with events"),
        "all": _("with all"),
    }


def groups() -> dict[str, str]:
    """Return what the colours of nodes stand for."""
    return {
        "university": _("university or school"),
        "alliance": _("alliance"),
        "company": _("company"),
        "research": _("research or funding"),
        "organisation": _("other organisation"),
        "person": _("people"),
        "event": _("event"),
        "project": _("project or programme"),
    }


def lanes() -> dict[str, str]:
    """Return what the rows of the timeline are called."""
    return {
        "Event": _("Events"),
        "Agreement": _("Agreements"),
        "Membership": _("Memberships"),
        "Partnership": _("Partnerships"),
        "Mobility": _("Exchanges"),
    }


def when(dated: Dated) -> str:
    """Return what a date says of something: "from 2016", "as of 2020-12-04"."""
    days = _days(dated)
    match dated.how:
        case "begin":
            return _("from %(days)s", days=days)
        case "end":
            return _("until %(days)s", days=days)
        case "asOf":
            return _("as of %(days)s", days=days)
        case _:
            return days


def _days(dated: Dated) -> str:
    first, last = dated.earliest, dated.latest
    if not first and not last:
        return dated.edtf or _("no date")
    if not first:
        return _("%(day)s or before", day=last)
    if not last:
        return _("%(day)s or later", day=first)
    if first == last:
        return first
    if first[5:] == "01-01" and last == f"{first[:4]}-12-31":
        return first[:4]
    if first[:7] == last[:7] and first.endswith("-01") and last[8:] >= _last_of(first):
        return first[:7]
    return f"{first} – {last}"


def _last_of(day: str) -> str:
    """Return the last day of a day's month, as two digits."""
    return str(monthrange(int(day[:4]), int(day[5:7]))[1])
