"""What a change of a release is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.changes.delta import Delta
from kg.releases import Release


@dataclass(frozen=True, slots=True)
class Change:
    """A change that somebody asks for.

    Attributes:
        apply: makes it in a copy of the current release's store, which nobody else sees. It leaves
            the default graph alone where that is the merge; what it raises goes to the caller.
        graphs: IRIs of the only graphs that it can write, "" for the default graph; None: any.
        candidates: the only quads that it can add or remove, when they are known beforehand: then
            nothing else is compared. Not for quads with blank nodes.
        by: who asks.
        request: what the request was, in a few words, such as `PUT /store?graph=…`.
        operation: what it does, such as `INSERT DATA`.
        expected: ids of the releases that it may change; None: whichever is current.
    """

    apply: Callable[[ox.Store], object]
    graphs: Collection[str] | None = None
    candidates: Iterable[ox.Quad] | None = None
    by: str = ""
    request: str = ""
    operation: str = ""
    expected: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a change.

    Attributes:
        release: the one that the change made, or the current one when it changed nothing.
        parent: the id of the one that was current before.
        delta: the quads added and removed, derived ones included; encoded terms.
        created: IRIs of the graphs that were not there before.
        dropped: IRIs of the graphs that are there no more.
    """

    release: Release
    parent: str
    delta: Delta = field(default_factory=Delta)
    created: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()

    @property
    def changed(self) -> bool:
        """Tell whether there is a new release."""
        return self.release.id != self.parent
