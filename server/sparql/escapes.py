r"""Codepoint escapes, undone before anything reads a request (SPARQL 1.1, section 19.2).

`\u0053ERVICE` is SERVICE. Engines differ: some undo escapes everywhere before they parse, some
only in strings and IRIs. So a text is given to no engine before all are undone: in strings by their
own escapes (`\"`), elsewhere by the character. Then there is one reading.
"""

from __future__ import annotations

import re
from typing import Final

from server.problems import Problem
from server.sparql.terminals import spans

_CODEPOINT: Final = r"u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})"
_ESCAPE: Final = re.compile(rf"\\(?:{_CODEPOINT})")
_IN_STRING: Final = re.compile(rf"\\(?:{_CODEPOINT}|.)", re.DOTALL)  # `\\u0041` is none
_IN_STRINGS: Final = {
    "\\": r"\\", '"': r"\"", "'": r"\'",
    "\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f",
}  # fmt: skip
_NEVER_IN_IRIS: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_DELIMITERS: Final = re.compile("[\\\\\"'<>#\x00-\x1f\x7f\ufeff]")
_LINE_ENDS: Final = re.compile(r"[\r\n\\]")


def decoded(text: str) -> str:
    r"""Return the text without codepoint escapes; what it means stays the same.

    `\\u0041` in a string is a backslash and letters, and stays.

    Raises:
        Problem: an escape stands for no character, or for one that would begin or end a string,
            an IRI or a comment, which engines read in different ways.

    >>> decoded("ASK { \\u0053ERVICE <\\u0078:y> { ?s ?p '\\u0027' } }")
    "ASK { SERVICE <x:y> { ?s ?p '\\'' } }"
    """
    if "\\u" not in text and "\\U" not in text:
        return text
    return "".join(_part(text, kind, start, end) for kind, start, end in spans(text))


def _part(text: str, kind: str, start: int, end: int) -> str:
    def undone(match: re.Match[str]) -> str:
        digits = match["four"] or match["eight"]
        if not digits:
            return match.group()
        return _written(text, kind, match.start(), int(digits, 16))

    pieces: list[str] = []
    escapes = _IN_STRING if kind == "string" else _ESCAPE
    for match in escapes.finditer(text, start, end):
        pieces += (text[start : match.start()], undone(match))
        start = match.end()
    return "".join((*pieces, text[start:end]))


def _written(text: str, kind: str, at: int, code: int) -> str:
    """Return how a character is written in a string, an IRI, a comment or outside of all."""
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise _refused(text, at, "stands for no character", "")
    character = chr(code)
    if kind == "string":
        return _IN_STRINGS.get(character, character)
    never = {"iri": _NEVER_IN_IRIS, "comment": _LINE_ENDS}.get(kind, _DELIMITERS)
    if never.search(character):
        what = "stands for a character that cannot be escaped here"
        raise _refused(text, at, what, "write the character itself")
    return character


def _refused(text: str, at: int, what: str, hint: str) -> Problem:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    escape = text[at : at + (6 if text[at + 1] == "u" else 10)]
    detail = f"line {line}, column {column}: {escape} {what}"
    return Problem("syntax", detail, where={"line": line, "column": column}, hint=hint)
