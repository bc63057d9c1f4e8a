"""From a key, as written in an article, to the things it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kg.articles.declarations import ARTICLE, Declarations
from kg.articles.documents import Scalar
from kg.articles.reading import Reading
from kg.iris import KEY
from kg.ontology.keys import ClassTerm
from kg.terms import iri


@dataclass(frozen=True, slots=True)
class Target:
    """What a key means; `term` is its encoded IRI, `superclasses` None when they are not known."""

    key: str
    term: str
    classes: tuple[str, ...]
    superclasses: frozenset[str] | None


_UNKNOWN: Final[tuple[Target, ...]] = ()


@dataclass(slots=True)
class References:
    """Resolves keys: the article's own entities and facts, then the authority's entities.

    `article` is the article itself, `<article>/<key>` a node of another article. `used` are the
    keys of the authority that were asked for.
    """

    reading: Reading
    declared: Declarations
    used: set[str] = field(default_factory=set)
    _known: dict[str, tuple[Target, ...]] = field(default_factory=dict)
    _class_keys: dict[str, str] = field(default_factory=dict)

    def targets(self, written: Scalar, owner: str) -> tuple[Target, ...]:
        """Return the things that a key means; none, with an error, when it means nothing."""
        known = self._known.get(written)
        if known is None:
            known = self._known[str(written)] = self._find(str(written))
        if known is _UNKNOWN:
            self._complain(written, owner)
        return known

    def _find(self, key: str) -> tuple[Target, ...]:
        reading = self.reading
        if key in self.declared.nodes:
            return (self._own(key),)
        if key in self.declared.groups:
            return tuple(
                self._own(member)
                for member in self.declared.groups[key]
                if member in self.declared.nodes
            )
        entity = reading.authority.entities.get(key)
        if entity:
            self.used.add(key)
            return (self._target(key, entity.iri, entity.classes),)
        if key == ARTICLE:
            article = reading.iris.article(reading.article.slug)
            return (self._target(key, article, ("Article",)),)
        slug, slash, other = key.partition("/")
        if slash and KEY.fullmatch(slug) and KEY.fullmatch(other):
            if slug == reading.article.slug:
                return self._find(other)
            return (Target(key, iri(reading.iris.reported(slug, other)), (), None),)
        return _UNKNOWN

    def _own(self, key: str) -> Target:
        node = self.declared.nodes[key]
        classes: tuple[ClassTerm, ...] = node.classes
        superclasses = node.superclasses if classes else None
        return Target(key, iri(node.iri), tuple(term.key for term in classes), superclasses)

    def _target(self, key: str, address: str, classes: tuple[str, ...]) -> Target:
        known = self.reading.ontology.classes
        superclasses: set[str] = set()
        classes = tuple(map(self._class_key, classes))
        for name in classes:
            superclasses |= known[name].superclasses if name in known else {name}
        return Target(key, iri(address), classes, frozenset(superclasses) or None)

    def _class_key(self, name: str) -> str:
        """Return the key of a class that the authority names by its IRI."""
        if ":" in name and not self._class_keys:
            known = self.reading.ontology.classes.values()
            self._class_keys.update((term.iri, term.key) for term in known)
        return self._class_keys.get(name, name)

    def _complain(self, written: Scalar, owner: str) -> None:
        reading = self.reading
        named = reading.authority.names.bearer(written)
        keys = [*self.declared.nodes, *self.declared.groups, *reading.authority.entities]
        more = f"{str(written)!r} is the name of {named!r}" if named else ""
        what = f"{owner}: there is no entity or fact {str(written)!r}"
        reading.unknown(written, what, written, keys, more=more)
