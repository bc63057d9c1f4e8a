"""If-Match and If-None-Match of writes: the release that a change was made for.

Every answer tells its release (`X-Release`), and entity tags of graphs begin with it; whoever sends
it back in `If-Match` changes that release or nothing.
Source: RFC 9110, section 13.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from server.problems import Problem

_TAG: Final = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*')
_ID: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a write may change.

    Attributes:
        releases: ids of the releases that may be current; None: whichever is.
        exists: whether the graph must be there (True) or may not be (False); None: either.
    """

    releases: tuple[str, ...] | None = None
    exists: bool | None = None


def conditions(if_match: str, if_none_match: str) -> Conditions:
    """Read the values of the two headers, "" for one that was not sent.

    Raises:
        Problem: they cannot be read, or ask for something that no write can hold to.

    >>> conditions('"0123456789abcdef"', "").releases
    ('0123456789abcdef',)
    """
    if if_none_match and if_none_match.strip() != "*":
        detail = "If-None-Match of a write is *, or is not sent"
        raise Problem("bad-request", detail, where={"in": "If-None-Match"})
    absent = False if if_none_match else None
    if not if_match:
        return Conditions(exists=absent)
    if if_match.strip() == "*":
        return Conditions(exists=True)
    return Conditions(tuple(_releases(if_match)), absent)


def _releases(header: str) -> list[str]:
    """Return the releases of all strong tags; a weak one matches nothing (section 13.1.1)."""
    found = []
    for part in header.split(","):
        tag = _TAG.fullmatch(part)
        if tag is None:
            hint = 'send the release in quotation marks: If-Match: "0123456789abcdef"'
            detail = "If-Match cannot be read"
            raise Problem("bad-request", detail, where={"in": "If-Match"}, hint=hint)
        release = tag[2].partition("-")[0]
        if not tag[1] and _ID.fullmatch(release):
            found.append(release)
    return found
