"""What an article says of itself: title, day, language, publisher, and the original it restates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from kg.articles.checked import Statement
from kg.articles.documents import Branch, Node, Scalar
from kg.articles.evidence import read_original
from kg.articles.passages import ArticleText
from kg.articles.reading import Reading
from kg.articles.references import References
from kg.errors import AnnotationError, BadValue, KgError
from kg.iris import term
from kg.terms import iri, text, typed

_KEYS: Final = ("title", "published", "language", "publisher", "url", "source")
_REQUIRED: Final = ("title", "published", "language", "publisher")
_SOURCE_KEYS: Final = ("document", "sha256", "title", "url")
_AGENT: Final = "Agent"
_DC: Final = "http://purl.org/dc/terms/"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_URL: Final = re.compile(r"https?://[^\s<>\"{}|^`\\]+")


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of the article; `original` is its text when it is at hand."""

    title: str
    published: date
    language: str
    statements: tuple[Statement, ...]
    original: ArticleText | None


def read_head(reading: Reading, references: References, originals: Path | None) -> Head:
    """Read `article:`; what is wrong with it is noted, and then the rest has stand-ins."""
    root = reading.article.tree
    node = root.get(Scalar("article"))
    branch = reading.branch(node, "article")
    if branch is None:
        if node is None:
            hint = f"article: {{{', '.join(_REQUIRED)}}}"
            reading.error(AnnotationError, root, "article: is missing", hint=hint)
        return Head("", date.max, "und", (), None)
    reader = _Reader(reading, references, branch)
    reading.keys(branch, _KEYS, "article")
    for key in _REQUIRED:
        if Scalar(key) not in branch:
            reading.error(AnnotationError, branch, f"article: {key} is missing")
    language = reader.matched("language", _LANGUAGE, "a language tag, such as en") or "und"
    title, published = reader.word("title"), reader.published()
    statements = [
        *reader.known(language, title, published),
        *reader.source_statements(),
        (iri(term("textSha256")), text(reading.article.sha256)),
    ]
    original = reader.original(originals)
    return Head(title or "", published or date.max, language, tuple(statements), original)


@dataclass(slots=True)
class _Reader:
    reading: Reading
    references: References
    branch: Branch

    def word(self, key: str) -> Scalar | None:
        return self.reading.word(self.branch.get(Scalar(key)), f"article: {key}")

    def matched(self, key: str, form: re.Pattern[str], name: str) -> Scalar | None:
        value = self.word(key)
        if value is None or form.fullmatch(value):
            return value
        self.reading.error(BadValue, value, f"article: {key} {str(value)!r} is not {name}")
        return None

    def published(self) -> date | None:
        value = self.matched("published", _DAY, "a day, such as 2020-12-04")
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            what = f"article: published {str(value)!r} is not in the calendar"
            self.reading.error(BadValue, value, what)
            return None

    def known(self, language: str, title: str | None, published: date | None) -> list[Statement]:
        """Return what the article says of itself."""
        found: list[Statement] = []
        if title:
            found.append((iri(_DC + "title"), text(title, language)))
        if published:
            found.append((iri(_DC + "issued"), typed(published.isoformat(), "date")))
        publisher = self.word("publisher")
        if publisher is not None:
            for target in self.references.targets(publisher, "article: publisher"):
                known = _AGENT in self.reading.ontology.classes
                if known and target.superclasses and _AGENT not in target.superclasses:
                    what = f"article: publisher takes {_AGENT}; {target.key} is"
                    what = f"{what} {' and '.join(target.classes)}"
                    self.reading.error(BadValue, publisher, what)
                found.append((iri(_DC + "creator"), target.term))
        found.append((iri(_DC + "language"), text(language)))
        url = self.matched("url", _URL, "an address that begins with http")
        if url:
            found.append((iri(_DC + "source"), iri(url)))
        return found

    def _source(self) -> Branch | None:
        return self.reading.branch(self.branch.get(Scalar("source")), "article: source")

    def source_statements(self) -> list[Statement]:
        """Return what is said of the original."""
        source = self._source()
        if source is None:
            return []
        self.reading.keys(source, _SOURCE_KEYS, "article: source")
        found: list[Statement] = []
        for key in _SOURCE_KEYS:
            value = self.reading.word(source.get(Scalar(key)), f"article: source: {key}")
            if value is None:
                if key != "url" and Scalar(key) not in source:
                    self.reading.error(
                        AnnotationError, source, f"article: source: {key} is missing"
                    )
            elif key == "sha256" and not re.fullmatch("[0-9a-f]{64}", value):
                what = "article: source: sha256 is not 64 digits 0-9a-f"
                self.reading.error(BadValue, value, what)
            elif key == "url":
                found.extend(self._url(value))
            else:
                found.append((iri(term(f"original{key.capitalize()}")), text(value)))
        return found

    def _url(self, value: Scalar) -> list[Statement]:
        if _URL.fullmatch(value):
            return [(iri(_DC + "source"), iri(value))]
        what = f"article: source: url {str(value)!r} does not begin with http"
        self.reading.error(BadValue, value, what)
        return []

    def original(self, folder: Path | None) -> ArticleText | None:
        """Return the text of the original, when its folder is given."""
        source: Node | None = self.branch.get(Scalar("source"))
        if folder is None or not isinstance(source, Branch):
            return None
        document, sha256 = source.get(Scalar("document")), source.get(Scalar("sha256"))
        if not isinstance(document, Scalar) or not isinstance(sha256, Scalar):
            return None
        try:
            return read_original(folder, document, sha256)
        except KgError as error:
            self.reading.errors.append(error)
            return None
