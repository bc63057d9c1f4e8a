"""The home page: what this is, search, example queries, downloads."""

from __future__ import annotations

from flask import Blueprint, Response

from server.downloads import offered
from server.pages.examples import EXAMPLES
from server.responses import page
from server.site import Site


def routes(site: Site) -> Blueprint:
    """Return the route of the home page."""
    blueprint = Blueprint("home", __name__)

    @blueprint.get("/")
    def home() -> Response:
        release = site.current()
        return page("home.html", examples=EXAMPLES, files=offered(release))

    return blueprint
