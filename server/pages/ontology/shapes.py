"""What the shapes of a release demand of each term, in their own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from kg.prefixes import VOCABULARIES

_SH = VOCABULARIES["sh"]
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "path")


@lru_cache(maxsize=4)
def messages(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Return term → messages of the shapes that aim at it; a release's shapes never change."""
    shapes: dict[str, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for file in sorted(folder.rglob("*.ttl")):
        for triple in _read(file):
            name = triple.predicate.value
            if name.startswith(_SH):
                shapes[str(triple.subject)][name.removeprefix(_SH)].append(triple.object)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for shape in shapes.values():
        told = dict.fromkeys(_told(shape, shapes))
        for target in _aims(shape):
            found[target] |= told
    return {term: tuple(told) for term, told in found.items()}


def _read(file: Path) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)
    except (OSError, SyntaxError):
        return  # the rest of the page does not depend on it


def _aims(shape: Mapping[str, list[object]]) -> Iterator[str]:
    for name in _TARGETS:
        for term in shape.get(name, ()):
            if isinstance(term, ox.NamedNode):
                yield term.value


def _told(
    shape: Mapping[str, list[object]], shapes: Mapping[str, Mapping[str, list[object]]]
) -> Iterator[str]:
    """Yield the messages of a shape and of the properties of it."""
    for message in shape.get("message", ()):
        if isinstance(message, ox.Literal) and message.language in (None, "en"):
            yield message.value
    for part in shape.get("property", ()):
        yield from _told(shapes.get(str(part), {}), {})
