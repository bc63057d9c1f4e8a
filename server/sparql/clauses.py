"""The dataset that a query names itself: FROM and FROM NAMED (SPARQL 1.1, section 13.2).

The engine merges FROM's graphs with triples counted twice, so the server reads the clauses and asks
for the dataset itself (`dataset`). Their IRIs are resolved by the engine's own Turtle reader, which
knows the same prologue and the same terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from server.problems import Problem
from server.sparql.lexer import Outline, Token, is_ambiguous, tokens
from server.sparql.syntax import place

_DEFAULT: Final = "urn:default"
_NAMED: Final = "urn:named"


@dataclass(frozen=True, slots=True)
class Clauses:
    """The graphs that make up the default graph, and those that GRAPH can name."""

    default: tuple[str, ...]
    named: tuple[str, ...]


def read_clauses(query: str, outline: Outline, *, base: str) -> Clauses | None:
    """Return the dataset that a query names; None when it names none, or does not parse.

    Raises:
        Problem: it can be read in two ways.
    """
    if not outline.from_clauses:
        return None
    read = list(tokens(query))
    if unclear := _unclear(read, outline):
        detail = "this query's FROM clauses can be read in two ways"
        hint = "put blanks around < and after FROM"
        raise Problem("bad-request", detail, where=place(query, unclear.start), hint=hint)
    text = " ".join((*_prologue(read), *_statements(read)))
    try:
        found = list(ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=base or "urn:base"))
    except SyntaxError:
        return None  # the engine tells what is wrong
    return Clauses(_objects(found, _DEFAULT), _objects(found, _NAMED))


def _objects(found: list[Any], predicate: str) -> tuple[str, ...]:
    iris = (quad.object.value for quad in found if quad.predicate.value == predicate)
    return tuple(dict.fromkeys(iris))


def _prologue(read: list[Token]) -> Iterator[str]:
    """Yield BASE and PREFIX with what they declare, until another word comes."""
    for before, token in zip([None, *read], read, strict=False):
        word = token.text.upper() if token.kind == "word" else ""
        if word and word not in ("BASE", "PREFIX", "VERSION"):
            return
        if word != "VERSION" and not (before and before.text.upper() == "VERSION"):
            yield token.text


def _statements(read: list[Token]) -> Iterator[str]:
    for clause, term in _terms(read):
        yield f"<urn:query> <{_NAMED if clause == 'NAMED' else _DEFAULT}> {term.text} ."


def _terms(read: list[Token]) -> Iterator[tuple[str, Token]]:
    """Yield FROM or NAMED with the term behind it."""
    clause = ""
    for token in read:
        word = token.text.upper() if token.kind == "word" else ""
        if clause and token.kind in ("iri", "name"):
            yield clause, token
        clause = word if word == "FROM" or (clause == "FROM" and word == "NAMED") else ""


def _unclear(read: list[Token], outline: Outline) -> Token | None:
    """Find where the engine may see other clauses than the grammar's longest match.

    That is after a "less than" that looks like an IRI, which needs round brackets around it, and
    where FROM has no blank behind it.
    """
    starts = [token for token in read if token.kind == "word" and token.text.upper() == "FROM"]
    if not starts:
        return read[0] if outline.from_clauses else None
    depth = 0
    for token in read:
        if token.start >= starts[-1].start:
            break
        depth += (token.text == "(") - (token.text == ")")
        if depth > 0 and is_ambiguous(token):
            return token
    return starts[0] if len(starts) != outline.from_clauses else None
