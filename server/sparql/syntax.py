"""A query that does not parse: what is wrong and where, as well as can be told.

The engine's place may lie some characters behind the fault, and its message lists what it tried
last. So the commonest faults are looked for first: an undeclared prefix, a bracket without its
other half, a string without an end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Final

from kg.prefixes import VOCABULARIES
from server.problems import Problem
from server.sparql.lexer import Token, tokens

_MESSAGE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CLASSES: Final = re.compile(r"\[(?:[^\[\]']|'[^']*')*\]")
_OTHER_HALF: Final = {"}": "{", ")": "(", "]": "["}
_COMPARISONS: Final = {"==": "=", "=!": "!=", "=<": "<=", "=>": ">="}
_PARTS: Final = re.compile(r"\w+")
WORDS: Final = frozenset(
    """
    A ABS ADJUST AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS
    COUNT DATATYPE DAY DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH
    GROUP GROUP_CONCAT HASLANG HASLANGDIR HAVING HOURS IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC
    ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LATERAL LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH
    NAMED NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX REPLACE ROUND
    SAMETERM SAMEVALUE SAMPLE SECONDS SELECT SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR
    STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM
    TIMEZONE TRIPLE TRUE TZ UCASE UNDEF UNION URI UUID VALUES VERSION WHERE YEAR
    """.split()
)
"""Every bare word that the engine takes in a query, in capitals."""
UPDATE_WORDS: Final = frozenset(
    "ADD ALL CLEAR COPY CREATE DATA DEFAULT DELETE DROP INSERT INTO LOAD MOVE TO USING WITH".split()
)
"""Those that it takes in an update besides."""
_WIDEST: Final = 100  # characters of the line that is shown


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong; `line` and `column` count from 1, in characters."""

    what: str
    line: int
    column: int
    hint: str = ""


def syntax_problem(query: str, message: str, *, words: frozenset[str] = WORDS) -> Problem:
    """Return a problem with line, column, and the line with a caret under the place.

    `message` is the engine's; `words` are those that may stand in such a text.
    """
    read = list(tokens(query))
    fault = (
        _undeclared(query, read)
        or _open_string(query, read)
        or _unpaired(query, read)
        or _unknown_word(query, read, words)
        or _doubled(query, read)
        or _engines(query, read, message)
    )
    return Problem(
        "syntax",
        f"line {fault.line}, column {fault.column}: {fault.what}",
        where={"line": fault.line, "column": fault.column},
        hint="\n".join(part for part in (*_shown(query, fault), fault.hint) if part),
    )


def place(text: str, offset: int) -> dict[str, int]:
    """Return the line and column, both from 1, of an offset in code points."""
    before = text[:offset]
    return {"line": before.count("\n") + 1, "column": offset - before.rfind("\n")}


def _fault(query: str, token: Token, what: str, hint: str = "") -> _Fault:
    at = place(query, token.start)
    return _Fault(what, at["line"], at["column"], hint)


def _undeclared(query: str, read: list[Token]) -> _Fault | None:
    declared: set[str] = set()
    for before, token in zip([None, *read], read, strict=False):
        if token.kind != "name":
            continue
        prefix = token.text.partition(":")[0]
        if before is not None and before.kind == "word" and before.text.upper() == "PREFIX":
            declared.add(prefix)
        elif prefix not in declared:
            namespace = VOCABULARIES.get(prefix)
            hint = f"begin the query with: PREFIX {prefix}: <{namespace}>" if namespace else ""
            what = f"the prefix {prefix}: is not declared"
            return _fault(query, token, what, hint)
    return None


def _open_string(query: str, read: list[Token]) -> _Fault | None:
    for token in read:
        if token.kind == "other" and token.text in "\"'":
            return _fault(query, token, "this string has no end")
    return None


def _unpaired(query: str, read: list[Token]) -> _Fault | None:
    opened: list[Token] = []
    for token in read:
        if token.kind != "other":
            continue
        if token.text in _OTHER_HALF.values():
            opened.append(token)
        elif token.text in _OTHER_HALF:
            if not opened or opened.pop().text != _OTHER_HALF[token.text]:
                what = f"this {token.text} closes nothing that is open"
                return _fault(query, token, what)
    if not opened:
        return None
    return _fault(query, opened[-1], f"this {opened[-1].text} is never closed")


def _unknown_word(query: str, read: list[Token], words: frozenset[str]) -> _Fault | None:
    for before, token in zip([None, *read], read, strict=False):
        exponent = before is not None and before.kind == "number" and token.text[0] in "eE"
        if token.kind == "word" and not exponent and not _PARTS.sub("", token.text):
            unknown = [part for part in _PARTS.findall(token.text) if part.upper() not in words]
            if unknown:
                near = get_close_matches(unknown[0].upper(), sorted(words), n=1)
                hint = f"perhaps {near[0]}" if near else ""
                return _fault(query, token, f"{unknown[0][:40]} is no word of SPARQL", hint)
    return None


def _doubled(query: str, read: list[Token]) -> _Fault | None:
    for first, second in pairwise(read):
        pair = first.text + second.text
        if second.start == first.start + 1 and pair in _COMPARISONS:
            hint = f"write {_COMPARISONS[pair]}"
            return _fault(query, first, f"{pair} is no comparison of SPARQL", hint)
    return None


def _engines(query: str, read: list[Token], message: str) -> _Fault:
    if not read:
        return _Fault("the query is empty", 1, 1)
    match = _MESSAGE.match(message)
    if match is None:
        return _Fault(_plain(message), 1, 1)
    line, column = int(match[1]), int(match[2])
    begun = [token for token in read if _is_before(place(query, token.start), line, column)]
    last = (begun or read)[-1].text[:40]
    return _Fault(f"not understood near {last}; {_plain(match[3])}", line, column)


def _is_before(at: dict[str, int], line: int, column: int) -> bool:
    return (at["line"], at["column"]) <= (line, column)


def _plain(message: str) -> str:
    """Leave out character classes, of which the engine lists dozens."""
    text = re.sub(r"(, )+", ", ", _CLASSES.sub("", message).replace("\n", " "))
    return text.strip(" ,|")[:300] or "the query does not parse"


def _shown(query: str, fault: _Fault) -> tuple[str, str]:
    lines = query.split("\n")
    text = lines[fault.line - 1].rstrip("\r") if fault.line <= len(lines) else ""
    first = max(fault.column - _WIDEST // 2, 0)
    caret = " " * (fault.column - 1 - first) + "^"
    return text[first : first + _WIDEST].replace("\t", " "), caret
