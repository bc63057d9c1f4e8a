"""Writing: a change is tried on a copy of the current release, checked, and published or refused.

The copy is made of hard links, so its size does not matter. Nothing here takes longer for a larger
graph, except comparing graphs when nobody knows which quads a change can touch. What does take
longer, dumps and the label index, is made afterwards; see `kg.changes.completion`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kg.changes.attempt import STEPS, Attempt
from kg.changes.copies import Copies
from kg.changes.criteria import Criteria
from kg.changes.proposal import Change, Outcome
from kg.disk import explained
from kg.errors import Conflict
from kg.progress import Progress, Silent
from kg.releases import Releases

_WAIT: Final = 10.0  # seconds


@dataclass(slots=True)
class Writer:
    """Writes to one folder of releases; keeps parsed rules and shapes from change to change.

    Any number of processes may have one: their changes come one after the other. A process that is
    killed in the midst of a change leaves the release before it or the one after it, each whole.

    Attributes:
        releases: the folder.
        wait: for how many seconds to wait for others who write.
        progress: is told of each of `STEPS` before it is taken.
    """

    releases: Releases
    wait: float = _WAIT
    progress: Progress = field(default_factory=Silent)
    _criteria: Criteria = field(default_factory=Criteria)
    _copies: Copies = field(init=False)

    def __post_init__(self) -> None:
        self._copies = Copies(self.releases)

    def propose(self, change: Change) -> Outcome:
        """Make a change, check it, and publish what comes of it as the current release.

        A change that changes nothing publishes nothing.

        Raises:
            Conflict: another release is current than the one that was expected.
            Rejected: the change would bring violations; it carries them.
            ChangeError: it writes where nobody may, or brings back what was purged.
            DataError: it writes a term of RDF 1.2.
            ReleaseError: there is no release, another process keeps writing, or the disk refuses.
                Whatever is raised, the current release stays as it was.
        """
        with self.releases.lock(wait=self.wait), explained("write a release"):
            parent = self.releases.current()
            if change.expected is not None and parent.id not in change.expected:
                hint = f"it is {parent.id} now; look at what changed, and try again"
                raise Conflict("another release is current than was expected", hint=hint)
            self.progress.step(STEPS[0], 0, len(STEPS))
            criteria = self._criteria.of(parent)
            with self._copies.taken(parent) as copy:
                return Attempt(self.releases, change, copy, parent, criteria, self.progress).make()

    def prepare(self) -> None:
        """Do beforehand what the next change needs: parse rules and shapes, copy the store.

        To be called when a change has been answered; without it, the next one takes longer. Now
        and then it tidies the store, which takes seconds for a large one and holds up nobody else.

        Raises:
            ReleaseError: there is no release, another process keeps writing, or the disk refuses.
        """
        with self.releases.lock(wait=self.wait), explained("prepare a change"):
            current = self.releases.current()
            self._criteria.of(current)
            self._copies.prepare(current)
        with explained("prepare a change"):
            self._copies.compact()

    def close(self) -> None:
        """Remove what was prepared."""
        self._copies.discard()
