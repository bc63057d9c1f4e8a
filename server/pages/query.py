"""The page of /sparql: a form, its result as a table, example queries, and the query as code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request

from server.pages.examples import EXAMPLES, by_theme
from server.pages.snippets import ANSWER, GRAPH, ROWS, Asked, snippets
from server.problems import Problem
from server.responses import page
from server.site import Site
from server.sparql.plan import Plan

_GIVES: Final = {"ASK": ANSWER, "CONSTRUCT": GRAPH, "DESCRIBE": GRAPH}
_FORMATS: Final = {
    ROWS: ("csv", "tsv", "json", "xml"),
    ANSWER: ("json", "xml"),
    GRAPH: ("ttl", "nt", "jsonld", "rdf"),
}
_LONGEST: Final = 200  # characters of a line of the query that an error is shown in


def table(site: Site, plan: Plan, result: Mapping[str, Any]) -> Response:
    """Return the form with a result below it, its downloads, and the query as code."""
    asked, gives = plan.request, _GIVES.get(plan.form, ROWS)
    parameters = [("query", asked.query)]
    parameters += [("default-graph-uri", iri) for iri in asked.default_graphs]
    parameters += [("named-graph-uri", iri) for iri in asked.named_graphs]
    return page(
        "query.html",
        query=asked.query,
        result=result,
        link="/sparql?" + urlencode(parameters),
        formats=_FORMATS[gives],
        snippets=snippets(Asked(asked.query, _endpoint(site), gives)),
        **_always(site),
    )


def form(site: Site, query: str, problem: Problem | None = None) -> Response:
    """Return the form, and what is wrong with the query in it; without one, an example is in it."""
    status = problem.status if problem else 200
    place = _place(query, problem.where) if problem else ""
    response = page(
        "query.html",
        status=status,
        query=query or EXAMPLES[0].query,
        problem=problem,
        place=place,
        **_always(site),
    )
    response.headers.update(problem.headers if problem else {})
    return response


def _always(site: Site) -> dict[str, Any]:
    public = f"{site.limits.public_url.rstrip('/')}/sparql" if site.limits.public_url else ""
    return {"themes": by_theme(EXAMPLES), "public": public}


def _endpoint(site: Site) -> str:
    """Return the address of the endpoint for code: a public one, else the one that was asked."""
    return site.endpoints(request.base_url)[-1]


def _place(query: str, where: Mapping[str, int | str]) -> str:
    r"""Return the line of a query that is at fault, a caret below the place; "" when none is told.

    >>> print(_place("ASK {\n  ?s ?p\n}", {"line": 2, "column": 3}))
      ?s ?p
      ^
    """
    line, column = where.get("line"), where.get("column")
    lines: Sequence[str] = query.replace("\r\n", "\n").split("\n")
    if not isinstance(line, int) or not isinstance(column, int) or not 0 < line <= len(lines):
        return ""
    begin = max(0, column - _LONGEST // 2)
    shown = lines[line - 1][begin : begin + _LONGEST].replace("\t", " ")
    return f"{shown}\n{' ' * (column - 1 - begin)}^"
