"""Known names, and finding them in a text: whole words, the longest name first.

A text and a name are cut into tokens: words, single characters of scripts that are written without
blanks (Chinese, Japanese), and single punctuation marks. White space only separates. Case is
ignored, except for a name that is one word in capitals ("MIT"), which is found in capitals only.
Curly and straight apostrophes are the same, a possessive "'s" is a token of its own, and letters
are compared in Unicode's composed form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

_APOSTROPHES: Final = "'’‘ʼ＇"
_LONGEST_WORD: Final = 200
_IGNORED: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060"))
_ASCII: Final = re.compile(
    r"\w+(?:(?!'[sS](?!\w))'\w+)*|(?<=\w)'[sS](?!\w)|[^\w\s]", re.ASCII
)  # what `_pattern` finds in ASCII, in a third of the time
_ONE_BY_ONE: Final = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)


class Tokens(NamedTuple):
    """The words and signs of a text: as compared, and where they stand."""

    folded: list[str]
    spans: list[tuple[int, int]]


class Found(NamedTuple):
    """A known name in a text; `key` is None where several things bear it."""

    start: int
    end: int
    key: str | None


class Names:
    """Names of things, by their tokens. Several things may bear one name: then it means none."""

    __slots__ = ("_bearers", "_exact", "_lengths")

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """Take pairs of a name and the key of what bears it."""
        self._bearers: dict[str, str | None] = {}
        self._exact: dict[str, str | None] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for name, key in names:
            self.add(name, key)

    def add(self, name: str, key: str) -> None:
        """Let a thing bear a name."""
        words = tokens(name).folded
        if not any(map(_is_word, words)):
            return
        if is_acronym(name):
            _bear(self._exact, name, key)
        else:
            _bear(self._bearers, " ".join(words), key)
        known = self._lengths.get(words[0], ())
        if len(words) not in known:
            self._lengths[words[0]] = tuple(sorted((*known, len(words)), reverse=True))

    def __len__(self) -> int:
        return len(self._bearers) + len(self._exact)

    def bearer(self, name: str) -> str | None:
        """Return the key of the one thing that bears a name, as it would be found in a text."""
        if name in self._exact:
            return self._exact[name]
        return self._bearers.get(" ".join(tokens(name).folded))

    def candidates(self, text: str, words: Tokens) -> Iterator[tuple[int, int, str | None]]:
        """Yield every name in the text as index of its first and after its last token, and key."""
        lengths, bearers, exact = self._lengths, self._bearers, self._exact
        folded, spans = words
        for first, token in enumerate(folded):
            counts = lengths.get(token)
            if counts is None:
                continue
            for count in counts:
                last = first + count
                if count == 1:
                    printed = text[slice(*spans[first])]
                    if printed in exact:
                        yield first, last, exact[printed]
                    elif token in bearers:
                        yield first, last, bearers[token]
                elif last <= len(folded):
                    joined = " ".join(folded[first:last])
                    if joined in bearers:
                        yield first, last, bearers[joined]


def find_names(text: str, known: Iterable[Names]) -> list[Found]:
    """Return the names in a text in their order; where some overlap, the longest counts.

    A name that several things bear, or different things in different `known`, has no key.

    >>> names = Names([("Politecnico di Milano", "polimi"), ("Milano", "milan"), ("MIT", "mit")])
    >>> find_names("The Politecnico di Milano submits to MIT.", [names])
    [Found(start=4, end=25, key='polimi'), Found(start=37, end=40, key='mit')]
    """
    words = tokens(text)
    merged: dict[tuple[int, int], str | None] = {}
    for names in known:
        for first, last, key in names.candidates(text, words):
            span = first, last
            merged[span] = key if merged.get(span, key) == key else None
    places = {span: (words.spans[span[0]][0], words.spans[span[1] - 1][1]) for span in merged}
    longest = sorted(merged, key=lambda span: (places[span][0] - places[span][1], span[0]))
    taken = bytearray(len(words.folded))
    found = []
    for first, last in longest:
        if not any(taken[first:last]):
            taken[first:last] = b"\1" * (last - first)
            found.append(Found(*places[first, last], merged[first, last]))
    return sorted(found, key=lambda name: name.start)


def tokens(text: str) -> Tokens:
    """Cut a text into words and signs."""
    if text.isascii():
        spans = [match.span() for match in _ASCII.finditer(text)]
        lower = text.lower()
        return Tokens([lower[start:end] for start, end in spans], spans)
    spans = [match.span() for match in _pattern().finditer(text)]
    words = [text[start:end] for start, end in spans]
    folded = {word: _folded(word) for word in set(words)}
    return Tokens([folded[word] for word in words], spans)


def is_acronym(name: str) -> bool:
    """Say whether a name is one word in capitals: "MIT", not "COVID-19" and not "SPbPU"."""
    return name.isalpha() and name.isupper()


def stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether a stretch of text begins and ends between words."""
    pattern = _pattern()
    around = pattern.finditer(text, _back(text, start), min(len(text), end + _LONGEST_WORD))
    starts, ends = False, False
    for match in around:
        starts = starts or match.start() == start
        ends = ends or match.end() == end
        if match.start() >= end:
            break
    return starts and ends


def _back(text: str, start: int) -> int:
    """Return a place not far before `start` where a token begins."""
    earliest = max(0, start - _LONGEST_WORD)
    while start > earliest and not text[start - 1].isspace():
        start -= 1
    return start


def _bear(bearers: dict[str, str | None], name: str, key: str) -> None:
    bearers[name] = key if bearers.get(name, key) == key else None


def _is_word(token: str) -> bool:
    return any(map(str.isalnum, token))


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    plain = word.translate(_IGNORED)
    for apostrophe in _APOSTROPHES[1:]:
        plain = plain.replace(apostrophe, "'")
    return unicodedata.normalize("NFC", plain.casefold())


@cache
def _pattern() -> re.Pattern[str]:
    """Return the pattern of a token: a sign of its own, a possessive, a word, or a mark."""
    inner = rf"{_marks()}\u00ad\u200b-\u200d\u2060"
    part = rf"(?:[^\W{_ONE_BY_ONE}]+(?:[{inner}]+[^\W{_ONE_BY_ONE}]*)*)"
    apostrophe = f"[{_APOSTROPHES}]"
    possessive = rf"{apostrophe}[sS](?![^\W{_ONE_BY_ONE}])"
    word = rf"{part}(?:(?!{possessive}){apostrophe}{part})*"
    alone = rf"[{_ONE_BY_ONE}][{inner}]*"
    return re.compile(rf"{word}|{alone}|(?<=\w){possessive}|[^\w\s]")


@cache
def _marks() -> str:
    """Return the combining marks of the basic plane as the inside of a character class."""
    ranges: list[list[int]] = []
    for code in range(0x300, 0x10000):
        if unicodedata.category(chr(code)).startswith("M"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)
