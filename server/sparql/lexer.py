"""The terminals of SPARQL 1.1: what must be known of a query before an engine sees it.

A SPARQL parser without a tokenizer, as the engine's is, reads some texts in another way than the
grammar's longest match: in `FILTER(?a<?b)SERVICE#>` it sees a comparison, then SERVICE, where the
longest match is one relative IRI. So a place that can be read in two ways is read in both, and
whatever is a keyword in either counts. Names of the grammar's terminals: SPARQL 1.1 section 19.8.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
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
_ONE_READING: Final = re.compile(r"<(?:[A-Za-z][-A-Za-z0-9+.]*://.*|[^'#)]*)>", re.DOTALL)
_LINE_END: Final = re.compile(r"[\r\n]")
_PARTS: Final = re.compile(r"[A-Za-z_0-9]+")

_QUERY_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATE_FORMS: Final = frozenset("INSERT DELETE WITH LOAD CLEAR CREATE DROP COPY MOVE ADD".split())
_FETCHES: Final = ("SERVICE", "LOAD")
_OPEN: Final = frozenset("{([")
_CLOSE: Final = frozenset("})]")
_OPERATORS: Final = frozenset("!+-*/|&=<>^,")


@dataclass(frozen=True, slots=True)
class Token:
    """One terminal; `start` is its offset in code points."""

    kind: str
    text: str
    start: int


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
        patterns: about how many triple patterns and groups there are: `.`, `;`, `{`, and `,`
            between objects.
        operators: how many there are in expressions and paths.
    """

    form: str
    keywords: frozenset[str]
    fetches: tuple[Token, ...]
    from_iris: tuple[str, ...]
    from_clauses: int
    nesting: int
    patterns: int
    operators: int


def tokens(text: str) -> Iterator[Token]:
    """Yield every terminal but blanks and comments; any text will do."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup not in ("blank", "comment"):
            yield _token(match)


def _token(match: re.Match[str]) -> Token:
    return Token(match.lastgroup or "other", match.group(), match.start())


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
    nesting, patterns, operators = _weight(main)
    return Outline(
        form=_form(main),
        keywords=frozenset(part for word in words if word.kind == "word" for part in _parts(word)),
        fetches=_fetches(words),
        from_iris=_from_iris(main),
        from_clauses=sum("FROM" in _parts(word) for word in words) + _stuck(main, others),
        nesting=nesting,
        patterns=patterns,
        operators=operators,
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
            match = _TOKEN.match(text, at)
            assert match is not None
            at = match.end()
            if match.lastgroup != "blank":
                yield (token := _token(match))
                if is_ambiguous(token):
                    todo.append(token.start + 1)


def is_ambiguous(token: Token) -> bool:
    """Tell whether an IRI may be "less than" and hide the end of an expression or start a string.

    `<x://…` cannot be: nothing that starts with `x://` is an expression. Without `'`, `#` and `)`
    both readings meet again after the `>`, and no keyword can have stood in between.
    """
    return token.kind == "iri" and not _ONE_READING.fullmatch(token.text)


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


def _weight(main: list[Token]) -> tuple[int, int, int]:
    """Return how deep brackets nest, and about how many patterns and operators there are.

    A comma between objects makes a pattern; between the arguments of a function it is an operator.
    """
    open_: list[str] = []
    deepest = patterns = operators = 0
    for token in main:
        if token.kind == "word":
            patterns += token.text.count(".")
        if token.kind != "other":
            continue
        if token.text in _OPEN:
            open_.append(token.text)
            deepest = max(deepest, len(open_))
        elif token.text in _CLOSE and open_:
            open_.pop()
        between_objects = token.text == "," and open_[-1:] != ["("]
        patterns += token.text in ".;{" or between_objects
        operators += token.text in _OPERATORS and not between_objects
    return deepest, patterns, operators
