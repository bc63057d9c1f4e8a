"""What two releases differ in, arranged to be read: by kind of graph, by kind of thing, by thing.

Comparing may read both releases through, so what was found is kept for a while, only one
comparison runs at a time, and releases that are too large are left to the command line.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg.changes import Delta, between
from kg.errors import KgError
from kg.prefixes import VOCABULARIES
from kg.releases import Release, Releases
from kg.releases.dataset import Graphs
from kg.releases.stores import decode
from server.problems import Problem

_MOST: Final = 250_000  # quads that are read through for a comparison
_LARGEST: Final = 32 << 20  # bytes of the patches that lie between two releases
_KEPT: Final = 4  # comparisons
_STEPS: Final = 200  # changes that may lie between two releases
_TYPE: Final = f"<{VOCABULARIES['rdf']}type>"
_UP: Final = f"<{VOCABULARIES['up']}"
_NAMES: Final = tuple(
    f"<{VOCABULARIES[prefix]}{name}>"
    for prefix, name in (("skos", "prefLabel"), ("dcterms", "title"))
)


@dataclass(frozen=True, slots=True)
class Line:
    """A statement that one release has and the other has not; terms are encoded."""

    added: bool
    subject: str
    predicate: str
    object: str
    graph: str  # its kind
    derived: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """How much was added and removed of something."""

    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a release adds to an older one and takes away from it.

    Attributes:
        old: the id of the older one.
        new: the id of the newer one.
        delta: the same, as it was found.
        lines: all statements, those that somebody wrote before those that rules made.
        graphs: statements by kind of graph.
        kinds: things that were added or removed, by their class (an IRI).
        names: names of things that the statements give themselves: (text, language).
    """

    old: str
    new: str
    delta: Delta
    lines: tuple[Line, ...]
    graphs: Mapping[str, Sums]
    kinds: Mapping[str, Sums]
    names: Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class Comparisons:
    """Makes comparisons one at a time, and keeps the last ones."""

    _kept: OrderedDict[tuple[str, str], Comparison] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, releases: Releases, old: Release, new: Release) -> Comparison:
        """Return what two releases differ in.

        Raises:
            Problem: they are too large to be compared here, one is damaged, or others wait.
        """
        if not self._lock.acquire(timeout=5):
            raise Problem("busy", "other releases are being compared", headers={"Retry-After": "5"})
        try:
            return self._found(releases, old, new)
        finally:
            self._lock.release()

    def _found(self, releases: Releases, old: Release, new: Release) -> Comparison:
        key = (old.id, new.id)
        if key not in self._kept:
            _check_size(releases, old, new)
            try:
                delta = between(releases, old, new)
            except KgError as error:
                detail = "the releases cannot be compared: one of them is damaged"
                raise Problem("internal", detail) from error
            self._kept[key] = compared(old, new, delta)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


def compared(old: Release, new: Release, delta: Delta) -> Comparison:
    """Arrange a delta."""
    lines = tuple(sorted(_lines(delta, Graphs(new.manifest.base)), key=_order))
    return Comparison(
        old=old.id,
        new=new.id,
        delta=delta,
        lines=lines,
        graphs=_sums((line.graph, line.added) for line in lines),
        kinds=_sums(_kinds(lines)),
        names=_names(lines),
    )


def _check_size(releases: Releases, old: Release, new: Release) -> None:
    hint = f"on the machine itself: unipact releases diff {old.id} {new.id}"
    way = _way(releases, old.id, new) or _way(releases, new.id, old)
    if way is None:
        if old.manifest.quads + new.manifest.quads > _MOST:
            detail = "these releases are too large to be compared over HTTP"
            raise Problem("result-too-large", detail, hint=hint)
    elif sum(release.patch.stat().st_size for release in way) > _LARGEST:
        detail = "too much has changed between these releases to be shown over HTTP"
        raise Problem("result-too-large", detail, hint=hint)


def _way(releases: Releases, first: str, last: Release) -> list[Release] | None:
    """Return the releases by whose changes one becomes the other; None: there is no such way."""
    way: list[Release] = []
    at = last
    while at.id != first:
        if not at.manifest.parent or not at.patch.is_file() or len(way) > _STEPS:
            return None
        way.append(at)
        try:
            at = Release.open(releases.root / at.manifest.parent)
        except KgError:
            return None
    return way


def _lines(delta: Delta, graphs: Graphs) -> Iterator[Line]:
    for quads, added in ((delta.added, True), (delta.removed, False)):
        for quad in quads:
            kind, derived = graphs.kind(quad.graph), graphs.is_derived(quad.graph)
            yield Line(added, quad.subject, quad.predicate, quad.object, kind, derived)


def _order(line: Line) -> tuple[bool, str, str, str, bool, str]:
    return line.derived, line.subject, line.predicate, line.object, line.added, line.graph


def _kinds(lines: Iterable[Line]) -> Iterator[tuple[str, bool]]:
    for line in lines:
        if line.predicate == _TYPE and line.object.startswith(_UP) and not line.derived:
            yield line.object[1:-1], line.added


def _sums(marked: Iterable[tuple[str, bool]]) -> dict[str, Sums]:
    counted = Counter(marked)
    return {
        name: Sums(counted[name, True], counted[name, False])
        for name in sorted({name for name, _ in counted})
    }


def _names(lines: Iterable[Line]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what things are called by the statements themselves, so that removed ones are, too."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        if line.predicate in _NAMES and isinstance(term := decode(line.object), ox.Literal):
            found.setdefault(line.subject[1:-1], []).append((term.value, term.language or ""))
    return {iri: tuple(names) for iri, names in found.items()}
