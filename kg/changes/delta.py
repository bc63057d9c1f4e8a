"""What a change adds to a dataset and what it takes away."""

from __future__ import annotations

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

    def then(self, later: Delta) -> Delta:
        """Return what both come to, one after the other."""
        return Delta(
            added=(self.added - later.removed) | (later.added - self.removed),
            removed=(self.removed - later.added) | (later.removed - self.added),
        )
