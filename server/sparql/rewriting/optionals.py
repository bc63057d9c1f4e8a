"""An OPTIONAL of several triples, matched for each solution before it where those are few.

The engine joins an OPTIONAL of one triple row by row, but matches one of several for all things
there are and joins afterwards: a hundred times slower behind a pattern that names a thing. Wrapped
in LATERAL, which this engine has (SPARQL 1.2 community group, SEP-0006), it is matched row by row
as well. Where nothing before it names a thing, all things may come, and it stays as it is.

Why the solutions are the same: triples and filters right in the OPTIONAL are all there is in it, so
matching it with the variables of a solution replaced gives what is compatible with that solution,
and its filters see the same values (section 18.6, LeftJoin). Paths of length zero are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from server.sparql.lexer import Token
from server.sparql.rewriting.pattern import Element, Group, NotUnderstood, groups, main_group

_HINT: Final = re.compile("OPTIONAL", re.IGNORECASE)
_ENDS: Final = frozenset(".;,")
_SEVERAL: Final = frozenset(".;,[(")


def loop(query: str) -> str:
    """Return the query with such an OPTIONAL wrapped in LATERAL.

    >>> loop("ASK { <x:y> <p:q> ?v OPTIONAL { ?v <p:r> ?w ; <p:s> ?z } }")
    'ASK { <x:y> <p:q> ?v LATERAL { OPTIONAL { ?v <p:r> ?w ; <p:s> ?z } } }'
    """
    if not _HINT.search(query):
        return query
    try:
        found = [element for group in groups(main_group(query)) for element in _found(group)]
    except NotUnderstood:
        return query
    for element in sorted(found, key=lambda element: -element.tokens[0].start):
        start, last = element.tokens[0].start, element.tokens[-1]
        end = last.start + len(last.text)
        query = f"{query[:start]}LATERAL {{ {query[start:end]} }}{query[end:]}"
    return query


def _found(group: Group) -> list[Element]:
    """Return the OPTIONALs of a group that stand behind the name of a thing."""
    found: list[Element] = []
    named = False
    for element in group.elements:
        if element.kind == "optional" and named and _is_simple(element.groups[0]):
            found.append(element)
        named = named or _names_a_thing(element)
    return found


def _is_simple(group: Group) -> bool:
    """Tell whether there are several triples, and nothing but triples and filters."""
    triples = [element for element in group.elements if element.kind == "triples"]
    for element in group.elements:
        if element.kind not in ("triples", "filter"):
            return False
        if any(token.text.upper() in ("EXISTS", "BOUND", "COALESCE") for token in element.tokens):
            return False
        if element.kind == "triples" and any(_is_other(token, "*?") for token in element.tokens):
            return False
    tokens = [token for element in triples for token in element.tokens[:-1]]
    return len(triples) > 1 or any(_is_other(token, _SEVERAL) for token in tokens)


def _is_other(token: Token, texts: str | frozenset[str]) -> bool:
    return token.kind == "other" and token.text in texts


def _names_a_thing(element: Element) -> bool:
    """Tell whether an element has a constant as subject, or as object unless it is a class."""
    tokens = element.tokens
    match element.kind:
        case "values":
            return True
        case "bind":
            return tokens[2].kind in ("iri", "name") and tokens[3].text.upper() == "AS"
        case "triples":
            return any(
                token.kind in ("string", "number")
                or (token.kind in ("iri", "name") and _is_thing(tokens, at))
                for at, token in enumerate(tokens)
            )
    return False


def _is_thing(tokens: Sequence[Token], at: int) -> bool:
    return _is_subject(tokens, at) or _is_object(tokens, at)


def _is_subject(tokens: Sequence[Token], at: int) -> bool:
    return at == 0 or _is_other(tokens[at - 1], ".")


def _is_object(tokens: Sequence[Token], at: int) -> bool:
    after = tokens[at + 1 :]
    return (not after or _is_other(after[0], _ENDS)) and not _is_type(tokens[at - 1])


def _is_type(token: Token) -> bool:
    return token.text == "a" or token.text.endswith((":type", "#type>"))
