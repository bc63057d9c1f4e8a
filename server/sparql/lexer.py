"""What must be known of a query before an engine sees it, as far as its terminals tell.

A SPARQL parser without a tokenizer, as the engine's is, reads some texts in another way than the
grammar's longest match: in `FILTER(?a<?b)SERVICE#>` it sees a comparison, then SERVICE, where the
longest match is one relative IRI. So a place that can be read in two ways is read in both, and
whatever is a keyword in either counts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from server.sparql.terminals import Token, is_ambiguous, terminal_at, tokens
from server.sparql.weight import weigh

__all__ = ["Outline", "Token", "is_ambiguous", "outline", "tokens"]

_LINE_END: Final = re.compile(r"[\r\n]")
_PARTS: Final = re.compile(r"[A-Za-z_0-9]+")

_QUERY_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATE_FORMS: Final = frozenset("INSERT DELETE WITH LOAD CLEAR CREATE DROP COPY MOVE ADD".split())
_FETCHES: Final = ("SERVICE", "LOAD")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a text of SPARQL is, as far as its terminals tell.

    Attributes:
        form: SELECT, ASK, CONSTRUCT, DESCRIBE, UPDATE, or "" when no keyword tells.
        keywords: bare words in upper case, in either reading, functions included.
        fetches: SERVICE or LOAD when some reading has it, each with its first place.
        from_iris: the IRIs or prefixed names after FROM and FROM NAMED, as written.
        from_clauses: how many FROM there are in all readings, FROM that sticks to a name included.
        nesting: how deep brackets of all kinds nest.
        patterns: about how many triple patterns and groups are joined.
        operators: how many there are in expressions and paths, and expressions.
    """

    form: str
    keywords: frozenset[str]
    fetches: tuple[Token, ...]
    from_iris: tuple[str, ...]
    from_clauses: int
    nesting: int
    patterns: int
    operators: int


def outline(text: str) -> Outline:
    """Read a text of SPARQL once and say what it is. Never fails; rubbish has no form.

    >>> outline('ASK { ?s ?p "SERVICE" }').fetches
    ()
    >>> outline("SELECT * { SERVICE ?where { ?s ?p ?o } }").fetches[0].start
    11
    """
    main = list(tokens(text))
    others = list(_other_readings(text, main))
    words = [*_words(main), *_words(others)]
    weight, hidden = weigh(main), weigh(others)
    return Outline(
        form=_form(main),
        keywords=frozenset(part for word in words if word.kind == "word" for part in _parts(word)),
        fetches=_fetches(words),
        from_iris=_from_iris(main),
        from_clauses=sum("FROM" in _parts(word) for word in words) + _stuck(main, others),
        nesting=weight.nesting + hidden.nesting,
        patterns=weight.patterns + hidden.patterns,
        operators=weight.operators + hidden.operators,
    )


def _other_readings(text: str, main: list[Token]) -> Iterator[Token]:
    """Yield the terminals that appear when `<` is read as "less than", wherever that is possible.

    Reading goes on from after each such `<` until it meets a place that has been read already.
    """
    seen = {token.start for token in main}
    line_ends = [match.start() for match in _LINE_END.finditer(text)] + [len(text)]
    todo = [token.start + 1 for token in main if is_ambiguous(token)]
    while todo:
        at = todo.pop()
        while at < len(text) and at not in seen:
            seen.add(at)
            if text[at] == "#":  # looked up, lest many such places in one line take quadratic time
                at = line_ends[bisect_left(line_ends, at)]
                continue
            token = terminal_at(text, at)
            at += len(token.text)
            if token.kind != "blank":
                yield token
                if is_ambiguous(token):
                    todo.append(token.start + 1)


def _words(read: Iterable[Token]) -> Iterator[Token]:
    """Yield bare words, and prefixed names that the engine may read as a keyword and a name.

    `SERVICE:x {` is such a one; a name before a group is otherwise rare enough to be refused.
    """
    before: Token | None = None
    for token in read:
        if before is not None and before.kind == "name" and token.text == "{":
            yield before
        if token.kind == "word":
            yield token
        before = token


def _fetches(words: list[Token]) -> tuple[Token, ...]:
    """Find the keywords that make an engine fetch; `trueSERVICE` and `SERVICESILENT` hold one."""
    found: list[Token] = []
    for keyword in _FETCHES:
        starts = [
            word.start + word.text.upper().index(keyword)
            for word in words
            if keyword in word.text.partition(":")[0].upper()
        ]
        if starts:
            found.append(Token("word", keyword, min(starts)))
    return tuple(found)


def _parts(word: Token) -> list[str]:
    return [part.upper() for part in _PARTS.findall(word.text)]


def _form(main: list[Token]) -> str:
    for token in main:
        if token.kind != "word":
            continue
        word = _parts(token)[0] if _parts(token) else ""
        if word in ("BASE", "PREFIX", "VERSION"):
            continue
        if word in _QUERY_FORMS:
            return word
        return "UPDATE" if word in _UPDATE_FORMS else ""
    return ""


def _from_iris(main: list[Token]) -> tuple[str, ...]:
    """Collect what stands after FROM and FROM NAMED, up to the first group."""
    found: list[str] = []
    after_from = False
    for token in main:
        word = token.text.upper() if token.kind == "word" else ""
        if after_from and token.kind in ("iri", "name"):
            found.append(token.text)
        after_from = word == "FROM" or (after_from and word == "NAMED")
    return tuple(found)


def _stuck(main: list[Token], others: list[Token]) -> int:
    """Count FROM without a blank behind it, as the engine takes it: `FROMg:x`, `FROMNAMED`."""
    declared = {
        token.text
        for before, token in pairwise(main)
        if token.kind == "name" and before.text.upper() == "PREFIX"
    }
    found = 0
    for token in (*main, *others):
        if token.text[:4].upper() == "FROM" and len(token.text) > 4:
            prefix = token.text.partition(":")[0] + ":"
            found += token.kind == "word" or (token.kind == "name" and prefix not in declared)
    return found
