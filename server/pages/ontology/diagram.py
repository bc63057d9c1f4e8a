"""The picture of the classes: trees, each class on a line below the one that it is a kind of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from server.pages.naming import Name
from server.pages.ontology.terms import Term

LINE: Final = 24  # pixels
INDENT: Final = 22
_WIDE: Final = 8  # pixels of a character, about
_DEEP: Final = 12  # levels


@dataclass(frozen=True, slots=True)
class Box:
    """A class at a place of its tree; `up` is how far above its parent stands, 0 for a root."""

    iri: str
    key: str
    name: Name
    x: int
    y: int
    up: int
    uses: int | None


@dataclass(frozen=True, slots=True)
class Tree:
    """A root with all below it."""

    name: Name
    boxes: tuple[Box, ...]
    width: int
    height: int


def trees(terms: Mapping[str, Term]) -> list[Tree]:
    """Return the trees of the classes, large ones first; a class below two stands in both."""
    classes = {iri: term for iri, term in terms.items() if term.kind == "class"}
    roots = [iri for iri, term in classes.items() if not classes.keys() & set(term.over)]
    found = [_tree(root, classes) for root in roots]
    return sorted(found, key=lambda tree: (-len(tree.boxes), tree.boxes[0].iri))


def _tree(root: str, classes: Mapping[str, Term]) -> Tree:
    boxes: list[Box] = []
    lines: dict[int, int] = {}  # the last line of each level
    for iri, level in _walk(root, classes, 0, frozenset()):
        y = LINE * len(boxes)
        term = classes[iri]
        up = y - lines[level - 1] if level else 0
        boxes.append(Box(iri, term.key, term.name, INDENT * level, y, up, term.uses))
        lines[level] = y
    width = max(box.x + _WIDE * (len(box.name.text) + 8) for box in boxes) + 30
    return Tree(classes[root].name, tuple(boxes), width, LINE * len(boxes) + 4)


def _walk(
    iri: str, classes: Mapping[str, Term], level: int, above: frozenset[str]
) -> Iterator[tuple[str, int]]:
    yield iri, level
    if level < _DEEP and iri not in above:
        for under in classes[iri].under:
            if under in classes and under not in above:
                yield from _walk(under, classes, level + 1, above | {iri})
