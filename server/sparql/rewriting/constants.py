"""A variable that can only be one IRI, written as that IRI wherever triples are matched.

`BIND(<x> AS ?v)`, `VALUES ?v { <x> }` or `FILTER(?v = <x>)` tell the engine late what `?v` is: it
matches every OPTIONAL for all things there are and joins afterwards. The variable stays bound as
written, for filters, expressions and the result; only triple patterns take the IRI instead.

Why the solutions are the same, place by place (SPARQL 1.1 section 18): once every solution of what
stands before has v = x, a triple pattern of the same group joins only with v = x. The same holds
for a group that is joined (OPTIONAL, UNION, GRAPH or plain) when its triples bind v for certain
and nothing else in it looks at v; filters right in an OPTIONAL may, since they also see the
variables outside of it. A path that may have length zero is left alone: from an IRI it reaches the
IRI itself, from a variable only what is in the graph. EXISTS, MINUS and subqueries are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from server.sparql.lexer import Token
from server.sparql.rewriting.pattern import (
    Element,
    Group,
    NotUnderstood,
    groups,
    is_variable,
    main_group,
)

_HINT: Final = re.compile("BIND|VALUES|FILTER", re.IGNORECASE)
_MOST_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True)
class _Constant:
    """A variable that is one IRI in every solution of a group from an element on."""

    variable: str
    term: str
    first: int
    added: bool  # it must be bound at the start of the group, as no BIND or VALUES does it


def inline(query: str) -> str:
    """Return the query with constant variables replaced in triple patterns.

    >>> inline("SELECT * { BIND(<x:y> AS ?v) OPTIONAL { ?v ?p ?o } }")
    'SELECT * { BIND(<x:y> AS ?v) OPTIONAL {  <x:y>  ?p ?o } }'
    """
    if not _HINT.search(query):
        return query
    for _ in range(_MOST_ROUNDS):  # each changes one group; an outer one may change the inner ones
        try:
            changed = _round(query)
        except NotUnderstood:
            return query
        if changed is None:
            return query
        query = changed
    return query


def _round(query: str) -> str | None:
    for group in groups(main_group(query)):
        for constant in _constants(group):
            places = list(_places(group, constant))
            if places:
                text = _replaced(query, places, f" {constant.term} ")
                if not constant.added:
                    return text
                bound = f" BIND({constant.term} AS ?{constant.variable}) "
                return text[: group.start] + bound + text[group.start :]
    return None


def _replaced(query: str, places: Sequence[Token], term: str) -> str:
    for place in sorted(places, key=lambda token: -token.start):
        query = query[: place.start] + term + query[place.start + len(place.text) :]
    return query


def _constants(group: Group) -> Iterator[_Constant]:
    for at, element in enumerate(group.elements):
        match element.kind:
            case "bind":
                if found := _bound(element.tokens):
                    yield _Constant(*found, at + 1, added=False)
            case "values":
                if found := _valued(element.tokens):
                    plain = all(one.kind in ("triples", "filter") for one in group.elements[:at])
                    yield _Constant(*found, 0 if plain else at + 1, added=False)
            case "filter":
                found = _filtered(element.tokens)
                if found and _starts_with(group, found[0]):
                    yield _Constant(*found, 0, added=True)


def _bound(tokens: Sequence[Token]) -> tuple[str, str] | None:
    match [_kind(token) for token in tokens]:
        case ["BIND", "(", "IRI", "AS", "VARIABLE", ")"]:
            return tokens[4].text[1:], tokens[2].text
    return None


def _valued(tokens: Sequence[Token]) -> tuple[str, str] | None:
    match [_kind(token) for token in tokens]:
        case ["VALUES", "VARIABLE", "{", "IRI", "}"]:
            return tokens[1].text[1:], tokens[3].text
        case ["VALUES", "(", "VARIABLE", ")", "{", "(", "IRI", ")", "}"]:
            return tokens[2].text[1:], tokens[6].text
    return None


def _filtered(tokens: Sequence[Token]) -> tuple[str, str] | None:
    """An IRI equals nothing but itself (section 17.4.1.7)."""
    match [_kind(token) for token in tokens]:
        case ["FILTER", "(", "VARIABLE", "=", "IRI", ")"]:
            return tokens[2].text[1:], tokens[4].text
        case ["FILTER", "(", "IRI", "=", "VARIABLE", ")"]:
            return tokens[4].text[1:], tokens[2].text
        case ["FILTER", "SAMETERM", "(", "VARIABLE", ",", "IRI", ")"]:
            return tokens[3].text[1:], tokens[5].text
    return None


def _kind(token: Token) -> str:
    match token.kind:
        case "iri" | "name":
            return "IRI"
        case "variable":
            return "VARIABLE"
        case _:
            return token.text.upper()


def _starts_with(group: Group, variable: str) -> bool:
    """Tell whether triples bind the variable before anything else but filters is done."""
    for element in group.elements:
        if element.kind == "triples" and element.mentions(variable):
            return True
        if element.kind not in ("triples", "filter", "exists"):
            return False
    return False


def _places(group: Group, constant: _Constant) -> Iterator[Token]:
    """Yield where the variable may be replaced."""
    for element in group.elements[constant.first :]:
        match element.kind:
            case "triples":
                yield from _in_triples(element, constant.variable)
            case "optional":
                yield from _inside(element.groups[0], constant.variable, filters=True) or ()
            case "union":
                for branch in element.groups:
                    yield from _inside(branch, constant.variable, filters=False) or ()
            case "graph" if not is_variable(element.tokens[1], constant.variable):
                yield from _inside(element.groups[0], constant.variable, filters=False) or ()


def _in_triples(element: Element, variable: str) -> list[Token]:
    if any(token.kind == "other" and token.text in "*?" for token in element.tokens):
        return []
    return [token for token in element.tokens if is_variable(token, variable)]


def _inside(group: Group, variable: str, *, filters: bool) -> list[Token] | None:
    """Return the places in a joined group; None when its solutions could become others."""
    places: list[Token] = []
    for element in group.elements:
        if not element.mentions(variable) or (element.kind == "filter" and filters):
            continue
        found: list[Token] | None = None
        if element.kind == "triples":
            found = _in_triples(element, variable)
        elif element.kind == "optional" and places:
            found = _inside(element.groups[0], variable, filters=False)
        if not found:
            return None
        places += found
    return places
