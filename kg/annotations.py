"""Checks an article's annotations against its text, the ontology and the authority."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.articles import Article
from kg.attribution import Attribution
from kg.authority import Authority
from kg.checked import CheckedArticle
from kg.consistency import check_consistency
from kg.declarations import Declarations, declare
from kg.errors import KgError, Place, Problems
from kg.evidence import Evidence
from kg.head import read_head
from kg.iris import Iris
from kg.mentions import Mentions
from kg.ontology import Ontology
from kg.passages import ArticleText
from kg.reading import Reading
from kg.references import References
from kg.reports import Reports
from kg.values import Values

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
