"""What planning a query costs: how many patterns are joined, how deep and how long it is.

The engine's planner takes time that grows with the cube of the patterns of a group, and its parser
recurses. So each way to write a pattern counts: triples, `;`, `,`, groups, members of collections
(two triples each), blank nodes with properties, annotations, steps of a path, and VALUES. Its rows
and the template of CONSTRUCT cost next to nothing and do not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from server.sparql.terminals import Token

_OPERATORS: Final = frozenset("!+-*/|&=<>^,")
_IN_PATHS: Final = frozenset("/|!*?")  # and not ^, since ^^ stands in literals
_PATH_AFTER: Final = frozenset("/|*?+")
_TERMS: Final = frozenset({"iri", "name", "variable", "string", "number", "node"})
_VALUES_OF_TRIPLES: Final = frozenset({"A", "TRUE", "FALSE"})
_CLAUSES: Final = frozenset({"SELECT", "GROUP", "ORDER", "HAVING", "DESCRIBE"})
_SIGNS: Final = _OPERATORS | frozenset(".;~?")
_OPENS: Final = frozenset("{([")
_CLOSES: Final = frozenset("})]")
_NOTHING: Final = Token("other", "", -1)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a text costs before anything of it is answered.

    Attributes:
        nesting: how deep brackets of all kinds nest.
        patterns: about how many triple patterns and groups are joined.
        operators: how many operators there are in expressions and paths, and expressions.
    """

    nesting: int
    patterns: int
    operators: int


@dataclass(slots=True)
class _Bracket:
    """An open bracket: what it is, and for round ones in triples what stands in it."""

    text: str
    kind: str  # group, data, expression, list, properties, term
    clause: bool = False  # in a group: SELECT, GROUP BY, ORDER BY … has begun
    members: int = 0
    is_path: bool = False


def weigh(read: Iterable[Token]) -> Weight:
    """Weigh a text by its terminals. Never fails; rubbish weighs something, too."""
    scales = _Scales()
    for token in read:
        scales.add(token)
    return Weight(scales.nesting, scales.patterns, scales.operators)


@dataclass(slots=True)
class _Scales:
    """Reads one terminal after the other; keeps the last three and the open brackets."""

    nesting: int = 0
    patterns: int = 0
    operators: int = 0
    _open: list[_Bracket] = field(default_factory=lambda: [_Bracket("", "group")])
    _before: Token = _NOTHING
    _before_that: Token = _NOTHING
    _closed: _Bracket | None = None  # what the last terminal closed
    _values: bool = False  # VALUES has begun, its rows have not

    def add(self, token: Token) -> None:
        """Put one terminal more on the scales."""
        closed, self._closed = self._closed, None
        if closed is not None and closed.kind == "list":
            self._count_list(closed, token)
        if token.kind == "other":
            self._other(token)
        elif token.kind == "word":
            self._word(token)
        elif token.kind in _TERMS:
            self._term(closed)
        self._before_that, self._before = self._before, token

    def _word(self, token: Token) -> None:
        word = token.text.upper()
        here = self._open[-1]
        self.patterns += token.text.count(".")
        self.operators += word in ("FILTER", "BIND", "AS")
        if word == "VALUES":
            self._values = True
            self.patterns += 1
        if word in _CLAUSES:
            here.clause = True
        elif word == "WHERE":
            here.clause = False
        elif word in _VALUES_OF_TRIPLES:
            self._term(None)

    def _term(self, closed: _Bracket | None) -> None:
        """Count a term; one right behind a group or a filter begins another triple."""
        here = self._open[-1]
        if here.kind == "list" and not (self._before.text == "^" and self._before_that.text == "^"):
            here.members += 1
        elif here.kind == "group" and here.clause:
            self.operators += 1
        elif here.kind == "group" and closed and closed.kind in ("group", "expression", "data"):
            self.patterns += 1

    def _other(self, token: Token) -> None:
        text = token.text
        if text in _SIGNS:
            self._sign(text)
        elif text in _CLOSES:
            self._close(text)
        elif text in _OPENS:
            self._opened(text)

    def _opened(self, text: str) -> None:
        here = self._open[-1]
        if here.kind == "list":
            here.members += 1
        kind = self._kind(text, here)
        self.operators += kind == "expression" and text == "("
        self.patterns += kind in ("group", "properties")
        self._open.append(_Bracket(text, kind))
        self.nesting = max(self.nesting, len(self._open) - 1)

    def _kind(self, text: str, here: _Bracket) -> str:
        before = self._before.text.upper() if self._before.kind == "word" else ""
        if text == "{":
            if self._values or before == "CONSTRUCT":
                self._values = False
                return "data"
            here.clause = False
            return "group"
        if here.kind == "data" or self._values:
            return "data"
        if text == "[":
            return "properties"
        if self._before.text == "<":  # a triple term
            return "term"
        called = self._before_that.kind == "word" and self._before_that.text.upper() == "FILTER"
        in_expression = here.kind == "expression" or (here.kind == "group" and here.clause)
        is_call = bool(before) and before not in _VALUES_OF_TRIPLES
        return "expression" if in_expression or is_call or called else "list"

    def _close(self, text: str) -> None:
        if len(self._open) > 1:
            self._closed = self._open.pop()
            if text == "]" and self._before.text == "[":
                self.patterns -= self._closed.kind == "properties"  # [] is but a term

    def _count_list(self, closed: _Bracket, after: Token) -> None:
        """Count what stood in round brackets among triples: a collection, or a part of a path."""
        is_path = after.kind == "other" and after.text in _PATH_AFTER
        if not closed.is_path and not is_path:
            self.patterns += 2 * closed.members

    def _sign(self, text: str) -> None:
        here = self._open[-1]
        if here.kind == "data":
            return
        if here.kind == "list" and text in _IN_PATHS:
            here.is_path = True
        in_expression = here.kind == "expression" or (here.kind == "group" and here.clause)
        if text in ".;" or (text == "," and not in_expression):
            self.patterns += 1
        elif text == "~":  # a reifier: what it is of, joined on three terms
            self.patterns += 2
        elif text == "|" and self._before.text == "{":  # an annotation: what it is of, and a triple
            self.patterns += 2
        elif text == "<" and self._before.text == "<":
            self.patterns += 1
        elif text == "/" and not in_expression:
            self.patterns += 1
        self.operators += text in _OPERATORS and not (text == "," and not in_expression)
