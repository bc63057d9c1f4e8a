"""How far a thing or fact got: each class says which statuses it allows."""

from __future__ import annotations

from typing import Final

from kg.articles.declarations import Declared
from kg.articles.documents import Node, Scalar
from kg.articles.reading import Reading
from kg.errors import BadValue

STATUS: Final = "status"


def allows(reading: Reading, node: Declared, status: Node) -> bool:
    """Say whether the classes of a node allow a status, with an error when they do not."""
    if not node.classes or not isinstance(status, Scalar):
        return True
    allowed = _allowed(node)
    if status in allowed:
        return True
    classes = " and ".join(term.key for term in node.classes)
    if not allowed:
        reading.error(BadValue, status, f"{node.owner}: {classes} has no status")
        return False
    what = f"{node.owner}: {classes} has no status {str(status)!r}"
    more = f"it allows {', '.join(sorted(allowed))}"
    reading.unknown(status, what, status, allowed, more=more)
    return False


def unwritten(reading: Reading, node: Declared) -> str | None:
    """Return the status of a node that has none written; None, with an error, when it needs one."""
    if any(key == STATUS for key, _ in node.properties):
        return None
    if any(term.status_required for term in node.classes):
        hint = f"write one of {', '.join(sorted(_allowed(node)))}"
        what = f"{node.owner} has no status: how far it got must be written"
        reading.error(BadValue, node.at, what, hint=hint)
        return None
    return next((term.default_status for term in node.classes if term.default_status), None)


def _allowed(node: Declared) -> frozenset[str]:
    return frozenset().union(*(term.statuses or () for term in node.classes))
