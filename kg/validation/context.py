"""What the shapes look up beside an article: the class tree, and the concepts it uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.prefixes import VOCABULARIES
from kg.terms import Quad

_SUBCLASS: Final = f"<{VOCABULARIES['rdfs']}subClassOf>"
_TYPE: Final = f"<{VOCABULARIES['rdf']}type>"
_MEMBER: Final = f"<{VOCABULARIES['skos']}member>"
_BROADER: Final = f"<{VOCABULARIES['skos']}broader>"
_OF_CONCEPTS: Final = (_TYPE, _BROADER, f"<{VOCABULARIES['skos']}inScheme>")


@dataclass(frozen=True, slots=True)
class Context:
    """The part of an ontology that validation needs, ready to be picked from."""

    classes: tuple[Quad, ...]
    _by_concept: Mapping[str, Sequence[Quad]]

    @classmethod
    def of(cls, ontology: Iterable[Quad]) -> Context:
        """Pick what is needed from the quads of an ontology."""
        quads = list(ontology)
        concepts = {quad.subject for quad in quads if quad.predicate == _OF_CONCEPTS[2]}
        found: dict[str, list[Quad]] = defaultdict(list)
        for quad in quads:
            if quad.predicate == _MEMBER:
                found[quad.object].append(quad)
            elif quad.predicate in _OF_CONCEPTS and quad.subject in concepts:
                found[quad.subject].append(quad)
        classes = tuple(quad for quad in quads if quad.predicate == _SUBCLASS)
        return cls(classes, dict(found))

    def about(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yield the class tree, and the concepts that are values in the quads, with those above."""
        yield from self.classes
        ahead = sorted({quad.object for quad in quads} & self._by_concept.keys())
        known = set(ahead)
        while ahead:
            for quad in self._by_concept[ahead.pop()]:
                yield quad
                above = quad.object
                if quad.predicate == _BROADER and above in self._by_concept and above not in known:
                    known.add(above)
                    ahead.append(above)
