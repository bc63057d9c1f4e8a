"""/health: whether this server can answer, for machines that watch it."""

from __future__ import annotations

from flask import Blueprint, Response

from server.problems import Problem
from server.responses import as_json
from server.site import Site
from server.sparql.frames import Job
from server.sparql.pool import Broken, read_all


def routes(site: Site) -> Blueprint:
    """Return the route of the health check."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health")
    def health() -> Response:
        status, found = 200, {"status": "ok"}
        try:
            release = site.current()
            read_all(site.pool.run(Job("ASK { ?s ?p ?o }", "json")))
            found["release"] = release.id
        except Problem as problem:
            status, found = 503, {"status": "failing", "why": problem.detail}
        except Broken:
            status, found = 503, {"status": "failing", "why": "a query broke off"}
        response = as_json({**found, "queries": site.pool.status()}, status=status)
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint
