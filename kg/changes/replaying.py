"""Making accepted changes again, on top of what a new build asserts.

A change fits when all that it removes is there and nothing that it adds is. One that the seeds have
taken over, so that all it adds is there and nothing that it removes, is made already. Everything
else is a conflict: somebody changed the same statements elsewhere, and a person has to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.changes.delta import Delta
from kg.changes.kept import KeptChange
from kg.changes.patch import read_patch
from kg.changes.patching import patched, present
from kg.errors import Conflict
from kg.iris import DEFAULT_BASE, Iris
from kg.releases.dataset import lines
from kg.releases.publishable import is_published
from kg.terms import Quad, line

_SHOWN: Final = 20  # quads of a conflict


@dataclass(frozen=True, slots=True)
class Replayed:
    """What changes came to on top of the seeds.

    Attributes:
        delta: the quads that they added and removed.
        gone: the published IRIs about which nothing is said any more.
    """

    delta: Delta
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NamedDelta:
    """A change and what people call it."""

    name: str
    delta: Delta


def changes_of_seeds(folder: Path, iris: Iris) -> list[NamedDelta]:
    """Read `*.rdfp`, in the order of their names; IRIs of the default base move to that of `iris`.

    Raises:
        DataError: a file is no RDF Patch.
    """
    return [
        NamedDelta(str(file), moved(read_patch(file).delta, DEFAULT_BASE, iris.base))
        for file in sorted(folder.glob("*.rdfp"))
    ]


def kept_changes(changes: Iterable[KeptChange]) -> list[NamedDelta]:
    """Read accepted changes."""
    return [NamedDelta(f"change {change.name}", change.delta()) for change in changes]


def replay(
    asserted: Path, output: Path, *, groups: Sequence[Sequence[NamedDelta]], iris: Iris
) -> Replayed:
    """Write a file of sorted N-Quads with changes made.

    Args:
        asserted: what the changes are made on.
        output: the file to write.
        groups: changes that belong together, in order. When what a whole group comes to is there
            already, none of it is made.
        iris: tells which IRIs are published.

    Raises:
        Conflict: a change cannot be made.
    """
    deltas = [change.delta for group in groups for change in group]
    touched = {quad for delta in deltas for quad in delta.added | delta.removed}
    here = present(lines(asserted), touched)
    whole = Delta()
    for group in groups:
        if _is_made(_sum(change.delta for change in group), here):
            continue
        for change in group:
            if not _is_made(change.delta, here):
                _refuse(change, here)
                here = here - change.delta.removed | change.delta.added
                whole = whole.then(change.delta)
    removed = {quad.subject for delta in deltas for quad in delta.removed}
    gone = {subject.encode() for subject in removed if is_published(subject, iris)}
    with output.open("wb") as out:
        for row in patched(lines(asserted), whole):
            out.write(row)
            if gone:
                gone.discard(row[: row.index(b" ")])
    return Replayed(whole, frozenset(name[1:-1].decode() for name in gone))


def moved(delta: Delta, old: str, new: str) -> Delta:
    """Return a change whose IRIs stand under another base; terms of the ontology stay."""
    if old == new:
        return delta

    def move(term: str) -> str:
        begin = f"<{old}"
        is_moved = term.startswith(begin) and not term.startswith(f"<{DEFAULT_BASE}ontology")
        return f"<{new}{term[len(begin) :]}" if is_moved else term

    def all_of(quads: frozenset[Quad]) -> frozenset[Quad]:
        return frozenset(Quad(*map(move, quad)) for quad in quads)

    return Delta(added=all_of(delta.added), removed=all_of(delta.removed))


def _sum(deltas: Iterable[Delta]) -> Delta:
    whole = Delta()
    for delta in deltas:
        whole = whole.then(delta)
    return whole


def _is_made(delta: Delta, here: set[Quad]) -> bool:
    return delta.added <= here and not delta.removed & here


def _refuse(change: NamedDelta, here: set[Quad]) -> None:
    missing = [f"no longer there: {line(quad)}" for quad in change.delta.removed - here]
    double = [f"there already: {line(quad)}" for quad in change.delta.added & here]
    wrong = sorted([*missing, *double])
    if not wrong:
        return
    shown = [row.rstrip() for row in wrong[:_SHOWN]] + ["…"] * (len(wrong) > _SHOWN)
    advice = "change the seeds, or: unipact changes export, unipact build --drop-changes"
    hint = "\n".join([*shown, advice])
    raise Conflict(f"{change.name} cannot be made on top of the seeds", hint=hint)
