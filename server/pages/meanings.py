"""/problems: what each kind of problem means; the `type` of a problem points here."""

from __future__ import annotations

from flask import Blueprint, Response

from server.problems import KINDS
from server.responses import page
from server.site import Site


def routes(site: Site) -> Blueprint:
    """Return the route of the list of problems."""
    blueprint = Blueprint("meanings", __name__)

    @blueprint.get("/problems")
    def problems() -> Response:
        return page("problems.html", kinds=KINDS)

    return blueprint
