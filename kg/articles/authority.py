"""Curated entities: what `seeds/authority/*.ttl` say, by key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph

from kg.articles.names import Names
from kg.articles.nearest import nearest
from kg.errors import AuthorityError, KgError, Place, Problems
from kg.iris import DEFAULT_BASE, KEY, ONTOLOGY, Iris
from kg.ontology import Ontology
from kg.terms import Quad, iri, text, typed

_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
LABELS: Final = tuple(f"{_SKOS}{name}" for name in ("prefLabel", "altLabel", "hiddenLabel"))
_UNNAMED: Final = f"{ONTOLOGY}unnamed"


@dataclass(frozen=True, slots=True)
class Entity:
    """A curated entity. `labels` are all its names, sorted.

    `classes` are local names of UniPact's ontology, or the IRIs of classes of another one.

    Nothing is called by the label of an `unnamed` one.
    """

    key: str
    iri: str
    classes: tuple[str, ...]
    labels: tuple[str, ...]
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Authority:
    """All curated entities. Sub-nodes (`id/<key>#launched`) go with their entity."""

    entities: Mapping[str, Entity]
    names: Names
    _quads: Mapping[str, tuple[Quad, ...]]

    @classmethod
    def load(cls, folder: Path, *, iris: Iris, ontology: Ontology | None = None) -> Authority:
        """Read every `*.ttl` of the folder; IRIs of the default base move to the base of `iris`.

        With an ontology, classes, properties and concepts that it does not have are errors, too.

        Raises:
            Problems: everything that is wrong, each an AuthorityError.
        """
        errors: list[KgError] = []
        described: dict[str, _Described] = {}
        graph = iri(iris.graph("authority"))
        for file in sorted(folder.glob("*.ttl")):
            reader = _File(file, iris, graph, described)
            try:
                reader.read()
            except AuthorityError as error:
                errors.append(error)
            errors.extend(reader.errors)
        terms = _Terms.of(ontology, iris) if ontology else None
        for entry in described.values():
            errors.extend(entry.faults())
            if terms:
                errors.extend(entry.unknown(terms))
        if errors:
            raise Problems(errors)
        entities = {key: described[key].entity(iris) for key in sorted(described)}
        names = Names(
            (label, entity.key)
            for entity in entities.values()
            if not entity.unnamed
            for label in entity.labels
        )
        return cls(entities, names, {key: described[key].sorted() for key in entities})

    def quads(self) -> Iterator[Quad]:
        """Yield everything that is said, by key."""
        return self.about(self._quads)

    def about(self, keys: Iterable[str]) -> Iterator[Quad]:
        """Yield what is said about some entities; unknown keys say nothing."""
        for key in keys:
            yield from self._quads.get(key, ())


@dataclass(frozen=True, slots=True)
class _Terms:
    """What an ontology has: local names of classes and properties, IRIs of concepts."""

    classes: frozenset[str]
    properties: frozenset[str]
    concepts: frozenset[str]
    concept_base: str

    @classmethod
    def of(cls, ontology: Ontology, iris: Iris) -> _Terms:
        return cls(
            classes=frozenset(ontology.classes),
            properties=frozenset(
                term.iri.removeprefix(ONTOLOGY) for term in ontology.properties.values()
            ),
            concepts=frozenset(
                iris.concept(scheme, key)
                for scheme, concepts in ontology.concepts.items()
                for key in concepts
            ),
            concept_base=iris.scheme(""),
        )


@dataclass(slots=True)
class _Described:
    """What the files say about one key."""

    key: str
    where: Place
    quads: set[Quad]
    classes: set[str]
    labels: set[str]
    unnamed: bool = False

    def faults(self) -> Iterator[KgError]:
        """Yield what every entity must have and this one has not."""
        if not self.classes:
            yield AuthorityError(f"entity {self.key!r} has no class", where=self.where)
        if not self.labels:
            hint = "give it a skos:prefLabel"
            yield AuthorityError(f"entity {self.key!r} has no label", where=self.where, hint=hint)

    def unknown(self, terms: _Terms) -> Iterator[KgError]:
        """Yield the classes, properties and concepts that the ontology does not have."""
        for key in sorted(self.classes):
            if ":" not in key and key not in terms.classes:
                yield self._unknown(f"no class {key!r}", key, terms.classes)
        used = {quad.predicate[1:-1].removeprefix(ONTOLOGY) for quad in self.quads}
        for key in sorted(used):
            if ":" not in key and key not in terms.properties:
                yield self._unknown(f"no property {key!r}", key, terms.properties)
        values = {quad.object[1:-1] for quad in self.quads if quad.object.startswith("<")}
        for name in sorted(values):
            if name.startswith(terms.concept_base) and name not in terms.concepts:
                yield self._unknown(f"no concept <{name}>", name, terms.concepts)

    def _unknown(self, what: str, name: str, among: Iterable[str]) -> AuthorityError:
        near = nearest(name, among)
        hint = f"did you mean {near!r}?" if near else ""
        what = f"entity {self.key!r}: the ontology has {what}"
        return AuthorityError(what, where=self.where, hint=hint)

    def entity(self, iris: Iris) -> Entity:
        return Entity(
            key=self.key,
            iri=iris.entity(self.key),
            classes=tuple(sorted(self.classes)),
            labels=tuple(sorted(self.labels)),
            unnamed=self.unnamed,
        )

    def sorted(self) -> tuple[Quad, ...]:
        return tuple(sorted(self.quads))


@dataclass(slots=True)
class _File:
    """One Turtle file on its way into the table of keys."""

    path: Path
    iris: Iris
    graph: str
    described: dict[str, _Described]
    errors: list[KgError]

    def __init__(
        self, path: Path, iris: Iris, graph: str, described: dict[str, _Described]
    ) -> None:
        self.path, self.iris, self.graph, self.described = path, iris, graph, described
        self.errors = []

    @property
    def where(self) -> Place:
        return Place(self.path.as_posix())

    def read(self) -> None:
        refused: set[str] = set()
        try:
            for quad in pyoxigraph.parse(
                path=str(self.path), format=pyoxigraph.RdfFormat.TURTLE, base_iri=self.iris.base
            ):
                fault = self._take(quad)
                if fault and fault not in refused:
                    refused.add(fault)
                    self.errors.append(AuthorityError(fault, where=self.where))
        except SyntaxError as error:
            where = Place(self.path.as_posix(), error.lineno or 0, error.offset or 0)
            raise AuthorityError(f"not Turtle: {error.msg}", where=where) from error
        except (OSError, UnicodeDecodeError) as error:
            raise AuthorityError(f"cannot be read: {error}", where=self.where) from error

    def _take(self, quad: pyoxigraph.Quad) -> str:
        """Add one triple; return what is wrong with it, or nothing."""
        if not isinstance(quad.subject, pyoxigraph.NamedNode):
            return "a blank node: give it an IRI of its own"
        subject = self._moved(quad.subject.value)
        prefix = self.iris.entity("")
        if not subject.startswith(prefix):
            return f"<{subject}> does not begin with {prefix}"
        key = re.split("[#/]", subject[len(prefix) :], maxsplit=1)[0]
        if not KEY.fullmatch(key) or "/" in subject[len(prefix) :].partition("#")[0]:
            return f"<{subject}> has a key that cannot stand in an IRI"
        if not isinstance(quad.object, pyoxigraph.NamedNode | pyoxigraph.Literal):
            return f"<{subject}> has a blank node as a value: give it an IRI of its own"
        entry = self.described.get(key)
        if entry is None:
            entry = self.described[key] = _Described(key, self.where, set(), set(), set())
        value = self._encoded(quad.object)
        entry.quads.add(Quad(iri(subject), iri(quad.predicate.value), value, self.graph))
        if subject == prefix + key:
            _note(entry, quad.predicate.value, quad.object)
        return ""

    def _encoded(self, value: pyoxigraph.NamedNode | pyoxigraph.Literal) -> str:
        if isinstance(value, pyoxigraph.NamedNode):
            return iri(self._moved(value.value))
        if value.language:
            return text(value.value, value.language)
        return typed(value.value, value.datatype.value)

    def _moved(self, name: str) -> str:
        if name.startswith(DEFAULT_BASE) and not name.startswith(ONTOLOGY):
            return self.iris.base + name[len(DEFAULT_BASE) :]
        return name


def _note(
    entry: _Described, predicate: str, value: pyoxigraph.NamedNode | pyoxigraph.Literal
) -> None:
    """Keep what an Entity needs of a triple."""
    if predicate == _TYPE:
        entry.classes.add(value.value.removeprefix(ONTOLOGY))
    elif predicate in LABELS:
        entry.labels.add(value.value)
    elif predicate == _UNNAMED:
        entry.unnamed = value.value in ("true", "1")
