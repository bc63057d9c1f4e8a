"""What the pages and the files of the views have in common: the question, and words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask import request

from server.explore import wording
from server.explore.asked import Asked, asked, brief
from server.explore.drawing import Dot
from server.explore.views import Views
from server.pages.naming import class_names

ITEMS: Final = 120  # of a page of the timeline


def asked_here(views: Views) -> Asked:
    """Return what the request asks.

    Raises:
        Problem: it cannot be.
    """
    return asked(request.args.to_dict(flat=False), base=views.site.current().manifest.base)


def common(views: Views, given: Asked) -> dict[str, Any]:
    """Return what all templates of the views are given."""
    base = views.site.current().manifest.base
    return {
        "asked": given,
        "query": given.query(base),
        "ties": wording.ties(),
        "realities": wording.realities(),
        "lanes": wording.lanes(),
        "when": wording.when,
        "brief": lambda iri: brief(iri, base),
        "classes": {iri.rpartition("#")[2]: name for iri, name in class_names(views.site).items()},
        "cut": views.whole().cut,
        "link": lambda **others: _link(given, base, others),
    }


def _link(given: Asked, base: str, others: dict[str, str]) -> str:
    """Return the query string of what is asked, with some of it changed."""
    args = {name: request.args.getlist(name) for name in request.args if name != "page"}
    changed = asked({**args, **{name: [value] for name, value in others.items()}}, base=base)
    return changed.query(base)


def groups_of(dots: Iterable[Dot]) -> dict[str, str]:
    """Return the colours that are seen, with what they stand for."""
    seen = {dot.node.group for dot in dots}
    return {group: name for group, name in wording.groups().items() if group in seen}
