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
from itertools import islice
from typing import Final, NamedTuple

_APOSTROPHES: Final = "'’‘ʼ＇"
_LONGEST_WORD: Final = 200
_BATCH: Final = 10_000
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

    __slots__ = ("_bearers", "_exact", "_lengths", "longest")

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """Take pairs of a name and the key of what bears it."""
        self.longest = 0  # tokens of the longest name
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
        self.longest = max(self.longest, len(words))
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

    def candidates(self, text: str, words: Tokens, starts: int) -> Iterator[Found]:
        """Yield every name that begins at one of the first `starts` tokens, overlapping or not."""
        lengths, bearers, exact = self._lengths, self._bearers, self._exact
        folded, spans = words
        for first, token in enumerate(islice(folded, starts)):
            counts = lengths.get(token)
            if counts is None:
                continue
            for count in counts:
                last = first + count
                if count == 1:
                    printed = text[slice(*spans[first])]
                    if printed in exact:
                        yield Found(*spans[first], exact[printed])
                    elif token in bearers:
                        yield Found(*spans[first], bearers[token])
                elif last <= len(folded):
                    joined = " ".join(folded[first:last])
                    if joined in bearers:
                        yield Found(spans[first][0], spans[last - 1][1], bearers[joined])


def find_names(text: str, known: Iterable[Names]) -> list[Found]:
    """Return the names in a text in their order; where some overlap, the longest counts.

    A name that several things bear, or different things in different `known`, has no key.

    >>> names = Names([("Politecnico di Milano", "polimi"), ("Milano", "milan"), ("MIT", "mit")])
    >>> find_names("The Politecnico di Milano submits to MIT.", [names])
    [Found(start=4, end=25, key='polimi'), Found(start=37, end=40, key='mit')]
    """
    lists = [names for names in known if len(names)]
    merged: dict[tuple[int, int], str | None] = {}
    for words, starts in _batches(text, max((names.longest for names in lists), default=1)):
        for names in lists:
            for start, end, key in names.candidates(text, words, starts):
                span = start, end
                merged[span] = key if merged.get(span, key) == key else None
    taken = bytearray(len(text))
    found = []
    for start, end in sorted(merged, key=lambda span: (span[0] - span[1], span[0])):
        # what is taken is at least as long, so that an overlap holds one of the ends
        if not taken[start] and not taken[end - 1]:
            taken[start:end] = b"\1" * (end - start)
            found.append(Found(start, end, merged[start, end]))
    return sorted(found, key=lambda name: name.start)


def tokens(text: str) -> Tokens:
    """Cut a text into words and signs."""
    return _tokens(text, [match.span() for match in _matches(text)])


def _batches(text: str, longest: int) -> Iterator[tuple[Tokens, int]]:
    """Yield the tokens of a text a few thousand at a time, and at how many a name can begin.

    The last few of a batch come again with the next one, so that no name is cut in two.
    """
    matches = _matches(text)
    spans: list[tuple[int, int]] = []
    while True:
        more = [match.span() for match in islice(matches, _BATCH)]
        spans = spans + more
        if len(more) < _BATCH:
            yield _tokens(text, spans), len(spans)
            return
        starts = max(0, len(spans) - longest)
        yield _tokens(text, spans), starts
        spans = spans[starts:]


def _matches(text: str) -> Iterator[re.Match[str]]:
    return (_ASCII if text.isascii() else _pattern()).finditer(text)


def _tokens(text: str, spans: list[tuple[int, int]]) -> Tokens:
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
