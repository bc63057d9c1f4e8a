"""What a client is told when a query is refused, stopped or fails."""

from __future__ import annotations

from collections.abc import Mapping

from server.limits import Limits
from server.problems import Problem
from server.sparql.frames import Job
from server.sparql.syntax import syntax_problem

_LESS = "ask for less: name a class or an IRI, add LIMIT; or load a dump: /download/"


def of_engine(error: Mapping[str, str], job: Job) -> Problem:
    """Turn what a worker says about a failed job into a problem."""
    match error["kind"]:
        case "syntax":
            return syntax_problem(job.query, error["message"])
        case "too-large":
            detail = f"the answer has more than {job.result_bytes:,} bytes"
            hint = f"add LIMIT, or load a dump: /download/. {Limits.raising('result_bytes')}"
            return Problem("result-too-large", detail, hint=hint)
        case "memory":
            detail = "the query needs more memory than is allowed"
            return Problem("engine-stopped", detail, hint=Limits.raising("query_memory"))
        case _:
            return Problem("engine-stopped", "the engine could not finish this query")


def timeout(seconds: float) -> Problem:
    """The query was stopped at its deadline."""
    return Problem("timeout", f"the query was stopped after {seconds:g} seconds", hint=_LESS)


def died() -> Problem:
    """The worker ended by itself."""
    detail = "the query's process ended; it took too much memory or nests too deep"
    return Problem("engine-stopped", detail, hint="ask for less, or with fewer brackets")


def no_store(release: str) -> Problem:
    """No worker can open the store."""
    return Problem("no-release", f"the store of release {release} does not open")


def ending() -> Problem:
    """The server ends, or nobody wants the answer any more."""
    return Problem("busy", "this server is about to end", headers={"Retry-After": "5"})


def busy(limits: Limits) -> Problem:
    """No worker came free in time."""
    return Problem(
        "busy",
        f"all query processes were busy for {limits.query_wait:g} seconds",
        hint="try again after a while",
        headers={"Retry-After": "5"},
    )


def full(limits: Limits, *, client: bool) -> Problem:
    """There is no room to wait, for anybody or for this client."""
    if client:
        detail = f"{limits.client_queue} of your queries wait already"
        hint = f"wait for an answer before asking on; {Limits.raising('client_queue')}"
        return Problem("too-many", detail, hint=hint, headers={"Retry-After": "5"})
    detail = f"{limits.queue_length} queries wait already"
    return Problem("busy", detail, hint="try again after a while", headers={"Retry-After": "5"})
