"""Where words stand: in the articles' texts, in their passages, in the originals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.articles import Article, read, sources, stored_text
from kg.articles.annotations import check
from kg.articles.authority import Authority
from kg.articles.checked import CheckedArticle
from kg.articles.passages import ArticleText, Span
from kg.data import ontology_dir, seeds_dir
from kg.errors import Place
from kg.iris import Iris
from kg.ontology import Ontology


@dataclass(frozen=True, slots=True)
class Within:
    """A passage that holds the words; `source` is its range in the original, or empty."""

    key: str
    start: int
    end: int
    source: str


@dataclass(frozen=True, slots=True)
class Location:
    """One place where the words stand; code points, end exclusive; `article` is its slug."""

    article: str
    file: str
    line: int
    start: int
    end: int
    words: str
    passages: tuple[Within, ...] = ()


def locate(
    quote: str, *, seeds: Path | None = None, originals: Path | None = None
) -> tuple[Location, ...]:
    """Return every place where the quote stands, in the order of the articles.

    Raises:
        Problems: an article cannot be read.
    """
    seeds = seeds or seeds_dir()
    iris = Iris()
    ontology = Ontology.load(ontology_dir())
    authority = Authority.load(seeds / "authority", iris=iris)
    found: list[Location] = []
    for source in sources(seeds / "articles"):
        article = read(source)
        checked = check(article, ontology=ontology, authority=authority, iris=iris).article
        found += _in_text(quote, article, checked)
    if originals:
        found += _in_originals(quote, originals)
    return tuple(found)


def _in_text(quote: str, article: Article, checked: CheckedArticle | None) -> Iterator[Location]:
    text = ArticleText(article.text, article.text_file)
    for span in text.locate(quote):
        passages = tuple(_around(span, checked)) if checked else ()
        yield _location(article.slug, article.text_file, text, span, passages)


def _in_originals(quote: str, folder: Path) -> Iterator[Location]:
    for file in sorted(folder.glob("*.txt")):
        content = stored_text(file.read_bytes(), where=Place(file.as_posix()))
        text = ArticleText(content, file.name)
        for span in text.locate(quote):
            yield _location("", file.name, text, span)


def _location(
    slug: str, file: str, text: ArticleText, span: Span, passages: tuple[Within, ...] = ()
) -> Location:
    words = " ".join(text.raw[span.start : span.end].split())
    return Location(slug, file, text.line(span.start), span.start, span.end, words, passages)


def _around(span: Span, article: CheckedArticle) -> Iterator[Within]:
    for passage in article.passages:
        if passage.key and passage.span.start <= span.start and span.end <= passage.span.end:
            ranges = (
                f"{original.span.start}-{original.span.end}" for original in passage.originals
            )
            yield Within(passage.key, passage.span.start, passage.span.end, ", ".join(ranges))
