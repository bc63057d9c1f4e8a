"""A text cut at every begin and end of its passages and mentions, into pieces that do not nest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_PARAGRAPH: Final = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text with a key: code points from 0, end exclusive."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that the same passages and mentions cover.

    Attributes:
        passages: the keys of the passages that cover them, in the order of their begins.
        mention: the key of the shortest mention that covers them, or "".
        begins: the passages whose first words these are.
        ends: the passages whose last words these are.
        names: the mentions whose first words these are.
    """

    text: str
    passages: tuple[str, ...] = ()
    mention: str = ""
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The pieces of a line of the text, and what stands before and after them: white space."""

    pieces: tuple[Piece, ...]
    before: str = ""
    after: str = ""


def cut(text: str, passages: Iterable[Span], mentions: Iterable[Span]) -> list[Paragraph]:
    """Return the paragraphs of a text in pieces; all texts joined are the text again.

    Spans that do not lie in the text are left out. What of a span lies between two paragraphs, or
    in white space alone, is in no piece.
    """
    told = [span for span in passages if 0 <= span.start < span.end <= len(text)]
    named = [span for span in mentions if 0 <= span.start < span.end <= len(text)]
    bounds = [match.span() for match in _PARAGRAPH.finditer(text)]
    edges = {edge for bound in bounds for edge in bound}
    edges |= {edge for span in (*told, *named) for edge in (span.start, span.end)}
    covers, innermost = _covers(told, edges), _innermost(named, edges)
    ordered = sorted(edges)
    paragraphs, at = [], 0
    for number, (begin, end) in enumerate(bounds):
        starts = []
        while at < len(ordered) and ordered[at] < end:
            if ordered[at] >= begin:
                starts.append(ordered[at])
            at += 1
        pieces = [
            Piece(text[one:other], covers[one], innermost[one])
            for one, other in zip(starts, [*starts[1:], end], strict=True)
        ]
        after = bounds[number + 1][0] if number + 1 < len(bounds) else len(text)
        before = text[:begin] if number == 0 else ""
        paragraphs.append(Paragraph(tuple(pieces), before, text[end:after]))
    return _anchored(paragraphs) if paragraphs else [Paragraph((), text)]


def _covers(spans: Sequence[Span], edges: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """Return for each edge the passages that cover what follows it."""
    opened, closed = defaultdict(list), defaultdict(list)
    for span in sorted(spans, key=lambda span: (span.start, -span.end, span.key)):
        opened[span.start].append(span.key)
        closed[span.end].append(span.key)
    inside: dict[str, None] = {}
    covers = {}
    for edge in sorted(edges):
        for key in closed[edge]:
            inside.pop(key, None)
        inside.update(dict.fromkeys(opened[edge]))
        covers[edge] = tuple(inside)
    return covers


def _innermost(spans: Sequence[Span], edges: Iterable[int]) -> Mapping[int, str]:
    """Return for each edge the shortest mention that covers what follows it, or ""."""
    opened = defaultdict(list)
    for span in spans:
        opened[span.start].append(span)
    inside: list[Span] = []
    found = {}
    for edge in sorted(edges):
        inside = [*(span for span in inside if span.end > edge), *opened[edge]]
        shortest = min(inside, key=lambda span: (span.end - span.start, span.key), default=None)
        found[edge] = shortest.key if shortest else ""
    return found


def _anchored(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Tell of each piece which passages and mentions begin and end with it."""
    last: dict[str, Piece] = {}
    for paragraph in paragraphs:
        for piece in paragraph.pieces:
            last.update(dict.fromkeys(piece.passages, piece))
    seen: set[str] = set()
    named: set[str] = set()

    def anchored(piece: Piece) -> Piece:
        begins = tuple(key for key in piece.passages if key not in seen)
        ends = tuple(key for key in piece.passages if last[key] is piece)
        names = (piece.mention,) if piece.mention and piece.mention not in named else ()
        seen.update(begins)
        named.update(names)
        return Piece(piece.text, piece.passages, piece.mention, begins, ends, names)

    return [
        Paragraph(tuple(map(anchored, one.pieces)), one.before, one.after) for one in paragraphs
    ]
