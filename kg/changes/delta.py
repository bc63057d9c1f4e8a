"""What a change adds to a dataset and what it takes away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kg.terms import Quad


@dataclass(frozen=True, slots=True)
class Delta:
    """Quads added and removed, in encoded terms; no quad is in both.

    Added ones were not there before, removed ones were: so `inverse` undoes exactly what was done.
    """

    added: frozenset[Quad] = frozenset()
    removed: frozenset[Quad] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def inverse(self) -> Delta:
        """Return the delta that undoes this one."""
        return Delta(added=self.removed, removed=self.added)

    @property
    def quads(self) -> frozenset[Quad]:
        """Return all quads that it adds or removes."""
        return self.added | self.removed

    @property
    def graphs(self) -> frozenset[str]:
        """Return the encoded names of the graphs that it changes."""
        return frozenset(quad.graph for quad in self.quads)

    def then(self, later: Delta) -> Delta:
        """Return what both come to, one after the other."""
        return Delta(
            added=(self.added - later.removed) | (later.added - self.removed),
            removed=(self.removed - later.added) | (later.removed - self.added),
        )

    def only(self, keeps: Callable[[Quad], bool]) -> Delta:
        """Return what it does to the quads that `keeps` is true of."""
        return Delta(
            added=frozenset(filter(keeps, self.added)),
            removed=frozenset(filter(keeps, self.removed)),
        )


def counted(quads: Iterable[Quad]) -> Mapping[str, int]:
    """Return how many of some quads are in each graph, by IRI, sorted."""
    counts = Counter(quad.graph[1:-1] for quad in quads)
    return dict(sorted(counts.items()))
