"""Suggestions for what somebody types: things, types and properties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from kg.matching.ofrelease import begins_alike
from kg.prefixes import VOCABULARIES
from kg.releases.labels import Hit
from server.reconciling.describing import described
from server.reconciling.vocabulary import Term, Vocabulary
from server.search import things
from server.site import Site

SHOWN: Final = 10
_OWN: Final = VOCABULARIES["up"]
_STRUCTURE: Final = tuple(VOCABULARIES[prefix] for prefix in ("owl", "rdf", "rdfs", "skos"))


def entities(
    site: Site, vocabulary: Vocabulary, prefix: str, *, type: str, skip: int
) -> list[dict[str, Any]]:
    """Return things with a name in which words begin like those typed, heaviest first.

    Raises:
        Problem: the label index cannot be read.
    """
    wanted = vocabulary.kinds_of(type) if type else frozenset()

    def keep(hit: Hit) -> bool:
        if not hit.classes or any(name.startswith(_STRUCTURE) for name in hit.classes):
            return False
        return not type or not wanted.isdisjoint(hit.classes)

    hits = things(site.current().search_db, prefix, limit=SHOWN, skip=skip, keep=keep)
    told = described(site, [hit.iri for hit in hits])
    found = []
    for hit in hits:
        known = told[hit.iri]
        name = known.name or hit.label
        also = f" · {hit.label}" if hit.label != name else ""
        about = known.line(vocabulary) + also
        shown = {
            "id": hit.iri,
            "name": name,
            "notable": [vocabulary.type(iri) for iri in vocabulary.nearest(list(hit.classes))],
        }
        found.append(shown | ({"description": about} if about else {}))
    return found


def types(vocabulary: Vocabulary, prefix: str, *, skip: int) -> list[dict[str, Any]]:
    """Return classes whose name in any language, or own name, begins like what is typed."""
    found = []
    for known in _ranked(vocabulary.classes.values(), prefix)[skip : skip + SHOWN]:
        broader = [vocabulary.type(iri) for iri in known.broader if iri in vocabulary.classes]
        found.append({**known.shown(), **({"broader": broader} if broader else {})})
    return found


def properties(vocabulary: Vocabulary, prefix: str, *, skip: int) -> list[dict[str, Any]]:
    """Return properties whose name in any language, or own name, begins like what is typed."""
    ranked = _ranked(vocabulary.properties.values(), prefix)
    return [known.shown() for known in ranked[skip : skip + SHOWN]]


def _ranked(terms: Iterable[Term], prefix: str) -> list[Term]:
    """Return the terms that fit, those of the ontology and short names first."""
    fitting = [
        term
        for term in terms
        if any(begins_alike(name, prefix) for name in (_local(term), *(n for n, _ in term.names)))
    ]
    return sorted(
        fitting,
        key=lambda term: (not term.iri.startswith(_OWN), len(term.name), term.name, term.iri),
    )


def _local(term: Term) -> str:
    return term.iri.replace("#", "/").rpartition("/")[2]
