"""What a flyout and a preview tell of a thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from server.languages import best, language
from server.reconciling.reading import rows, terms
from server.reconciling.vocabulary import Vocabulary
from server.site import Site


@dataclass(slots=True)
class Told:
    """A thing's names, classes, and the names of where it is."""

    iri: str
    names: list[tuple[str, str]] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    places: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name in the language of the request, "" when it has none."""
        return best(self.names, language())

    @property
    def others(self) -> list[str]:
        """Its names in other languages."""
        return sorted({text for text, _ in self.names} - {self.name})

    def line(self, vocabulary: Vocabulary) -> str:
        """Return in a line what it is and where."""
        kinds = [vocabulary.type(iri)["name"] for iri in vocabulary.nearest(self.classes)[:1]]
        places = [best(names, language()) for names in self.places.values()]
        return ", ".join(filter(None, (*kinds, *places)))


def described(site: Site, iris: Iterable[str]) -> dict[str, Told]:
    """Return what is told of things, by IRI; what is unknown has no names and no classes.

    Raises:
        Problem: no worker is free.
    """
    found = {iri: Told(iri) for iri in iris}
    listed = terms(found)
    for row in rows(site, "reconcile-things", things=listed) if listed else ():
        told = found[row["thing"][1]]
        if "name" in row and "place" not in row:
            told.names.append((row["name"][1], row["name"][3]))
        if "class" in row:
            told.classes.append(row["class"][1])
        if "place" in row:
            told.places.setdefault(row["place"][1], []).append((row["name"][1], row["name"][3]))
    return found
