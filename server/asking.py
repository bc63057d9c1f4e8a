"""A request of the Flask app, put to the service: who asks, what they have, what they can read."""

from __future__ import annotations

from typing import TypedDict

from flask import Response, request

from server.responses import streamed
from server.site import Site
from server.sparql.frames import Job
from server.sparql.negotiation import Media
from server.sparql.plan import Plan


class _Asked(TypedDict):
    client: str
    unless: str
    encodings: str


def asked(site: Site) -> _Asked:
    """Return who asks, which answer they have already, and which encodings they can read."""
    forwarded = ", ".join(request.headers.getlist("X-Forwarded-For"))
    return {
        "client": site.client(request.remote_addr or "", forwarded),
        "unless": request.headers.get("If-None-Match", ""),
        "encodings": request.headers.get("Accept-Encoding", ""),
    }


def answered(site: Site, plan: Plan) -> Response:
    """Answer a client's query.

    Raises:
        Problem: refused, failed, or stopped.
    """
    return streamed(site.service.answer(plan, seconds=plan.seconds, **asked(site)))


def responded(site: Site, job: Job, media: Media) -> Response:
    """Answer with one of this server's own queries, which counts as the client's."""
    return streamed(site.service.respond(job, media.content_type, **asked(site)))
