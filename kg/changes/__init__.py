"""Writing: a change of a release, checked, versioned and reversible.

    writer = Writer(Releases(folder))
    outcome = writer.propose(Change(lambda store: store.update(text), graphs={graph}, by="anna"))
    outcome.release.id
    writer.prepare()  # when the answer is out, so that the next change is quicker

`Change` says what is wanted, `Writer` tries it on a copy and publishes or refuses, `Outcome` says
what came of it; `complete` makes the dumps of a written release, `between` compares two releases.
The errors are `Conflict`, `Rejected` and `ChangeError` of `kg.errors`.
"""

from __future__ import annotations

from kg.changes.between import between
from kg.changes.completion import complete
from kg.changes.delta import Delta, counted
from kg.changes.kept import KeptChange, KeptChanges, Signature
from kg.changes.patch import MEDIA_TYPE, Patch, read_patch, write_patch
from kg.changes.proposal import Change, Outcome
from kg.changes.writer import Writer

__all__ = [
    "MEDIA_TYPE",
    "Change",
    "Delta",
    "KeptChange",
    "KeptChanges",
    "Outcome",
    "Patch",
    "Signature",
    "Writer",
    "between",
    "complete",
    "counted",
    "read_patch",
    "write_patch",
]
