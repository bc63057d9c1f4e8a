"""Where the graphs of a release come from, as PROV: `graph/provenance`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kg.iris import Iris
from kg.prefixes import VOCABULARIES
from kg.releases.manifest import ArticleEntry
from kg.terms import Quad, iri, text, typed
from kg.version import VERSION

_TYPE: Final = iri(VOCABULARIES["rdf"] + "type")
_LABEL: Final = iri(VOCABULARIES["rdfs"] + "label")
_VERSION: Final = iri(VOCABULARIES["schema"] + "softwareVersion")
_DERIVED: Final = ("derived", "derived-attributed")


def _prov(name: str) -> str:
    return iri(VOCABULARIES["prov"] + name)


def provenance(articles: Iterable[ArticleEntry], iris: Iris, *, created: str) -> Iterator[Quad]:
    """Yield what is known of the build, of its software, and of each graph.

    `created` is the ISO date of the release, "" when it has none: the clock is never asked, so
    that the same input makes the same release.
    """
    graph = iri(iris.graph("provenance"))

    def say(subject: str, predicate: str, value: str) -> Quad:
        return Quad(iri(subject), predicate, value, graph)

    build = iris.part(iris.dataset(), "build")
    software = iris.part(iris.dataset(), "software")
    yield say(build, _TYPE, _prov("Activity"))
    yield say(build, _LABEL, text("The build of this release", "en"))
    yield say(build, _prov("wasAssociatedWith"), iri(software))
    yield say(software, _TYPE, _prov("SoftwareAgent"))
    yield say(software, _LABEL, text(f"UniPact {VERSION}"))
    yield say(software, _VERSION, text(VERSION))
    for name in _DERIVED:
        yield say(iris.graph(name), _TYPE, _prov("Entity"))
        yield say(iris.graph(name), _prov("wasGeneratedBy"), iri(build))
    for article in articles:
        for part in ("", "evidence", "mentions"):
            made = iris.article_graph(article.slug, part)
            yield say(made, _TYPE, _prov("Entity"))
            yield say(made, _prov("wasDerivedFrom"), iri(iris.article(article.slug)))
            yield say(made, _prov("wasGeneratedBy"), iri(build))
            if created:
                yield say(made, _prov("generatedAtTime"), typed(f"{created}T00:00:00Z", "dateTime"))
