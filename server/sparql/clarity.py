"""Terminals of an update that have one reading.

Words are cut where the grammar cuts them, and no `<` may be "less than" as well as the start of an
IRI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from server.problems import Problem
from server.sparql.syntax import place
from server.sparql.terminals import Token, is_ambiguous, is_clear

_PART: Final = re.compile(r"[^.-]+|.")
_OPERANDS: Final = frozenset({"variable", "iri", "name", "string", "number", "language", "word"})


def split(read: Iterator[Token]) -> Iterator[Token]:
    """Yield terminals, words cut at dots and hyphens: `true.GRAPH` is three, `1e-5` is four."""
    for token in read:
        if token.kind != "word" or not ("." in token.text or "-" in token.text):
            yield token
            continue
        for match in _PART.finditer(token.text):
            part = match.group()
            kind = "other" if part in ".-" else "number" if part.isdigit() else "word"
            yield Token(kind, part, token.start + match.start())


def refuse_unclear(text: str, read: Sequence[Token], *, strictly: bool) -> None:
    """Refuse a "less than" that looks like an IRI, where the engine may read either.

    `strictly` also where both readings have the same brackets and keywords.

    Raises:
        Problem: there is such a place.
    """
    depth = 0
    before: Token | None = None
    for token in read:
        if token.kind == "other":
            depth += (token.text == "(") - (token.text == ")")
        elif token.kind == "iri" and before is not None:
            after_value = depth > 0 and (before.kind in _OPERANDS or before.text in ")]")
            unclear = not is_clear(token) if strictly else is_ambiguous(token)
            if unclear and (after_value or before.text == "<"):
                hint = "put blanks around <, or write the IRI as a prefixed name"
                raise refused(text, token, "this can be read in two ways", hint)
        before = token


def refused(text: str, token: Token, what: str, hint: str = "") -> Problem:
    """Return the problem of a text that is no update; `token` is where it stops to be one."""
    at = place(text, token.start)
    near = f" before {token.text[:40]}" if token.text else ""
    detail = f"line {at['line']}, column {at['column']}: {what}{near}"
    return Problem("syntax", detail, where=at, hint=hint)
