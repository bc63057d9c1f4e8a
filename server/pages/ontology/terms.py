"""What the ontology says of each of its terms."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from server.languages import LANGUAGES, language, preference
from server.pages.entity.said import NAMELESS, Cell, full
from server.pages.naming import Name
from server.site import MOST_ROWS, Site

# The first that a term is; a class may be a property class as well.
KINDS: Final = {
    "class": ("owl:Class", "rdfs:Class"),
    "relation": ("owl:ObjectProperty",),
    "attribute": ("owl:DatatypeProperty",),
    "annotation": ("owl:AnnotationProperty", "rdf:Property"),
}
_RELATIONS: Final = (
    "owl:equivalentClass", "owl:equivalentProperty", "skos:exactMatch", "skos:closeMatch",
    "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property. Other terms are IRIs; texts are in the reader's language.

    Attributes:
        kind: a key of `KINDS`.
        labels: one in each language of the pages, as far as there is one.
        mappings: (local name of the relation, IRI of elsewhere).
        over: what it is a kind of; `under` are its own kinds.
        derived: whether only rules make statements with it.
        shapes: the messages of the shapes that hold its statements.
        uses: instances of a class, statements of a property; None when they were not counted.
    """

    iri: str
    kind: str
    name: Name
    labels: tuple[Name, ...] = ()
    definition: Name = NAMELESS
    examples: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    values_from: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    disjoint: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    mappings: tuple[tuple[str, str], ...] = ()
    since: str = ""
    derived: bool = False
    functional: bool = False
    symmetric: bool = False
    deprecated: bool = False
    shapes: tuple[str, ...] = ()
    uses: int | None = None

    @property
    def own(self) -> bool:
        """Whether the ontology defines it; others it only names, to be understood alone."""
        return bool(self.labels)

    @property
    def key(self) -> str:
        """The local name."""
        return self.iri.replace("#", "/").rpartition("/")[2]


@dataclass(slots=True)
class _Said:
    """The values of one term by property."""

    values: dict[str, list[Cell]] = field(default_factory=dict)

    def iris(self, *names: str) -> tuple[str, ...]:
        cells = (cell for name in names for cell in self.values.get(full(name), ()))
        return tuple(dict.fromkeys(cell[1] for cell in cells if cell[0] == "iri"))

    def texts(self, *names: str) -> list[Name]:
        cells = (cell for name in names for cell in self.values.get(full(name), ()))
        wanted = language()
        found = [Name(cell[1], cell[3]) for cell in cells if cell[0] == "literal"]
        return sorted(found, key=lambda text: preference(text.language, wanted))

    def is_a(self, name: str) -> bool:
        return full(name) in self.iris("rdf:type")

    def true(self, name: str) -> bool:
        return any(text.text == "true" for text in self.texts(name))


def read(
    site: Site, *, shapes: Mapping[str, tuple[str, ...]], uses: Mapping[str, int] | None
) -> dict[str, Term]:
    """Return the terms of the ontology of the release in force, by their IRIs."""
    graph = f"<{site.current().manifest.base}graph/ontology>"
    answers: list[bytes] = []
    while not answers or len(json.loads(answers[-1])["rows"]) == MOST_ROWS:
        first = str(MOST_ROWS * len(answers))
        job = site.job("ontology-terms", "rows", graph=graph, first=first)
        answers.append(site.service.read(job))
    return {
        iri: replace(
            term,
            shapes=shapes.get(iri, ()),
            uses=None if uses is None else uses.get(iri, 0),
        )
        for iri, term in _read(tuple(answers), language()).items()
    }


@lru_cache(maxsize=2 * len(LANGUAGES))
def _read(answers: tuple[bytes, ...], _language: str) -> dict[str, Term]:
    """Arrange the answers of the query; the same ones are read once in each language."""
    said: dict[str, _Said] = {}
    for answer in answers:
        for term, name, value in json.loads(answer)["rows"]:
            said.setdefault(term[1], _Said()).values.setdefault(name[1], []).append(value)
    terms = {iri: _term(iri, one) for iri, one in said.items()}
    return {iri: replace(term, under=_under(iri, terms.values())) for iri, term in terms.items()}


def _term(iri: str, said: _Said) -> Term:
    labels = said.texts("rdfs:label", "skos:prefLabel")
    local = iri.replace("#", "/").rpartition("/")[2]
    definitions = said.texts("skos:definition", "rdfs:comment")
    kinds = (kind for kind, names in KINDS.items() if any(map(said.is_a, names)))
    return Term(
        iri=iri,
        kind=next(kinds, "annotation"),
        name=labels[0] if labels else Name(local),
        labels=_by_language(labels),
        definition=definitions[0] if definitions else NAMELESS,
        examples=tuple(text.text for text in said.texts("skos:example")),
        notes=tuple(text.text for text in said.texts("skos:scopeNote")),
        over=said.iris("rdfs:subClassOf", "rdfs:subPropertyOf"),
        domain=said.iris("rdfs:domain", "schema:domainIncludes"),
        range=said.iris("rdfs:range", "schema:rangeIncludes"),
        values_from=said.iris("up:valuesFrom"),
        statuses=said.iris("up:statuses"),
        disjoint=said.iris("owl:disjointWith"),
        inverse=said.iris("owl:inverseOf"),
        mappings=tuple(
            (name.partition(":")[2], to) for name in _RELATIONS for to in said.iris(name)
        ),
        since=next((text.text for text in said.texts("up:since")), ""),
        derived=said.is_a("up:DerivedProperty"),
        functional=said.is_a("owl:FunctionalProperty"),
        symmetric=said.is_a("owl:SymmetricProperty"),
        deprecated=said.true("owl:deprecated"),
    )


def _by_language(labels: Iterable[Name]) -> tuple[Name, ...]:
    found: dict[str, Name] = {}
    for label in labels:
        found.setdefault(label.language.partition("-")[0], label)
    return tuple(found[code] for code in LANGUAGES if code in found)


def _under(iri: str, terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(sorted(term.iri for term in terms if iri in term.over))
