"""Search by name in SPARQL: a reserved SERVICE is answered here and becomes VALUES.

    SERVICE <https://w3id.org/unipact/search> { ?thing search:matches "lodz" ; search:limit 50 }

No engine sees it, and nothing is asked of another server. What is not written just so stays a
SERVICE, which is refused like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from server.problems import Problem
from server.sparql.syntax import place
from server.sparql.terminals import Token, tokens

SERVICE: Final = "https://w3id.org/unipact/search"
TERMS: Final = f"{SERVICE}#"
DEFAULT_LIMIT: Final = 100
MOST_RESULTS: Final = 1000
MOST_SEARCHES: Final = 4  # in one query
LONGEST_TEXT: Final = 200  # characters that are searched for
_RESERVED: Final = f"<{SERVICE}>"
_GIVEN: Final = ("matches", "limit", "language")
_WANTED: Final = ("label", "rank", "weight")
_QUOTES: Final = re.compile(r"(\"\"\"|'''|\"|')(.*)\1", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for: names that match, in a language if it is not "", at most so many."""

    text: str
    limit: int = DEFAULT_LIMIT
    language: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing found by one of its names; `weight` is how many triples refer to it."""

    iri: str
    label: str
    language: str
    weight: int


Search = Callable[[Wanted], Sequence[Found]]


@dataclass(slots=True)
class _Block:
    """What stands in the braces of a search; `columns` are the variables that it binds."""

    columns: dict[str, str] = field(default_factory=dict)  # variable → thing, label, rank, weight
    given: dict[str, str | int] = field(default_factory=dict)


def searches(query: str) -> bool:
    """Tell whether a query may have a search in it."""
    return _RESERVED in query


def expanded(query: str, search: Search) -> str:
    """Return a query with each search in it answered; a query without one comes back as it is.

    Codepoint escapes must be undone.

    Raises:
        Problem: a search is not written as it must be, or there are too many.
    """
    if not searches(query):
        return query
    reader = _Reader(query)
    pieces: list[str] = []
    done, number = 0, 0
    for start, block, end in reader.blocks():
        number += 1
        if number > MOST_SEARCHES:
            detail = f"a query searches at most {MOST_SEARCHES} times"
            raise Problem("limit", detail, where=place(query, start))
        pieces += (query[done:start], _values(block, search))
        done = end
    return "".join((*pieces, query[done:]))


class _Reader:
    """Reads the terminals of a query."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = list(tokens(query))
        self._prefixes = dict(self._declared())
        self._at = 0

    def blocks(self) -> Iterator[tuple[int, _Block, int]]:
        """Yield each search with the offsets of its begin and its end."""
        while self._at < len(self._tokens):
            keyword = self._tokens[self._at]
            self._at += 1
            if keyword.kind == "word" and keyword.text.upper() == "SERVICE":
                silent = self._peek().kind == "word" and self._peek().text.upper() == "SILENT"
                iri = self._peek(int(silent))
                if iri.kind == "iri" and iri.text == _RESERVED:
                    self._at += silent + 1
                    block = self._block()
                    yield keyword.start, block, self._tokens[self._at - 1].end

    def _declared(self) -> Iterator[tuple[str, str]]:
        for one, two, three in zip(self._tokens, self._tokens[1:], self._tokens[2:], strict=False):
            if one.text.upper() == "PREFIX" and two.kind == "name" and three.kind == "iri":
                yield two.text, three.text[1:-1]

    def _peek(self, ahead: int = 0) -> Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else Token("end", "", len(self._query))

    def _take(self, kind: str, what: str) -> Token:
        token = self._peek()
        if token.kind != kind and token.text != kind:
            raise self._wrong(token, f"{what} is expected here")
        self._at += 1
        return token

    def _block(self) -> _Block:
        block = _Block()
        self._take("{", "{")
        subject = ""
        while self._peek().text != "}":
            thing = self._take("variable", "the variable for what is found")
            if subject and _name(thing) != subject:
                raise self._wrong(thing, "a search binds one variable for what is found")
            subject = _name(thing)
            block.columns[subject] = "thing"
            self._properties(block)
            if self._peek().text == ".":
                self._at += 1
            elif self._peek().text != "}":
                raise self._wrong(self._peek(), ". or ; or } is expected here")
        if not block.given.get("matches"):
            raise self._wrong(self._peek(), "a search needs search:matches and some text")
        self._take("}", "}")
        return block

    def _properties(self, block: _Block) -> None:
        self._property(block)
        while self._peek().text == ";":
            self._at += 1
            if self._peek().kind in ("iri", "name"):
                self._property(block)

    def _property(self, block: _Block) -> None:
        predicate = self._peek()
        name = self._iri(predicate).removeprefix(TERMS)
        if name not in (*_GIVEN, *_WANTED):
            raise self._wrong(predicate, "a search knows no such property")
        self._at += 1
        if name in block.given or name in block.columns.values():
            raise self._wrong(predicate, f"search:{name} is given twice")
        if name in _WANTED:
            variable = self._take("variable", "a variable")
            if _name(variable) in block.columns:
                raise self._wrong(variable, "the variable is bound already")
            block.columns[_name(variable)] = name
        elif name == "limit":
            block.given[name] = self._limit(self._take("number", "a number"))
        else:
            block.given[name] = self._text(name)

    def _iri(self, token: Token) -> str:
        if token.kind == "iri":
            return token.text[1:-1]
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            return self._prefixes.get(f"{prefix}:", "") + local
        raise self._wrong(token, "a property of the search is expected here")

    def _limit(self, token: Token) -> int:
        if not token.text.isdecimal() or not 1 <= int(token.text[:9]) <= MOST_RESULTS:
            raise self._wrong(token, f"search:limit is a number from 1 to {MOST_RESULTS:,}")
        return int(token.text)

    def _text(self, name: str) -> str:
        token = self._take("string", "a string")
        if self._peek().kind == "language" or self._peek().text == "^":
            raise self._wrong(self._peek(), "a string without language and datatype is expected")
        text = _unquoted(token.text)
        if len(text) > LONGEST_TEXT:
            raise self._wrong(token, f"a search has at most {LONGEST_TEXT} characters")
        if name == "language" and not _LANGUAGE.fullmatch(text):
            raise self._wrong(token, "search:language is a language tag such as en")
        return text

    def _wrong(self, token: Token, what: str) -> Problem:
        return Problem(
            "syntax",
            what,
            where=place(self._query, token.start),
            hint=f'{_RESERVED} takes ?thing search:matches "text" and, optionally, '
            'search:limit 50 ; search:language "en" ; search:label ?label ; search:rank ?rank ; '
            f"search:weight ?weight; with PREFIX search: <{TERMS}>",
        )


def _name(variable: Token) -> str:
    return variable.text[1:]


def _unquoted(written: str) -> str:
    match = _QUOTES.fullmatch(written)
    assert match is not None
    return _ESCAPED.sub(lambda escape: _ESCAPES.get(escape[1], escape[1]), match[2])


def _values(block: _Block, search: Search) -> str:
    """Return what was found as VALUES, in one line, so that errors keep their lines."""
    given = block.given
    wanted = Wanted(
        text=str(given["matches"]),
        limit=int(given.get("limit", DEFAULT_LIMIT)),
        language=str(given.get("language", "")),
    )
    names = " ".join(f"?{name}" for name in block.columns)
    rows = (
        "(" + " ".join(_term(found, column, rank) for column in block.columns.values()) + ")"
        for rank, found in enumerate(search(wanted), start=1)
    )
    return f"VALUES ({names}) {{ {' '.join(rows)} }}"


def _term(found: Found, column: str, rank: int) -> str:
    match column:
        case "thing":
            return str(NamedNode(found.iri))
        case "label":
            return str(Literal(found.label, language=found.language or None))
        case "weight":
            return str(found.weight)
        case _:
            return str(rank)
