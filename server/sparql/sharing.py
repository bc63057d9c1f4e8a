"""How the workers are shared. No I/O, no clock.

With N workers:

1. A client holds at most all but one of them, so that another client's query finds one free; one
   that is only starting is none of them.
2. A query starts on any free worker. After `short_seconds`, or with more than `SHARED` bytes of
   answer, it is a long one and needs one of N-1 places, of which a client has at most half. When
   none is free, it is ended, waits for one, and starts again: nothing of it has been sent yet.
   So one worker is always back within `short_seconds`. An answer of more than `HELD` bytes that
   takes its time goes out at once if there is such a place, and is held back if not.
3. Whoever waits is served in turns, client after client.
4. A worker busy for a while lets all others go first on the processors.

With one worker there is nothing to share out, and only 3 and 4 hold.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from server.sparql.crew import Crew


@dataclass(frozen=True, slots=True)
class Sharing:
    """Rules 1 and 2, as to who may have what of a crew now."""

    crew: Crew
    workers: int

    def has_worker(self, client: str) -> bool:
        """Tell whether a client may have a worker, if one is free."""
        held = sum(run.client == client for run in self.crew.runs())
        if not held or self.workers == 1:
            return True
        return held < len(self.crew.idle) + len(self.crew.busy) - 1  # of those there are now

    def has_long_place(self, client: str) -> bool:
        """Tell whether a client may have one of the places for long queries."""
        places = self.workers - 1
        if not places:
            return True
        taken = Counter(run.client for run in self.crew.runs() if run.long)
        return taken.total() < places and taken[client] < (places + 1) // 2
