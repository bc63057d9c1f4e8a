"""Every request that may change something needs a token, unless its route says that it does not.

So a route that somebody adds and forgets to guard is closed, not open.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, g, request

from server.access.tokens import Token
from server.asking import asked
from server.site import Site

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# Routes that take a POST and change nothing, or decide for themselves (an update has a token, a
# query needs none).
_OPEN: Final = frozenset({"endpoint.sparql", "reconciling.reconcile"})


def attach(app: Flask, site: Site) -> None:
    """Let nothing through that is neither a reading method nor open nor has a token."""

    @app.before_request
    def guard() -> None:
        if request.url_rule is None or request.method in _READING or request.endpoint in _OPEN:
            return
        holder(site)


def holder(site: Site) -> Token:
    """Return the token of the request under way; it is looked up once.

    Raises:
        Problem: there is none that is valid, or this server only reads.
    """
    token: Token | None = g.get("token")
    if token is None:
        token = site.guard.holder(request.headers.get("Authorization", ""), asked(site)["client"])
        g.token = token
    return token
