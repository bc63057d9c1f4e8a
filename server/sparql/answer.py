"""A plan, carried out: headers and body of the response, whatever serves it.

The first piece is awaited before there is a status line, so that an error is a problem with its own
status. What fails later raises `Broken` while the body is read, and the connection has to break:
nothing half may look whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.limits import Limits
from server.sparql.frames import Job
from server.sparql.plan import Plan
from server.sparql.pool import Answer, Pool


@dataclass(frozen=True, slots=True)
class Body:
    """A response with status 200; `pieces` must be closed."""

    headers: Mapping[str, str]
    answer: Answer

    def pieces(self) -> Iterator[bytes]:
        """Yield the body.

        Raises:
            Broken: it stops short.
        """
        try:
            yield self.answer.first
            yield from self.answer.rest
        finally:
            self.answer.close()


def job(plan: Plan, limits: Limits, prefixes: Mapping[str, str]) -> Job:
    """Return what a worker has to do; without a dataset of its own, a request asks the merge."""
    return Job(
        query=plan.query,
        format="rows" if plan.media.name == "html" else plan.media.name,
        default_graphs=plan.default_graphs,
        named_graphs=plan.named_graphs,
        result_bytes=limits.result_bytes,
        page_rows=limits.page_rows,
        prefixes=dict(prefixes),
        base=plan.base,
        merge_triples=limits.merge_triples,
    )


def respond(work: Job, pool: Pool, content_type: str) -> Body:
    """Run a job until its first piece is there.

    Raises:
        Problem: the query failed before that.
    """
    answer = pool.run(work)
    headers = {"Content-Type": content_type, "Vary": "Accept", "X-Release": answer.release}
    if answer.whole:
        headers["Content-Length"] = str(len(answer.first))
    return Body(headers, answer)
