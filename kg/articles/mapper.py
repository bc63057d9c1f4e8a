"""From a checked article to its quads: what it says, the evidence for it, and who is named where.

Everything is resolved beforehand (`kg.articles.annotations`), so that this only writes, in the
order of the article, in constant memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.articles.checked import (
    CheckedArticle,
    Mention,
    OriginalRange,
    Passage,
    Reported,
    ReportedDate,
)
from kg.iris import Iris, term
from kg.terms import Quad, iri, text, typed

AROUND: Final = 32  # characters before and after a quote that are kept with it
_OA: Final = "http://www.w3.org/ns/oa#"
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_ARTICLE: Final = iri(term("Article"))
_DATE: Final = iri(term("Date"))
_MENTION: Final = iri(term("Mention"))
_PASSAGE: Final = iri(term("Passage"))
_RESTATED: Final = iri(term("RestatedPassage"))
_REPORTED_IN: Final = iri(term("reportedIn"))
_EVIDENCE: Final = iri(term("evidence"))
_CONTEXT: Final = iri(term("context"))
_RESTATES: Final = iri(term("restates"))
_REFERS_TO: Final = iri(term("refersTo"))
_EDTF: Final = iri(term("edtf"))
_PRINTED: Final = iri(term("printed"))
_EARLIEST: Final = iri(term("earliest"))
_LATEST: Final = iri(term("latest"))
_PRECISION: Final = iri(term("precision"))
_INFERRED: Final = iri(term("inferred"))
_SOURCE: Final = iri(f"{_OA}hasSource")
_SELECTOR: Final = iri(f"{_OA}hasSelector")
_SPECIFIC: Final = iri(f"{_OA}SpecificResource")
_QUOTE_SELECTOR: Final = iri(f"{_OA}TextQuoteSelector")
_POSITION_SELECTOR: Final = iri(f"{_OA}TextPositionSelector")
_EXACT: Final = iri(f"{_OA}exact")
_PREFIX: Final = iri(f"{_OA}prefix")
_SUFFIX: Final = iri(f"{_OA}suffix")
_START: Final = iri(f"{_OA}start")
_END: Final = iri(f"{_OA}end")
_TRUE: Final = typed("true", "boolean")


def map_article(article: CheckedArticle, *, iris: Iris) -> Iterator[Quad]:
    """Yield the quads of an article's three graphs, each quad once."""
    graph = iri(iris.article_graph(article.slug))
    yield from _facts(article, iris, graph)
    yield from _evidence(article, iris, iri(iris.article_graph(article.slug, "evidence")))
    yield from _mentions(article, iris, iri(iris.article_graph(article.slug, "mentions")))


def _facts(article: CheckedArticle, iris: Iris, graph: str) -> Iterator[Quad]:
    node = iri(article.iri)
    yield Quad(node, _TYPE, _ARTICLE, graph)
    for predicate, value in article.statements:
        yield Quad(node, predicate, value, graph)
    for reported in article.reported:
        yield from _reported(reported, node, graph)
        for day in reported.dates:
            yield from _date(day, iris, graph)


def _reported(reported: Reported, article: str, graph: str) -> Iterator[Quad]:
    node = iri(reported.iri)
    for predicate, value in reported.statements:
        yield Quad(node, predicate, value, graph)
    yield Quad(node, _REPORTED_IN, article, graph)


def _date(day: ReportedDate, iris: Iris, graph: str) -> Iterator[Quad]:
    node = iri(day.iri)
    yield Quad(node, _TYPE, _DATE, graph)
    if day.printed is not None:
        yield Quad(node, _PRINTED, text(day.printed), graph)
    if day.inferred:
        yield Quad(node, _INFERRED, _TRUE, graph)
    precision = day.bounds.precision if day.bounds else "unknown"
    yield Quad(node, _PRECISION, iri(iris.concept("date-precision", precision)), graph)
    if day.bounds is None:
        return
    yield Quad(node, _EDTF, text(day.bounds.edtf), graph)
    if day.bounds.earliest:
        yield Quad(node, _EARLIEST, typed(day.bounds.earliest.isoformat(), "date"), graph)
    if day.bounds.latest:
        yield Quad(node, _LATEST, typed(day.bounds.latest.isoformat(), "date"), graph)


def _evidence(article: CheckedArticle, iris: Iris, graph: str) -> Iterator[Quad]:
    for reported in article.reported:
        node = iri(reported.iri)
        for cited in reported.evidence:
            yield Quad(node, _EVIDENCE, iri(cited), graph)
        for cited in reported.context:
            yield Quad(node, _CONTEXT, iri(cited), graph)
    source, original = iri(article.iri), iri(iris.original(article.slug))
    for passage in article.passages:
        yield from _passage(passage, article.text, source, iris, graph)
        for number, stretch in enumerate(passage.originals, start=1):
            yield from _original(passage.iri, number, stretch, original, iris, graph)


def _passage(passage: Passage, words: str, source: str, iris: Iris, graph: str) -> Iterator[Quad]:
    node = iri(passage.iri)
    quote, position = (iri(iris.selector(passage.iri, kind)) for kind in ("quote", "position"))
    start, end = passage.span
    yield Quad(node, _TYPE, _PASSAGE, graph)
    if passage.originals:
        yield Quad(node, _TYPE, _RESTATED, graph)
    yield Quad(node, _SOURCE, source, graph)
    yield Quad(node, _SELECTOR, quote, graph)
    yield Quad(node, _SELECTOR, position, graph)
    yield Quad(quote, _TYPE, _QUOTE_SELECTOR, graph)
    yield Quad(quote, _EXACT, text(words[start:end]), graph)
    yield Quad(quote, _PREFIX, text(words[max(0, start - AROUND) : start]), graph)
    yield Quad(quote, _SUFFIX, text(words[end : end + AROUND]), graph)
    yield from _position(position, start, end, graph)


def _original(
    passage: str, number: int, stretch: OriginalRange, original: str, iris: Iris, graph: str
) -> Iterator[Quad]:
    address = iris.selector(passage, "original" if number == 1 else f"original-{number}")
    node, position = iri(address), iri(iris.selector(address, "position"))
    yield Quad(iri(passage), _RESTATES, node, graph)
    yield Quad(node, _TYPE, _SPECIFIC, graph)
    yield Quad(node, _SOURCE, original, graph)
    yield Quad(node, _SELECTOR, position, graph)
    yield from _position(position, *stretch.span, graph)
    if stretch.words is not None:
        quote = iri(iris.selector(address, "quote"))
        yield Quad(node, _SELECTOR, quote, graph)
        yield Quad(quote, _TYPE, _QUOTE_SELECTOR, graph)
        yield Quad(quote, _EXACT, text(stretch.words), graph)


def _position(node: str, start: int, end: int, graph: str) -> Iterator[Quad]:
    yield Quad(node, _TYPE, _POSITION_SELECTOR, graph)
    yield Quad(node, _START, typed(str(start), "integer"), graph)
    yield Quad(node, _END, typed(str(end), "integer"), graph)


def _mentions(article: CheckedArticle, iris: Iris, graph: str) -> Iterator[Quad]:
    source = iri(article.iri)
    for mention in article.mentions:
        yield from _mention(mention, article, source, iris, graph)


def _mention(
    mention: Mention, article: CheckedArticle, source: str, iris: Iris, graph: str
) -> Iterator[Quad]:
    start, end = mention.span
    node = iri(iris.mention(article.slug, start, end))
    yield Quad(node, _TYPE, _MENTION, graph)
    yield Quad(node, _REFERS_TO, mention.entity, graph)
    yield Quad(node, _SOURCE, source, graph)
    yield Quad(node, _EXACT, text(article.text[start:end]), graph)
    yield from _position(node, start, end, graph)
    for predicate, value in mention.statements:
        yield Quad(node, predicate, value, graph)
