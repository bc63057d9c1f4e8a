"""The groups of a query and what stands in them, as far as rewriting must know.

Everything that is not certain to be read as the engine reads it is refused as a whole: rewriting
then leaves the query alone. Names of the grammar: SPARQL 1.1 section 19.8, GroupGraphPattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from server.sparql.lexer import Token, tokens

_KEYWORDS: Final = frozenset({"FILTER", "BIND", "VALUES", "OPTIONAL", "MINUS", "GRAPH"})
_IN_TRIPLES: Final = frozenset(".;,[]()/|^!*+?-")
_TRIPLE_WORDS: Final = frozenset({"a", "true", "false"})
_CLEAR_IRI: Final = re.compile(r"<(?:[A-Za-z][-A-Za-z0-9+.]*://.*|[^'#()?$]*)>")
_NO_PREFIX: Final = re.compile(
    "(?:A|AS|ASK|BIND|BY|CONSTRUCT|DESCRIBE|EXISTS|FALSE|FILTER|GRAPH|GROUP|HAVING|IN|LATERAL|"
    "LIMIT|MINUS|NAMED|NOT|OFFSET|OPTIONAL|ORDER|SELECT|SERVICE|TRUE|UNDEF|UNION|VALUES|WHERE):.*",
    re.IGNORECASE | re.DOTALL,
)
_OPEN: Final = {"(": ")", "{": "}", "[": "]"}
_MOST: Final = 5000  # tokens; longer queries are rare, and not worth the time
_DEEPEST: Final = 50


class NotUnderstood(Exception):
    """The text may be read in another way than this module reads it."""


@dataclass(frozen=True, slots=True)
class Element:
    """One part of a group.

    Attributes:
        kind: triples, filter, exists (a filter that is nothing else), bind, values, optional,
            minus, graph, union (groups, one or more) or select.
        tokens: all of it.
        groups: the groups right below.
    """

    kind: str
    tokens: tuple[Token, ...]
    groups: tuple[Group, ...] = ()

    def mentions(self, variable: str) -> bool:
        """Tell whether the variable of this name stands anywhere in it."""
        return any(is_variable(token, variable) for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between two braces; `start` is the offset after the first of them."""

    start: int
    elements: tuple[Element, ...]

    def mentions(self, variable: str) -> bool:
        """Tell whether the variable of this name stands anywhere in it."""
        return any(element.mentions(variable) for element in self.elements)


def is_variable(token: Token, name: str) -> bool:
    """Tell whether a token is the variable of this name; ?x and $x are the same."""
    return token.kind == "variable" and token.text[1:] == name


def clear_tokens(query: str) -> list[Token]:
    """Return the tokens of a text that can be read in one way only.

    Raises:
        NotUnderstood: it may be read in two ways, has escapes outside of strings, or is long.
    """
    if "\\u" in query or "\\U" in query:  # they may stand for any character, quotes included
        raise NotUnderstood
    read: list[Token] = []
    for token in tokens(query):
        unclear = token.kind == "iri" and not _CLEAR_IRI.fullmatch(token.text)
        if unclear or (token.kind == "name" and _NO_PREFIX.fullmatch(token.text)):
            raise NotUnderstood
        read.append(token)
        if len(read) > _MOST:
            raise NotUnderstood
    return read


def main_group(query: str) -> Group:
    """Return the group after WHERE.

    Raises:
        NotUnderstood: there is none, or something is not certain.
    """
    read = clear_tokens(query)
    at = _form(read)
    if _word(read, at) == "CONSTRUCT":
        if _text(read, at + 1) != "{":
            raise NotUnderstood
        at = _after_brackets(read, at + 1)
    return _Reader(read).group(_first_brace(read, at))[0]


def groups(group: Group) -> Iterator[Group]:
    """Yield a group and all groups in it but those of EXISTS, outer ones first."""
    yield group
    for element in group.elements:
        if element.kind != "exists":
            for inner in element.groups:
                yield from groups(inner)


def _form(read: Sequence[Token]) -> int:
    at = 0
    while (word := _word(read, at)) in ("PREFIX", "BASE"):
        at += 3 if word == "PREFIX" else 2
    if word not in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"):
        raise NotUnderstood
    return at


def _first_brace(read: Sequence[Token], at: int) -> int:
    """Return where the first brace outside of parentheses stands."""
    while (text := _text(read, at)) != "{":
        at = _after_brackets(read, at) if text == "(" else at + 1
    return at


def _after_brackets(read: Sequence[Token], at: int) -> int:
    """Return the place after the bracket that closes the one at `at`."""
    awaited = [_OPEN.get(_text(read, at), "")]
    while awaited:
        at += 1
        text = _text(read, at)
        if read[at].kind != "other":
            continue
        if text in _OPEN:
            awaited.append(_OPEN[text])
        elif text in _OPEN.values() and text != awaited.pop():
            raise NotUnderstood
    return at + 1


def _text(read: Sequence[Token], at: int) -> str:
    if at >= len(read):
        raise NotUnderstood
    return read[at].text


def _word(read: Sequence[Token], at: int) -> str:
    """Return the bare word at a place in upper case, "" when something else stands there."""
    text = _text(read, at)
    return text.upper() if read[at].kind == "word" else ""


def _balanced(part: Sequence[Token]) -> bool:
    awaited: list[str] = []
    for token in part:
        if token.kind == "other" and token.text in _OPEN:
            awaited.append(_OPEN[token.text])
        elif token.kind == "other" and token.text in ")]":
            if not awaited or awaited.pop() != token.text:
                return False
    return not awaited


class _Reader:
    """Reads groups from tokens; every method takes a place and returns what it read up to where."""

    def __init__(self, read: Sequence[Token]) -> None:
        self._read = read
        self._depth = 0

    def group(self, at: int) -> tuple[Group, int]:
        if _text(self._read, at) != "{" or _text(self._read, at + 1) == "|":
            raise NotUnderstood
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotUnderstood
        start = self._read[at].start + 1
        at += 1
        elements: list[Element] = []
        if _word(self._read, at) == "SELECT":
            element, at = self._select(at)
            elements.append(element)
        while _text(self._read, at) != "}":
            if _text(self._read, at) == ".":
                at += 1
                continue
            element, at = self._element(at)
            elements.append(element)
        self._depth -= 1
        return Group(start, tuple(elements)), at + 1

    def _element(self, at: int) -> tuple[Element, int]:
        match _word(self._read, at):
            case "FILTER":
                return self._filter(at)
            case "BIND":
                return self._made("bind", at, _after_brackets(self._read, self._bracket(at + 1)))
            case "VALUES":
                after = at + 2 if self._read[at + 1 :] and _text(self._read, at + 1) != "(" else 0
                after = after or _after_brackets(self._read, at + 1)
                return self._made("values", at, _after_brackets(self._read, self._brace(after)))
            case "OPTIONAL" | "MINUS" as word:
                group, end = self.group(at + 1)
                return self._made(word.lower(), at, end, group)
            case "GRAPH":
                group, end = self.group(at + 2)
                return self._made("graph", at, end, group)
        if _text(self._read, at) == "{":
            return self._union(at)
        return self._triples(at)

    def _made(self, kind: str, at: int, end: int, *inner: Group) -> tuple[Element, int]:
        return Element(kind, tuple(self._read[at:end]), inner), end

    def _bracket(self, at: int) -> int:
        if _text(self._read, at) != "(":
            raise NotUnderstood
        return at

    def _brace(self, at: int) -> int:
        if _text(self._read, at) != "{":
            raise NotUnderstood
        return at

    def _filter(self, at: int) -> tuple[Element, int]:
        after = at + 1
        word = _word(self._read, after)
        if word in ("EXISTS", "NOT"):
            group, end = self.group(after + 1 + (word == "NOT"))
            return self._made("exists", at, end, group)
        if _text(self._read, after) != "(":  # a call
            after += 1
        return self._made("filter", at, _after_brackets(self._read, self._bracket(after)))

    def _union(self, at: int) -> tuple[Element, int]:
        group, end = self.group(at)
        branches = [group]
        while _word(self._read, end) == "UNION":
            group, end = self.group(end + 1)
            branches.append(group)
        return self._made("union", at, end, *branches)

    def _select(self, at: int) -> tuple[Element, int]:
        """A subquery takes the whole group; what follows its own group is left unread."""
        inner, end = self.group(_first_brace(self._read, at))
        while (text := _text(self._read, end)) != "}":
            end = _after_brackets(self._read, end) if text in ("(", "{") else end + 1
        return self._made("select", at, end, inner)

    def _triples(self, at: int) -> tuple[Element, int]:
        end = at
        while _text(self._read, end) not in ("{", "}") and not self._is_keyword(end):
            token = self._read[end]
            odd_word = token.kind == "word" and token.text not in _TRIPLE_WORDS
            if odd_word or (token.kind == "other" and token.text not in _IN_TRIPLES):
                raise NotUnderstood
            end += 1
        if not _balanced(self._read[at:end]):
            raise NotUnderstood
        return self._made("triples", at, end)

    def _is_keyword(self, at: int) -> bool:
        return _word(self._read, at) in _KEYWORDS
