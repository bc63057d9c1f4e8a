"""A request, judged: what will run and in which format its answer goes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from server.limits import Limits
from server.problems import Problem
from server.sparql.lexer import Outline, Token, outline
from server.sparql.negotiation import GRAPHS, HTML, RESULTS, Media, choose
from server.sparql.request import QueryRequest
from server.sparql.syntax import place

_NO_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')


@dataclass(frozen=True, slots=True)
class Plan:
    """A query that may run, and the format of its answer."""

    request: QueryRequest
    form: str
    media: Media


def check(request: QueryRequest, *, accept: str, limits: Limits, pages: bool = False) -> Plan:
    """Judge a request. With `pages`, HTML is one of the formats.

    Raises:
        Problem: it is beyond a limit, would fetch, is an update, or wants no format there is.
    """
    text = request.query
    if len(text) > limits.query_length:
        raise _beyond("characters", len(text), limits.query_length, "query_length")
    read = outline(text)
    if read.nesting > limits.query_nesting:
        raise _beyond("nested brackets", read.nesting, limits.query_nesting, "query_nesting")
    if read.patterns > limits.query_patterns:
        raise _beyond("patterns", read.patterns, limits.query_patterns, "query_patterns")
    if read.fetches:
        raise _fetches(text, read.fetches[0])
    if read.form == "UPDATE":
        raise Problem("update", "this is an update; this endpoint only answers queries")
    for iri in (*request.default_graphs, *request.named_graphs):
        if ":" not in iri or _NO_IRI.search(iri):
            raise Problem("bad-request", f"not an absolute IRI: {iri[:200]!r}")
    return Plan(request, read.form, _media(read, accept, request.format, pages))


def _media(read: Outline, accept: str, format: str, pages: bool) -> Media:
    formats = {"SELECT": RESULTS, "ASK": RESULTS, "": RESULTS + GRAPHS}.get(read.form, GRAPHS)
    return choose((*formats, HTML) if pages else formats, accept, format=format)


def _beyond(what: str, found: int, allowed: int, field: str) -> Problem:
    detail = f"the query has {found:,} {what}; {allowed:,} are allowed"
    return Problem("limit", detail, where={"limit": field}, hint=Limits.raising(field))


def _fetches(text: str, keyword: Token) -> Problem:
    return Problem(
        "fetch",
        f"{keyword.text} would make this server ask another one; that is not allowed here",
        where=place(text, keyword.start),
        hint="query the other endpoint yourself and join the results, or load a dump: /download/",
    )
