"""A request, judged: what will run, on which dataset, and in which format its answer goes out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, takewhile
from typing import Final

from server.limits import Limits
from server.problems import Problem
from server.sparql.clauses import read_clauses
from server.sparql.lexer import Outline, Token, outline, tokens
from server.sparql.negotiation import GRAPHS, HTML, RESULTS, Media, choose
from server.sparql.request import QueryRequest
from server.sparql.syntax import place
from server.sparql.textsearch import Search, expanded

_NO_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_NEVER_THE_SAME: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
_IN_TRIPLES: Final = frozenset('.;,^+-"')  # what may stand between terms that all have names


@dataclass(frozen=True, slots=True)
class Plan:
    """A query that may run, and the format of its answer.

    Attributes:
        request: what was asked.
        query: the text that runs.
        form: SELECT, ASK, CONSTRUCT, DESCRIBE, or "" for what does not parse.
        media: the format of the answer.
        default_graphs: IRIs of the graphs that make up the default graph; None for the store's own.
        named_graphs: IRIs of the graphs that GRAPH can name; None for all.
        base: what relative IRIs are resolved against.
        cacheable: whether the same plan on the same release has the same answer.
        seconds: how long the client lets it run, None when it does not say.
    """

    request: QueryRequest
    query: str
    form: str
    media: Media
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    base: str = ""
    cacheable: bool = True
    seconds: float | None = None

    @property
    def key(self) -> str:
        """What tells this plan's answers from those of others, on the same release."""
        dataset = (self.default_graphs, self.named_graphs)
        return json.dumps((self.query, *dataset, self.base, self.media.name, self.media.type))


def check(
    request: QueryRequest,
    *,
    accept: str,
    limits: Limits,
    pages: bool = False,
    base: str = "",
    search: Search | None = None,
) -> Plan:
    """Judge a request. With `pages`, HTML is one of the formats; `search` answers searches in it.

    Raises:
        Problem: it is beyond a limit, would fetch, is an update, or wants no format there is.
    """
    text = request.query
    if len(text) > limits.query_length:
        raise _beyond("characters", len(text), limits.query_length, "query_length")
    if search is not None:
        text = expanded(text, search)
    read = outline(text)
    if read.nesting > limits.query_nesting:
        raise _beyond("nested brackets", read.nesting, limits.query_nesting, "query_nesting")
    if read.patterns > limits.query_patterns:
        raise _beyond("patterns", read.patterns, limits.query_patterns, "query_patterns")
    if read.operators > limits.query_operators:
        raise _beyond("operators", read.operators, limits.query_operators, "query_operators")
    if read.fetches:
        raise _fetches(text, read.fetches[0])
    if read.form == "UPDATE":
        raise _update(text)
    default, named = _dataset(request, text, read, base)
    return Plan(
        request=request,
        query=text,
        form=read.form,
        media=_media(read.form, accept, request.format, pages),
        default_graphs=default,
        named_graphs=named,
        base=base,
        cacheable=not read.keywords & _NEVER_THE_SAME and not _makes_nodes(text, read.form),
        seconds=request.seconds,
    )


def _dataset(
    request: QueryRequest, text: str, read: Outline, base: str
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Return default and named graphs: the request's, or the query's, or None for all there is."""
    for iri in (*request.default_graphs, *request.named_graphs):
        if ":" not in iri or _NO_IRI.search(iri):
            raise Problem("bad-request", f"not an absolute IRI: {iri[:200]!r}")
    if request.has_dataset:
        return _once(request.default_graphs), _once(request.named_graphs)
    clauses = read_clauses(text, read, base=base)
    return (clauses.default, clauses.named) if clauses else (None, None)


def _makes_nodes(text: str, form: str) -> bool:
    """Tell whether the answer has blank nodes of its own, which are named anew each time.

    So does a template with `[`, `(`, `_:`, `<<` or `~` (SPARQL 1.1 section 16.2.1); it is the
    first group after CONSTRUCT, of the short form too.
    """
    if form != "CONSTRUCT":
        return False
    read = dropwhile(lambda token: token.text != "{", tokens(text))
    next(read, None)
    inside = takewhile(lambda token: token.text != "}", read)
    return any(
        token.kind == "node" or (token.kind == "other" and token.text not in _IN_TRIPLES)
        for token in inside
    )


def _once(iris: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(iris))


@lru_cache(maxsize=256)
def _media(form: str, accept: str, format: str, pages: bool) -> Media:
    formats = {"SELECT": RESULTS, "ASK": RESULTS, "": RESULTS + GRAPHS}.get(form, GRAPHS)
    return choose((*formats, HTML) if pages else formats, accept, format=format)


def _beyond(what: str, found: int, allowed: int, field: str) -> Problem:
    detail = f"the query has {found:,} {what}; {allowed:,} are allowed"
    return Problem("limit", detail, where={"limit": field}, hint=Limits.raising(field))


def _update(text: str) -> Problem:
    """An update is no query, whatever comes of it: the protocol's 400."""
    start = next((token.start for token in tokens(text) if token.kind == "word"), 0)
    detail = "this is an update, and was sent as a query"
    return Problem(
        "syntax", detail, where=place(text, start), hint="this endpoint only answers queries"
    )


def _fetches(text: str, keyword: Token) -> Problem:
    return Problem(
        "fetch",
        f"{keyword.text} would make this server ask another one; that is not allowed here",
        where=place(text, keyword.start),
        hint="query the other endpoint yourself and join the results, or load a dump: /download/",
    )
