"""The terminals of SPARQL 1.1 and 1.2 by the grammar's longest match. Any text will do.

Names of the grammar's terminals: SPARQL 1.1 section 19.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_FIRST: Final = f"[{_BASE}_0-9]"
_NAME: Final = f"{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_DOTTED: Final = rf"[-{_NAME}]*+(?:\.++[-{_NAME}]++)*+"  # dots stand only between characters
_PLX: Final = r"%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?#@%]"
_LOCAL: Final = rf"(?:{_FIRST}|:|{_PLX})(?:\.*+(?:[-:{_NAME}]|{_PLX}))*+"

# The order matters: the first that matches wins, as in the grammar the longest does. Quantifiers
# are possessive, so that no text takes more than linear time. A word may hold dots and hyphens,
# since only its end shows whether it is the prefix of a name; it is split when it is none.
_TOKEN: Final = re.compile(
    "|".join(
        (
            r"(?P<blank>[ \t\r\n]++)",
            r"(?P<comment>\#[^\r\n]*+)",
            r"(?P<iri><[^\x00-\x20<>\"{}|^`]*+>)",
            r'(?P<string>"""(?:"{0,2}(?:[^"\\]|\\.))*+"""'
            r"|'''(?:'{0,2}(?:[^'\\]|\\.))*+'''"
            r'|"(?:[^"\\\r\n]|\\.)*+"'
            r"|'(?:[^'\\\r\n]|\\.)*+')",
            f"(?P<variable>[?$]{_FIRST}[{_NAME}]*+)",
            f"(?P<node>_:{_FIRST}{_DOTTED})",
            f"(?P<name>(?:[{_BASE}]{_DOTTED})?+:(?:{_LOCAL})?+)",
            r"(?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)",
            r"(?P<number>[0-9]++(?:\.[0-9]++)?|\.[0-9]++)",
            f"(?P<word>[{_BASE}_]{_DOTTED})",
            r"(?P<other>.)",
        )
    ),
    re.DOTALL,
)
_SCHEME: Final = re.compile(r"<[A-Za-z][-A-Za-z0-9+.]*://")
_ONE_READING: Final = re.compile(r"<(?:[A-Za-z][-A-Za-z0-9+.]*://.*|[^'#)]*)>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """One terminal; `start` is its offset in code points."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.text)


def tokens(text: str) -> Iterator[Token]:
    """Yield every terminal but blanks and comments; any text will do."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup not in ("blank", "comment"):
            yield _token(match)


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield every part of a text: its kind, and its first and last offset, end exclusive.

    The kinds are "string", "iri", "comment", and "" for all that stands between those.
    """
    plain = 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup in ("string", "iri", "comment"):
            yield "", plain, match.start()
            yield match.lastgroup, match.start(), match.end()
            plain = match.end()
    yield "", plain, len(text)


def _token(match: re.Match[str]) -> Token:
    return Token(match.lastgroup or "other", match.group(), match.start())


def terminal_at(text: str, at: int) -> Token:
    """Return the terminal that begins at an offset, blanks and comments too."""
    match = _TOKEN.match(text, at)
    assert match is not None
    return _token(match)


def is_ambiguous(token: Token) -> bool:
    """Tell whether an IRI may be "less than" and hide the end of an expression or start a string.

    `<x://…` cannot be: nothing that starts with `x://` is an expression. Without `'`, `#` and `)`
    both readings meet again after the `>`, and no keyword can have stood in between.
    """
    return token.kind == "iri" and not _ONE_READING.fullmatch(token.text)


def is_clear(token: Token) -> bool:
    """Tell whether an IRI is nothing else anywhere: it has a scheme with `//` behind it."""
    return token.kind == "iri" and bool(_SCHEME.match(token.text))
