"""Asking an engine the rewritten query, and the original when it refuses that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from server.sparql.frames import Job
from server.sparql.rewriting import rewrite, switches
from server.sparql.statistics import Statistics


@dataclass(slots=True)
class Rewriter:
    """Rewrites the jobs of one store, inside of the process that has it open.

    So numbers and answers always come from the same release, and whatever a text does to the time
    that rewriting takes is under the deadline of its query.
    """

    statistics: Statistics
    _names: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Callable[[str], Mapping[str, Any]]) -> Rewriter:
        """Return the rewriter of a store; `rows` is that of `Statistics`."""
        return cls(Statistics(rows))

    def ask(self, job: Job, switch: str, ask: Callable[[Job], Any]) -> Any:
        """Ask a job, rewritten as `switch` (the setting `rewriting`) says.

        Raises:
            SyntaxError: the engine refuses the query as written; the message speaks of that.
        """
        if switch not in self._names:
            self._names[switch] = switches(switch)
        own = job.default_graphs is None and job.named_graphs is None
        changed = rewrite(
            job.query, statistics=self.statistics if own else None, names=self._names[switch]
        )
        if changed != job.query:
            with suppress(SyntaxError):
                return ask(replace(job, query=changed))
        return ask(job)
