"""Answers plans from one pool of workers and one cache, for threads and for an event loop alike.

`answer` is for threads (Flask), `start` for the service's own event loop (the gateway); both do the
same. A `Body` is a response with status 200, or 304 when the client has it already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from server.clients import OURSELVES
from server.limits import Limits
from server.sparql import answer
from server.sparql.answer import Body
from server.sparql.frames import Job
from server.sparql.plan import Plan
from server.sparql.pool import Pool, read_all


@dataclass(slots=True)
class Service:
    """The one way to have a query answered."""

    pool: Pool
    limits: Limits
    prefixes: Callable[[], Mapping[str, str]]

    def answer(
        self, plan: Plan, *, client: str, seconds: float | None = None, unless: str = ""
    ) -> Body:
        """Answer a plan; waits until its status is certain. The body must be closed.

        `client` is `clients.client(…)`; `seconds` is what the client gives the query, if less than
        the setting; `unless` is the value of If-None-Match.

        Raises:
            Problem: refused, failed, or stopped.
        """
        work = answer.job(plan, self.limits, self.prefixes())
        return answer.respond(work, self.pool, plan.media.content_type)

    def respond(
        self, job: Job, content_type: str, *, client: str = OURSELVES, unless: str = ""
    ) -> Body:
        """Answer one of this server's own queries, as `answer` does."""
        return answer.respond(job, self.pool, content_type)

    def read(self, job: Job, *, client: str = OURSELVES, seconds: float | None = None) -> bytes:
        """Return all bytes of an answer, for pages."""
        return read_all(self.pool.run(job))

    async def start(
        self, plan: Plan, *, client: str, seconds: float | None = None, unless: str = ""
    ) -> Body:
        """Do what `answer` does, in the service's own event loop."""
        raise NotImplementedError

    def warm(self, plans: Iterable[Plan]) -> None:
        """Have these answers ready, now and whenever another release goes live."""

    def close(self) -> None:
        """End all workers; answers under way break."""
        self.pool.close()
