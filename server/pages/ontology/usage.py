"""How often terms are used, from the description of a release (VoID)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from kg.prefixes import VOCABULARIES
from kg.releases import Release

_VOID = VOCABULARIES["void"]
_COUNTS = {"class": "entities", "property": "triples"}


def uses(release: Release) -> Mapping[str, int] | None:
    """Return class → instances and property → statements, None when they were not counted."""
    return _read(release.description, release.manifest.pending) or None


@lru_cache(maxsize=4)
def _read(description: Path, pending: bool) -> Mapping[str, int]:
    """Read a description; `pending` is there so that a brief one is read again when it is full."""
    terms: dict[str, tuple[str, str]] = {}
    numbers: dict[tuple[str, str], int] = {}
    try:
        for quad in ox.parse(path=str(description), format=ox.RdfFormat.TURTLE):
            name = quad.predicate.value.removeprefix(_VOID)
            node = str(quad.subject)
            if name in _COUNTS and isinstance(quad.object, ox.NamedNode):
                terms[node] = quad.object.value, _COUNTS[name]
            elif name in _COUNTS.values() and isinstance(quad.object, ox.Literal):
                numbers[node, name] = int(quad.object.value)
    except (OSError, SyntaxError, ValueError):
        return {}
    return {
        term: numbers[node, count]
        for node, (term, count) in terms.items()
        if (node, count) in numbers
    }
