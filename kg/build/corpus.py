"""A corpus on its way into parts: in this process or in several, in constant memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Final

from kg.build.cache import Cache
from kg.build.parts import Batch, Outcome, Station
from kg.errors import ReleaseError

_WORTH_IT: Final = 8  # fewer batches are done sooner than processes are started
_AHEAD: Final = 4  # batches waiting for each process
_STATION: Final[list[Station]] = []  # the one of a worker process


def outcomes(
    station: Station, batches: Iterable[Batch], cache: Cache, *, jobs: int
) -> Iterator[Outcome]:
    """Yield what becomes of each batch, in no certain order; `jobs` 0 means one a core.

    Raises:
        ReleaseError: a process died, most likely for want of memory.
    """
    jobs = jobs or os.cpu_count() or 1
    waiting: list[Batch] = []
    crowd = _WORTH_IT if jobs > 1 else 1
    rest = iter(batches)
    for batch in rest:
        key = station.key(batch)
        if cache.read(key) is not None:
            yield Outcome(key)
            continue
        waiting.append(batch)
        if len(waiting) < crowd:
            continue
        if jobs > 1:
            break
        yield station.make(waiting.pop())
    if len(waiting) < crowd:
        yield from map(station.make, waiting)
        return
    with _pool(station, jobs) as pool:
        yield from _shared(pool, station, cache, waiting, rest, most=jobs * _AHEAD)


def _shared(
    pool: ProcessPoolExecutor,
    station: Station,
    cache: Cache,
    waiting: list[Batch],
    rest: Iterator[Batch],
    *,
    most: int,
) -> Iterator[Outcome]:
    running: set[Future[Outcome]] = {pool.submit(_make, batch) for batch in waiting}
    for batch in rest:
        key = station.key(batch)
        if cache.read(key) is not None:
            yield Outcome(key)
            continue
        running.add(pool.submit(_make, batch))
        if len(running) >= most:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    yield from (future.result() for future in running)


@contextmanager
def _pool(station: Station, jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Start processes afresh (spawn): a forked one would inherit threads' locks."""
    pool = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(station,)
    )
    try:
        yield pool
    except BrokenProcessPool as error:
        hint = (
            "it may have run out of memory: try --jobs 1\n"
            "a script that builds needs: if __name__ == '__main__':"
        )
        raise ReleaseError("a process that reads articles died", hint=hint) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(station: Station) -> None:
    _STATION.append(station)


def _make(batch: Batch) -> Outcome:
    return _STATION[-1].make(batch)
