"""Queries whose answer a release's statistics tell, as queries that only list it.

Query editors and visitors ask the same few things of every endpoint: how many triples, which
classes, which predicates, how many of each. They are recognised token by token; blanks, prefixes
and the names of variables do not matter. The worker still answers, so all formats are the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.sparql.lexer import Token
from server.sparql.rewriting.pattern import NotUnderstood, clear_tokens
from server.sparql.statistics import Statistics

_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LONGEST: Final = 2000  # characters of a query that may be one of the few
_ABSOLUTE: Final = re.compile(r"<[A-Za-z][-A-Za-z0-9+.]*:[^\\]*>")
_COUNT: Final = r"\( COUNT \( (?P<of>\*|(?:DISTINCT )?\?\d+) \) AS (?P<n>\?\d+) \)"
_TRIPLE: Final = r"\{ (?P<s>\?\d+) (?P<p>\?\d+|<\S+>) (?P<o>\?\d+|<\S+>) (?:\. )?\}"
_NUMBER_OF: Final = re.compile(rf"SELECT {_COUNT} (?:WHERE )?{_TRIPLE}")
_LIST: Final = re.compile(rf"SELECT DISTINCT (?P<key>\?\d+) (?:WHERE )?{_TRIPLE}")
_KEY: Final = r"(?P<key>\?\d+)"
_GROUPED: Final = rf"(?:WHERE )?{_TRIPLE} GROUP BY (?P<by>\?\d+)"
_COUNTED: Final = (
    re.compile(rf"SELECT {_KEY} {_COUNT} {_GROUPED}"),
    re.compile(rf"SELECT {_COUNT} {_KEY} {_GROUPED}"),
)
_TAIL_WORDS: Final = frozenset({"ORDER", "BY", "ASC", "DESC", "LIMIT", "OFFSET", "STR"})


def answered(query: str, statistics: Statistics) -> str | None:
    """Return a query that lists the answer; None when the numbers do not tell it."""
    if len(query) > _LONGEST or not re.search("COUNT|DISTINCT", query, re.IGNORECASE):
        return None
    try:
        read = _Canonical.of(clear_tokens(query))
    except NotUnderstood:
        return None
    return _number(read, statistics) or _table(query, read, statistics)


@dataclass(frozen=True, slots=True)
class _Canonical:
    """The tokens after the prologue, written in one way: `words[i]` stands for `tokens[i]`."""

    words: Sequence[str]
    tokens: Sequence[Token]

    @classmethod
    def of(cls, read: list[Token]) -> _Canonical:
        prefixes: dict[str, str] = {}
        while len(read) > 3 and read[0].kind == "word" and read[0].text.upper() == "PREFIX":
            if read[1].text in prefixes or not _ABSOLUTE.fullmatch(read[2].text):
                raise NotUnderstood
            prefixes[read[1].text] = read[2].text
            read = read[3:]
        variables: dict[str, str] = {}
        return cls([_word(token, prefixes, variables) for token in read], read)

    def name(self, word: str) -> str:
        """Return the name of a variable as the query writes it, without its first character."""
        return self.tokens[self.words.index(word)].text[1:]


def _word(token: Token, prefixes: Mapping[str, str], variables: dict[str, str]) -> str:
    match token.kind:
        case "variable":
            return variables.setdefault(token.text[1:], f"?{len(variables)}")
        case "iri" if _ABSOLUTE.fullmatch(token.text):
            return token.text
        case "name":
            prefix, _, local = token.text.partition(":")
            if f"{prefix}:" not in prefixes or "\\" in local:
                raise NotUnderstood
            return f"{prefixes[f'{prefix}:'][:-1]}{local}>"
        case "word":
            return _TYPE if token.text == "a" else token.text.upper()
        case "number" | "other":
            return token.text
    raise NotUnderstood


def _number(read: _Canonical, statistics: Statistics) -> str | None:
    """Answer SELECT (COUNT(…) AS ?n) of one triple pattern."""
    match = _NUMBER_OF.fullmatch(" ".join(read.words))
    if match is None or not _counts_solutions(match, distinct=match["o"][0] == "<"):
        return None
    count = _solutions(match, statistics)
    if count is None or match["n"] in (match["s"], match["p"], match["o"]):
        return None
    return f"SELECT ?{(n := read.name(match['n']))} WHERE {{ VALUES ?{n} {{ {count} }} }}"


def _solutions(match: re.Match[str], statistics: Statistics) -> int | None:
    subject, predicate, object_ = match["s"], match["p"], match["o"]
    variables = [term for term in (subject, predicate, object_) if term[0] == "?"]
    if len(set(variables)) != len(variables):
        return None
    if object_[0] == "<":
        classes = statistics.counted_classes() if predicate == _TYPE else None
        return None if classes is None else classes.get(object_, 0)
    if predicate[0] == "<":  # the engine is quicker than counting all, but not than looking up
        predicates = statistics.counted_predicates()
        return None if predicates is None else predicates.get(predicate, 0)
    predicates = statistics.predicates()
    return None if predicates is None else sum(predicates.values())


def _counts_solutions(match: re.Match[str], *, distinct: bool) -> bool:
    """Tell whether an aggregate counts each solution once; a graph has no triple twice.

    With `distinct`, the subjects of instances are counted within one class.
    """
    of = match["of"]
    if of == f"DISTINCT {match['s']}":
        return distinct and match["p"] == _TYPE
    return of in ("*", match["s"], match["p"], match["o"])


def _table(query: str, read: _Canonical, statistics: Statistics) -> str | None:
    """Answer lists of classes or predicates, with or without counts."""
    text = " ".join(read.words)
    if listed := _LIST.match(text):
        return _listed(query, read, listed, listed["key"], None, statistics)
    for form in _COUNTED:
        counted = form.match(text)
        if counted is None or counted["key"] != counted["by"]:
            continue
        if _counts_solutions(counted, distinct=counted["key"] == counted["o"]):
            return _listed(query, read, counted, counted["key"], counted["n"], statistics)
    return None


def _listed(
    query: str, read: _Canonical, match: re.Match[str], key: str, n: str | None, known: Statistics
) -> str | None:
    terms = [match["s"], match["p"], match["o"]]
    columns = [key] if n is None else [key, n]
    after = len(match.group().split())
    if len({*terms, n}) != 4 or not _orders_only(read.words[after:], columns):
        return None
    counts = None
    if key == match["p"] and match["o"][0] == "?":
        counts = known.predicates()
    elif key == match["o"] and match["p"] == _TYPE:
        counts = known.classes()
    if counts is None:
        return None
    tail = query[read.tokens[after].start :] if after < len(read.tokens) else ""
    names = " ".join(f"?{read.name(column)}" for column in sorted(columns, key=read.words.index))
    rows = _rows(counts, columns, read)
    return f"SELECT {names} WHERE {{ VALUES ({names}) {{ {rows} }} }} {tail}".rstrip()


def _rows(counts: Mapping[str, int], columns: Sequence[str], read: _Canonical) -> str:
    order = sorted(columns, key=read.words.index)
    if len(columns) == 1:
        return " ".join(f"({term})" for term in counts)
    swapped = order[0] != columns[0]
    return " ".join(f"({n} {term})" if swapped else f"({term} {n})" for term, n in counts.items())


def _orders_only(tail: Sequence[str], columns: Sequence[str]) -> bool:
    """Tell whether a query's end does no more than order and cut what is listed."""
    return all(
        word in _TAIL_WORDS or word in "()" or word in columns or word.isdecimal() for word in tail
    )
