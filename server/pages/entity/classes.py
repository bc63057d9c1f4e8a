"""The tree of classes, as far as pages need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.pages.entity.said import full
from server.pages.naming import kept
from server.site import Site


@dataclass(frozen=True, slots=True)
class Classes:
    """The tree: class → all classes above it, and class → those right below it."""

    above: Mapping[str, frozenset[str]]
    below: Mapping[str, frozenset[str]]

    def own(self, classes: Iterable[str]) -> list[str]:
        """Return the classes that are above no other one; ours alone, if there are any."""
        known = set(classes)
        ours = {iri for iri in known if iri.startswith(full("up:"))} or known
        general = {over for iri in ours for over in self.above.get(iri, ())}
        return sorted(ours - general)

    def kinds_of(self, name: str) -> frozenset[str]:
        """Return the classes right below the one with a prefixed name."""
        return self.below.get(full(name), frozenset())

    def has(self, classes: Iterable[str], name: str) -> bool:
        """Tell whether one of the classes is, or is below, the one with a prefixed name."""
        wanted = full(name)
        return any(wanted == iri or wanted in self.above.get(iri, ()) for iri in classes)


def read(site: Site) -> Classes:
    """Return the tree of the release in force."""
    direct: dict[str, set[str]] = {}
    for row in kept(site, "class-tree"):
        direct.setdefault(row["class"][1], set()).add(row["super"][1])
    below: dict[str, set[str]] = {}
    for iri, over in direct.items():
        for one in over:
            below.setdefault(one, set()).add(iri)
    return Classes(
        {iri: frozenset(_above(iri, direct)) for iri in direct},
        {iri: frozenset(under) for iri, under in below.items()},
    )


def _above(iri: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = set(direct.get(iri, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting |= direct.get(one, set())
    return found - {iri}
