"""Making a release the one in force, over HTTP: a way back after a change, or forward again."""

from __future__ import annotations

from flask import Blueprint, Response, request

from server.access import scopes
from server.access.guard import need
from server.pages.releases import chosen
from server.site import Site
from server.writing.answers import written
from server.writing.conditions import conditions
from server.writing.permission import holder
from server.writing.work import Task, Work


def routes(site: Site) -> Blueprint:
    """Return the route of activation."""
    blueprint = Blueprint("activation", __name__)

    @blueprint.post("/releases/<name>/activate")
    def activate(name: str) -> Response:
        token = holder(site)
        need(token, scopes.ADMIN)
        wanted = conditions(request.headers.get("If-Match", ""), "")
        release = chosen(site, name).id
        done = site.writing.do(
            Work(
                Task.ACTIVATE,
                by=f"{token.id} {token.name}",
                request=f"POST /releases/{release}/activate",
                expected=wanted.releases,
                release=release,
            )
        )
        return written(done)

    return blueprint
