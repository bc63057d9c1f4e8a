"""The ontology as the table of keys that annotations, forms and the mapper go by.

A folder of Turtle files declares classes, properties and SKOS concepts. A key is the local name of
a term, or its `up:key`. A declared term has a key unless `rdfs:isDefinedBy` says that it belongs to
a vocabulary outside the folder; such terms are only glossed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.iris import Iris
from kg.ontology.keys import ClassTerm, Concept, PropertyTerm
from kg.ontology.keytable import context_document, key_table
from kg.ontology.reader import read_terms
from kg.ontology.vocabulary import Triple, Vocabulary
from kg.terms import Quad, iri

__all__ = ["ClassTerm", "Concept", "Ontology", "PropertyTerm", "context_document"]


@dataclass(frozen=True, slots=True)
class Ontology:
    """Classes, properties and concepts by key, and the triples that declare them."""

    classes: Mapping[str, ClassTerm]
    properties: Mapping[str, PropertyTerm]
    concepts: Mapping[str, Mapping[str, Concept]]
    triples: tuple[Triple, ...]
    concept_bases: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path) -> Ontology:
        """Read every `*.ttl` of the folder.

        Raises:
            Problems: all that keeps the files from being a table of keys, each an OntologyError.
        """
        vocabulary = Vocabulary.read(folder)
        terms = read_terms(vocabulary)
        return cls(
            classes=terms.classes,
            properties=terms.properties,
            concepts=terms.concepts,
            triples=tuple(vocabulary.triples),
            concept_bases=terms.concept_bases,
        )

    def superclasses(self, class_key: str) -> frozenset[str]:
        """Return the keys of a class and of all its superclasses."""
        return self.classes[class_key].superclasses

    def takes(self, class_key: str, property_key: str) -> bool:
        """Say whether the property may be used on things of the class."""
        domains = self.properties[property_key].domains
        return not domains.isdisjoint(self.classes[class_key].superclasses)

    def properties_of(self, class_key: str) -> tuple[str, ...]:
        """Return, sorted, the keys of the properties that a hand may write on the class."""
        return tuple(
            key
            for key in sorted(self.properties)
            if self.takes(class_key, key) and not self.properties[key].derived
        )

    def find_concept(self, property_key: str, concept_key: str) -> Concept | None:
        """Return the concept that a key means as a value of the property, if any."""
        for scheme in self.properties[property_key].schemes:
            if concept := self.concepts[scheme].get(concept_key):
                return concept
        return None

    @staticmethod
    def nearest(word: str, among: Iterable[str]) -> str | None:
        """Return the candidate that a mistyped key most likely meant, or None.

        >>> Ontology.nearest("organisation", ["organization", "origin"])
        'organization'
        """
        candidates = {candidate.lower(): candidate for candidate in sorted(among)}
        found = difflib.get_close_matches(word.lower(), candidates, n=1, cutoff=0.65)
        return candidates[found[0]] if found else None

    def key_table(self) -> dict[str, object]:
        """Return the content of `context.jsonld`: a JSON-LD context, and the keys."""
        return key_table(self)

    def quads(self, iris: Iris) -> Iterator[Quad]:
        """Yield the triples as `graph/ontology`, sorted; concepts get the IRIs of this base."""
        graph = iri(iris.graph("ontology"))
        moved = [(Iris(base).scheme(""), iris.scheme("")) for base in self.concept_bases]
        moved.append((Iris().genid(""), iris.genid("")))
        moved = [(f"<{old}", f"<{new}") for old, new in moved if old != new]
        triples: Iterable[Triple] = self.triples
        if moved:
            triples = sorted({_moved(triple, moved) for triple in triples})
        return (Quad(*triple, graph) for triple in triples)


def _moved(triple: Triple, moved: Iterable[tuple[str, str]]) -> Triple:
    subject, predicate, value = triple
    for old, new in moved:
        if subject.startswith(old):
            subject = new + subject[len(old) :]
        if value.startswith(old):
            value = new + value[len(old) :]
    return subject, predicate, value
