"""The passages of an article, and the quotes that serve as evidence beside them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from kg.articles import TEXT_LIMIT, inside, stored_text
from kg.articles.checked import OriginalRange, Passage
from kg.articles.documents import Branch, Node, Scalar
from kg.articles.nearest import nearest
from kg.articles.passages import ArticleText, Span, lines_of, read_range, shortened
from kg.articles.reading import Reading, values
from kg.errors import ArticleError, BadValue, InputError, KgError, QuoteNotFound, TextMismatch
from kg.iris import KEY, check_key

SPAN_KEYS: Final = ("quote", "at", "nth")
PASSAGE_KEYS: Final = (*SPAN_KEYS, "source", "saidIn", "context", "entities", "facts")
_RESERVED: Final = re.compile(r"original|mention-[0-9]+-[0-9]+")


@dataclass(slots=True)
class Evidence:
    """Finds passages and quotes.

    `keyed` are the passages, `places` their keys as written, `loose` the quotes without a key.
    """

    reading: Reading
    original: ArticleText | None
    keyed: dict[str, Passage] = field(default_factory=dict)
    loose: dict[Span, Passage] = field(default_factory=dict)
    places: list[Scalar] = field(default_factory=list)
    _known_keys: set[str] = field(default_factory=set)

    def read_passages(self) -> None:
        """Find the words of every passage."""
        root = self.reading.article.tree
        passages = self.reading.branch(root.get(Scalar("passages")), "passages")
        self.places.extend(passages or ())
        self._known_keys.update(map(str, self.places))
        for key, body in (passages or {}).items():
            owner = f'passage "{key}"'
            branch = self.reading.branch(body, owner)
            if branch is None or not self._good_key(key):
                continue
            self.reading.keys(branch, PASSAGE_KEYS, owner)
            span = find_span(self.reading, branch, owner)
            originals = tuple(self._originals(branch.get(Scalar("source")), owner))
            if span:
                address = self.reading.iris.passage(self.reading.article.slug, key)
                self.keyed[str(key)] = Passage(str(key), address, span, originals)

    def cited(self, node: Node | None, owner: str) -> Iterator[Passage]:
        """Yield the passages that `evidence` or `context` mean: passage keys, quotes, or both."""
        for value in values(node):
            passage = self._cited(value, owner)
            if passage:
                yield passage

    def _cited(self, value: Node, owner: str) -> Passage | None:
        if isinstance(value, Scalar):
            if value in self._known_keys:
                return self.keyed.get(value)
            span = self._quoted_or_key(value, owner)
            return self._loose(span, ()) if span else None
        branch = self.reading.branch(value, owner)
        if branch is None:
            return None
        self.reading.keys(branch, (*SPAN_KEYS, "source"), owner)
        span = find_span(self.reading, branch, owner)
        originals = tuple(self._originals(branch.get(Scalar("source")), owner))
        return self._loose(span, originals) if span else None

    def _quoted_or_key(self, value: Scalar, owner: str) -> Span | None:
        near = nearest(value, self._known_keys) if KEY.fullmatch(value) else None
        if near and next(self.reading.text.locate(value), None) is None:
            what = f"{owner}: there is no passage {str(value)!r}, and no such words"
            self.reading.unknown(value, what, value, self._known_keys)
            return None
        return find_quote(self.reading, value, owner)

    def _loose(self, span: Span, originals: tuple[OriginalRange, ...]) -> Passage:
        known = self.loose.get(span)
        if known is None or (originals and not known.originals):
            address = self.reading.iris.span(self.reading.article.slug, *span)
            known = self.loose[span] = Passage("", address, span, originals)
        return known

    def _good_key(self, key: Scalar) -> bool:
        try:
            check_key(key)
        except InputError as error:
            self.reading.error(BadValue, key, f"passage {error.what}", hint=error.hint)
            return False
        if _RESERVED.fullmatch(key):
            self.reading.error(BadValue, key, f"the key {str(key)!r} is not free for a passage")
            return False
        return True

    def _originals(self, node: Node | None, owner: str) -> Iterator[OriginalRange]:
        for value in values(node):
            word = self.reading.word(value, f"{owner}: source")
            span = read_range(word) if word is not None else None
            if word is None:
                continue
            if span is None:
                hint = "source: 10-20, or source: [10-20, 30-40]; code points, the end exclusive"
                what = f"{owner}: source {str(word)!r} is not a range"
                self.reading.error(BadValue, word, what, hint=hint)
            elif not has_source(self.reading):
                hint = "article: {source: {document: …, sha256: …, title: …}}"
                what = f"{owner}: source needs the article's source"
                self.reading.error(BadValue, word, what, hint=hint)
            elif self.original is None:
                yield OriginalRange(span)
            elif span.end > len(self.original.raw):
                what = f"{owner}: source {word} ends after the original's {len(self.original.raw)}"
                self.reading.error(BadValue, word, f"{what} code points")
            else:
                yield OriginalRange(span, self.original.raw[span.start : span.end])


def has_source(reading: Reading) -> bool:
    """Say whether the article names the original that it restates."""
    head = reading.article.tree.get(Scalar("article"))
    return isinstance(head, Branch) and Scalar("source") in head


def find_span(reading: Reading, branch: Branch, owner: str) -> Span | None:
    """Return where the words of `quote` or `at` stand; None, with an error, when nowhere."""
    at = reading.word(branch.get(Scalar("at")), f"{owner}: at")
    quote = reading.word(branch.get(Scalar("quote")), f"{owner}: quote")
    nth = reading.word(branch.get(Scalar("nth")), f"{owner}: nth")
    if at is None and quote is None:
        reading.error(BadValue, branch, f"{owner} has no quote", hint="write quote: and the words")
        return None
    if at is None:
        assert quote is not None
        return find_quote(reading, quote, owner, nth=nth)
    span = _at(reading, at, owner)
    if span and quote is not None and span not in reading.text.locate(quote):
        there = shortened(reading.text.raw[span.start : span.end])
        hint = f'quote: "{shortened(quote)}"\nat:    "{there}"'
        reading.error(QuoteNotFound, at, f"{owner}: at and quote do not agree", hint=hint)
        return None
    return span


def _at(reading: Reading, at: Scalar, owner: str) -> Span | None:
    span = read_range(at)
    size = len(reading.text.raw)
    if span is None:
        hint = "at: 10-20; code points of the text, the end exclusive"
        reading.error(BadValue, at, f"{owner}: at {str(at)!r} is not a range", hint=hint)
    elif span.end > size:
        what = f"{owner}: at {at} ends after the text's {size} code points"
        reading.error(BadValue, at, what)
    elif not reading.text.raw[span.start : span.end].strip():
        reading.error(BadValue, at, f"{owner}: at {at} is white space")
    else:
        return span
    return None


def find_quote(
    reading: Reading, quote: Scalar, owner: str, *, nth: Scalar | None = None
) -> Span | None:
    """Return where a quote stands; None, with an error, when nowhere or in several places."""
    wanted = 0
    if nth is not None:
        if not re.fullmatch(r"[1-9][0-9]{0,5}", nth):
            what = f"{owner}: nth is a number from 1, not {str(nth)!r}"
            reading.error(BadValue, nth, what)
            return None
        wanted = int(nth)
    found = list(islice(reading.text.locate(quote), max(2, wanted)))
    if not found:
        what = f"{owner}: the quote is not in {reading.text.file}"
        reading.error(QuoteNotFound, quote, what, hint=reading.text.why_missing(quote))
    elif wanted > len(found):
        assert nth is not None
        times = "once" if len(found) == 1 else f"{len(found)} times"
        what = f"{owner}: nth is {wanted}, and the quote stands in {reading.text.file} {times}"
        reading.error(QuoteNotFound, nth, what, hint=_places(reading, quote))
    elif not wanted and len(found) > 1:
        what = f"{owner}: the quote stands in {reading.text.file} more than once"
        hint = f"{_places(reading, quote)}\npick one with {{quote: …, nth: 1}}, or quote more words"
        reading.error(QuoteNotFound, quote, what, hint=hint)
    else:
        return found[wanted - 1 if wanted else 0]
    return None


def _places(reading: Reading, quote: str) -> str:
    return lines_of(reading.text, reading.text.locate(quote))


def read_original(folder: Path, document: Scalar, sha256: str) -> ArticleText:
    """Return the text of the original that an article restates.

    Raises:
        ArticleError: it is missing, unreadable, or not the one that the article names.
    """
    file = inside(folder, document)
    if file is None:
        what = f"the original {str(document)!r} is not inside the folder of originals"
        raise BadValue(what, where=document.place)
    if not file.is_file():
        hint = f"looked for in {folder.as_posix()}"
        what = f"the original {str(document)!r} is missing"
        raise TextMismatch(what, where=document.place, hint=hint)
    try:
        if file.stat().st_size > TEXT_LIMIT:
            what = f"the original {str(document)!r} is larger than {TEXT_LIMIT} bytes"
            raise TextMismatch(what, where=document.place)
        data = file.read_bytes()
    except OSError as error:
        what = f"the original {str(document)!r} cannot be read: {error.strerror}"
        raise TextMismatch(what, where=document.place) from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != sha256:
        what = f"the original {str(document)!r} is not the one annotated"
        raise TextMismatch(what, where=document.place, hint=f"its sha256 is {digest}")
    try:
        return ArticleText(stored_text(data, where=document.place), document)
    except KgError as error:
        raise ArticleError(f"the original: {error.what}", where=document.place) from error
