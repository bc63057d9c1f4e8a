"""Checks an article's annotations against its text, the ontology and the authority."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.articles import Article
from kg.articles.attribution import Attribution
from kg.articles.authority import Authority
from kg.articles.checked import CheckedArticle
from kg.articles.consistency import check_consistency
from kg.articles.declarations import Declarations, declare
from kg.articles.evidence import Evidence
from kg.articles.head import read_head
from kg.articles.mentions import Mentions
from kg.articles.passages import ArticleText
from kg.articles.reading import Reading
from kg.articles.references import References
from kg.articles.reports import Reports
from kg.articles.values import Values
from kg.errors import KgError, Place, Problems
from kg.iris import Iris
from kg.ontology import Ontology

_TOP: Final = ("article", "text", "entities", "mentions", "passages")


@dataclass(frozen=True, slots=True)
class Checked:
    """The article, unless there are errors; both lists are sorted by place."""

    article: CheckedArticle | None
    errors: tuple[KgError, ...]
    warnings: tuple[KgError, ...]


def check(
    article: Article,
    *,
    ontology: Ontology,
    authority: Authority,
    iris: Iris,
    originals: Path | None = None,
) -> Checked:
    """Check an article and resolve all that it says, or return everything that is wrong with it.

    `originals` is the folder of the documents that articles restate; with it, passages also carry
    the original words.
    """
    text = ArticleText(article.text, article.text_file)
    reading = Reading(article, ontology, authority, iris, text)
    reading.errors.extend(article.problems)
    top = (*_TOP, "slug") if article.place.line else _TOP
    reading.keys(article.tree, top, "an article")
    declared = declare(reading)
    references = References(reading, declared)
    head = read_head(reading, references, originals)
    values = Values(reading, references, head.language)
    evidence = Evidence(reading, head.original)
    evidence.read_passages()
    attribution = Attribution(reading, declared, references, values)
    reports = Reports(reading, declared, references, values, evidence, attribution)
    reported = tuple(reports.read())
    check_consistency(reading, declared, references, reports.dates, head.published)
    mentions = Mentions(reading, declared, references, values).read()
    if reading.errors:
        return Checked(None, _sorted(reading.errors), _sorted(reading.warnings))
    passages = (*evidence.keyed.values(), *(evidence.loose[s] for s in sorted(evidence.loose)))
    checked = CheckedArticle(
        slug=article.slug,
        iri=iris.article(article.slug),
        title=head.title,
        published=head.published,
        language=head.language,
        text=article.text,
        statements=head.statements,
        passages=passages,
        reported=reported,
        mentions=mentions,
        places=_places(reading, declared, evidence),
        refers_to=frozenset(references.used),
    )
    return Checked(checked, (), _sorted(reading.warnings))


def _sorted(errors: Iterable[KgError]) -> tuple[KgError, ...]:
    return tuple(Problems(errors).errors)


def _places(reading: Reading, declared: Declarations, evidence: Evidence) -> dict[str, Place]:
    places = {node.iri: node.at.place for node in declared.nodes.values()}
    for key in evidence.places:
        if str(key) in evidence.keyed:
            places[evidence.keyed[str(key)].iri] = key.place
    return places
