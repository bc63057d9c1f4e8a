"""The classes and properties of a release: what they are called, and what people call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.matching.ofrelease import with_broader
from kg.prefixes import VOCABULARIES
from server.addresses import words
from server.languages import best, language
from server.reconciling.reading import rows, term
from server.site import Site


@dataclass(slots=True)
class Term:
    """A class or a property. `broader` are superclasses, or the classes of a property's values."""

    iri: str
    names: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    broader: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is called in the language of the request."""
        return best(self.names, language()) or words(self.iri)

    def shown(self) -> dict[str, str]:
        """Return it as the API shows types and properties."""
        text = best(self.texts, language())
        return {"id": self.iri, "name": self.name} | ({"description": text} if text else {})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All classes and properties of a release, by IRI."""

    classes: Mapping[str, Term]
    properties: Mapping[str, Term]
    prefixes: Mapping[str, str]

    def iri(self, name: str) -> str:
        """Return the IRI that a name means: `https://…`, `up:country` or `country`; else ""."""
        prefix, colon, local = name.partition(":")
        if colon and prefix in self.prefixes:
            name = self.prefixes[prefix] + local
        elif not colon:
            name = VOCABULARIES["up"] + name
            if name not in self.classes and name not in self.properties:
                return ""
        return name if term(name) else ""

    def type(self, iri: str) -> dict[str, str]:
        """Return a class as the types of an entity show it."""
        known = self.classes.get(iri)
        return {"id": iri, "name": known.name if known else words(iri)}

    def property(self, iri: str) -> Term:
        """Return a property, known or not."""
        return self.properties.get(iri) or Term(iri)

    def broader(self) -> dict[str, list[str]]:
        """Return the direct superclasses of each class."""
        return {iri: known.broader for iri, known in self.classes.items() if known.broader}

    def nearest(self, classes: list[str]) -> list[str]:
        """Return those of some classes that none of the others is a kind of."""
        tree = self.broader()
        above = {one for name in classes for one in with_broader([name], tree) if one != name}
        return [name for name in classes if name not in above] or classes

    def kinds_of(self, iri: str) -> frozenset[str]:
        """Return a class and all classes that are kinds of it."""
        tree = self.broader()
        return frozenset(name for name in self.classes if iri in with_broader([name], tree)) | {iri}


def read(site: Site) -> Vocabulary:
    """Return the vocabulary of the release in force.

    Raises:
        Problem: no worker is free.
    """
    return Vocabulary(
        classes=dict(_terms(site, "reconcile-classes")),
        properties=dict(_terms(site, "reconcile-properties")),
        prefixes=site.prefixes(),
    )


def _terms(site: Site, query: str) -> Iterator[tuple[str, Term]]:
    found: dict[str, Term] = {}
    for row in rows(site, query):
        known = found.setdefault(row["term"][1], Term(row["term"][1]))
        if "name" in row:
            known.names.append((row["name"][1], row["name"][3]))
        if "text" in row:
            known.texts.append((row["text"][1], row["text"][3]))
        if "broader" in row:
            known.broader.append(row["broader"][1])
    yield from found.items()
