"""What the views call their kinds of ties, lanes and states, in the reader's language."""

from __future__ import annotations

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
