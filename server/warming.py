"""What is asked so often that its answer is ready when a release goes live."""

from __future__ import annotations

from typing import Final

from server.pages.examples import EXAMPLES
from server.problems import Problem
from server.site import Site
from server.sparql.negotiation import HTML, JSON
from server.sparql.plan import Plan
from server.sparql.request import QueryRequest
from server.sparql.statistics import CLASSES, PREDICATES

_COUNT: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
_EVERY_KIND: Final = "SELECT DISTINCT ?c WHERE { ?s a ?c }"
_LOOK: Final = 0.5  # seconds between looks whether the first release has been published


def keep_warm(site: Site) -> None:
    """Have these answers ready, now and whenever another release goes live, the first one too."""
    try:
        site.service.warm(plans(site))
    except Problem:  # there is no release yet
        loop = site.pool.portal.loop
        site.pool.portal.tell(lambda: loop.call_later(_LOOK, keep_warm, site))


def plans(site: Site) -> tuple[Plan, ...]:
    """Return the example queries as pages ask for them, and counts of classes and predicates.

    Raises:
        Problem: there is no release.
    """
    examples = [
        site.plan(QueryRequest(example.query), accept=HTML.type, pages=True) for example in EXAMPLES
    ]
    counts = [
        site.plan(QueryRequest(query), accept=JSON.type, pages=True)
        for query in (CLASSES, PREDICATES, _COUNT, _EVERY_KIND)
    ]
    return (*examples, *counts)
