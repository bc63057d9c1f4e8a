"""What is answered to a write."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
from flask import Response, request

from server.observing import note_outcome
from server.problems import Problem
from server.responses import PROBLEM, as_json
from server.responses import refused as problem
from server.sparql.negotiation import GRAPHS, HTML, Media, choose
from server.writing.work import Done
from server.writing.writer import Refused

_SHACL: Final = "http://www.w3.org/ns/shacl#"
_FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


def written(done: Done, *, status: int = 200, location: str = "") -> Response:
    """Say what came of a write: the new release, and how much it changed."""
    if status == 204:
        response = Response(status=204)
    else:
        response = as_json(
            {
                "release": done.release,
                "parent": done.parent,
                "added": done.added,
                "removed": done.removed,
                "created": list(done.created),
                "dropped": list(done.dropped),
            },
            status=status,
        )
    response.headers["X-Release"] = done.release
    response.headers["ETag"] = f'"{done.release}"'
    response.headers["Cache-Control"] = "no-store"
    if location:
        response.headers["Location"] = location
    return response


def refusal(refused: Refused) -> Response:
    """Return the validation report as RDF when the client would rather have it than a problem."""
    report = refused.failed.report
    media = _preferred(request.headers.get("Accept", "")) if report else None
    if media is None:
        return problem(refused)
    note_outcome(refused.kind)
    triples = (quad.triple for quad in ox.parse(report, format=ox.RdfFormat.TURTLE))
    body = ox.serialize(triples, format=_FORMATS[media.name], prefixes={"sh": _SHACL})
    response = Response(body, status=refused.status, content_type=media.content_type)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _preferred(accept: str) -> Media | None:
    """Return the format of graphs that is liked better than a problem, if any."""
    try:
        media = choose((PROBLEM, HTML, *GRAPHS), accept)
    except Problem:
        return None
    return media if media in GRAPHS else None
