"""Quotes and the stretches of text that they mean.

Offsets are Unicode code points, 0-based, end exclusive, of the text as stored: UTF-8 without a byte
order mark, lines ending in LF. In a quote, a run of white space counts as one blank; `A … B` is the
text from A to the first B after it, unless the article itself has these words with the dots.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple

from rapidfuzz import fuzz

GAP: Final = "…"
_SPACE: Final = re.compile(r"\s{2,}|[^\S ]")
_NEAREST_TEXT: Final = 1_000_000
_NEAREST_QUOTE: Final = 300
_NEAREST_SCORE: Final = 60.0
_RANGE: Final = re.compile(r"\s*([0-9]{1,12})\s*-\s*([0-9]{1,12})\s*")


class Span(NamedTuple):
    """A stretch of text; code points, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class ArticleText:
    """A text in which quotes are looked for; `file` is its name in messages."""

    raw: str
    file: str = "article.txt"

    @cached_property
    def words(self) -> str:
        """The text with every run of white space as one blank."""
        return _SPACE.sub(" ", self.raw)

    @cached_property
    def folded(self) -> str:
        """`words` without regard to case."""
        return self.words.casefold()

    @cached_property
    def _composed(self) -> str:
        return unicodedata.normalize("NFC", self.words)

    @cached_property
    def _shifts(self) -> tuple[list[int], list[int]]:
        """Where `words` falls behind the text, and by how much from there on."""
        places, shifts = [], []
        shift = 0
        for run in _SPACE.finditer(self.raw):
            if run.end() - run.start() > 1:
                places.append(run.start() - shift)
                shift += run.end() - run.start() - 1
                shifts.append(shift)
        return places, shifts

    def locate(self, quote: str) -> Iterator[Span]:
        """Yield the stretches that a quote means, in their order; none when it is not there."""
        wanted = one_line(quote)
        if not wanted:
            return
        found = False
        for start in _occurrences(self.words, wanted):
            found = True
            yield self._span(start, start + len(wanted))
        if not found and GAP in wanted:
            yield from self._across(wanted)

    def _across(self, wanted: str) -> Iterator[Span]:
        first, *rest = (part.strip() for part in wanted.split(GAP))
        if not first or not all(rest):
            return
        for start in _occurrences(self.words, first):
            end = start + len(first)
            for part in rest:
                at = self.words.find(part, end)
                if at < 0:
                    return
                end = at + len(part)
            yield self._span(start, end)

    def _span(self, start: int, end: int) -> Span:
        return Span(self._offset(start), self._offset(end - 1) + 1)

    def _offset(self, position: int) -> int:
        places, shifts = self._shifts
        behind = bisect_left(places, position)
        return position + (shifts[behind - 1] if behind else 0)

    def line(self, offset: int) -> int:
        """Return the line, from 1, in which a character stands."""
        return self.raw.count("\n", 0, offset) + 1

    def why_missing(self, quote: str) -> str:
        """Say, in lines for a hint, what comes nearest to a quote that is not in the text."""
        wanted = one_line(quote)
        lines = [f'quote:   "{shortened(wanted)}"']
        if unicodedata.normalize("NFC", wanted) in self._composed:
            lines.append("the text has these words in another Unicode form: copy them from it")
            return "\n".join(lines)
        for part in wanted.split(GAP):
            if (part := part.strip()) and part not in self.words:
                if part != wanted:
                    lines.append(f'missing: "{shortened(part)}"')
                lines.extend(self._nearest(part))
                break
        else:
            lines.append(f"its parts around {GAP} do not stand in this order")
        if "..." in wanted:
            lines.append(f"words are left out with {GAP} (one character)")
        return "\n".join(lines)

    def _nearest(self, part: str) -> Iterator[str]:
        needle, text = part[:_NEAREST_QUOTE], self.words[:_NEAREST_TEXT]
        if len(needle) > len(text):
            return
        lower_needle, lower_text = needle.lower(), text.lower()
        if len(lower_text) == len(text):
            needle, lower = lower_needle, lower_text
        else:
            lower = text
        found = fuzz.partial_ratio_alignment(needle, lower, score_cutoff=_NEAREST_SCORE)
        if found is None or found.dest_start == found.dest_end:
            return
        start, end = _whole_words(text, found.dest_start, found.dest_end)
        line = self.line(self._offset(start))
        yield f'nearest: "{shortened(text[start:end])}" (line {line})'


def locate(text: str, quote: str) -> list[Span]:
    """Return all stretches of a text that a quote means.

    >>> locate("An observer, then  a member.", "observer … a member")
    [Span(start=3, end=27)]
    """
    return list(ArticleText(text).locate(quote))


def lines_of(text: ArticleText, spans: Iterator[Span], *, most: int = 5) -> str:
    """Return the lines of the first few spans as words: "lines 3, 7 and 12"."""
    numbers = [str(text.line(span.start)) for span in islice(spans, most + 1)]
    shown = ", ".join(numbers[:most])
    return f"lines {shown}" + (" …" if len(numbers) > most else "")


def read_range(written: str) -> Span | None:
    """Read `10-20`; None when it is not a range, or an empty one."""
    match = _RANGE.fullmatch(written)
    if not match or int(match[1]) >= int(match[2]):
        return None
    return Span(int(match[1]), int(match[2]))


def one_line(quote: str) -> str:
    """Return the words with single blanks between them."""
    return " ".join(quote.split())


def shortened(words: str, most: int = 160) -> str:
    """Return the words for a message, cut in the middle when they are many."""
    if len(words) <= most:
        return words
    return f"{words[: most // 2]} [{GAP}] {words[-most // 2 :]}"


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    start = text.find(wanted)
    while start >= 0:
        yield start
        start = text.find(wanted, start + 1)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start and not text[start - 1].isspace() and not text[start].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace() and not text[end - 1].isspace():
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
