"""No client can keep the others from being answered."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.releases import Releases
from server.clients import client, networks
from server.limits import Limits
from server.problems import Problem
from server.sparql.frames import Job
from server.sparql.pool import Pool
from server.sparql.queue import FairQueue, Full
from server.sparql.run import Run

COUNT = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o}"
ROWS = COUNT.replace("(COUNT(*) AS ?n)", "*")
LIMITS = Limits(query_workers=3, short_seconds=0.1, query_seconds=20.0, client_queue=10)


@pytest.fixture
def pool(releases: Path) -> Iterator[Pool]:
    pool = Pool(Releases(releases).current, LIMITS)
    yield pool
    pool.close()


def within(pool: Pool, work: Coroutine[Any, Any, Any]) -> Any:
    return pool.portal.wait(work)


async def crowd(pool: Pool, name: str, count: int, query: str = COUNT) -> list[Run]:
    """Let a client ask many heavy queries, and wait until all that may have become long ones."""
    runs = [pool.submit(Job(f"{query}#{n}", "csv"), client=name) for n in range(count)]
    while not any(run.worker and run.long for run in runs):
        await asyncio.sleep(0.01)
    return runs


def running(runs: list[Run]) -> int:
    return sum(run.worker is not None for run in runs)


def test_light_query_is_answered_while_another_client_has_ten_heavy_ones(pool: Pool) -> None:
    async def both() -> list[bytes]:
        await crowd(pool, "heavy", 10)
        return [
            (await pool.start(Job(f"ASK {{ {n} ?p ?o }}", "csv"), client="light")).first
            for n in range(20)
        ]

    assert within(pool, both()) == [b"false"] * 20


def test_client_holds_at_most_its_share(pool: Pool) -> None:
    async def held() -> int:
        return running(await crowd(pool, "heavy", 10))

    assert within(pool, held()) <= 2


def test_place_for_a_long_query_is_left_to_another_client(pool: Pool) -> None:
    async def both() -> tuple[int, int]:
        first = await crowd(pool, "one", 5)
        second = await crowd(pool, "two", 5)
        return sum(run.long and run.worker is not None for run in first), running(second)

    long_ones, others = within(pool, both())

    assert long_ones == 1
    assert others >= 1


def test_long_query_that_had_to_leave_is_answered_later(pool: Pool) -> None:
    """It ran out of its short time, with no place for a long one, and starts again."""

    async def both() -> int:
        first, *others = await crowd(pool, "one", 3)
        moved = others[0]
        while not (moved.long and moved.worker is None):
            await asyncio.sleep(0.01)
        pool.abandon(first)
        pool.abandon(others[1])
        while moved.worker is None:
            await asyncio.sleep(0.01)
        return pool.replaced

    assert within(pool, both()) >= 2


def test_answer_is_whole_although_it_had_to_start_again(pool: Pool) -> None:
    query = f"{ROWS} LIMIT 6000"

    async def both() -> int:
        first, *_ = await crowd(pool, "one", 1)
        asking = asyncio.ensure_future(pool.start(Job(query, "csv"), client="one"))
        await asyncio.sleep(0)
        pool.abandon(first)
        stream = await asking
        rows = stream.first.count(b"\n")
        while piece := await stream.piece():
            rows += piece.count(b"\n")
        return rows

    assert within(pool, both()) == 6001


def test_client_with_a_full_queue_is_told_and_others_are_not(pool: Pool) -> None:
    async def both() -> tuple[Problem, bytes]:
        refused: list[Problem] = []
        for n in range(LIMITS.client_queue + 4):
            try:
                pool.submit(Job(f"{COUNT}#{n}", "csv"), client="heavy")
            except Problem as problem:
                refused.append(problem)
        return refused[-1], (await pool.start(Job("ASK {}", "csv"), client="light")).first

    problem, answer = within(pool, both())

    assert (problem.status, answer) == (429, b"true")
    assert problem.headers["Retry-After"]


def test_clients_own_time_is_kept(pool: Pool) -> None:
    with pytest.raises(Problem) as stopped:
        pool.run(Job(COUNT, "csv"), seconds=0.05)

    assert "0.05 seconds" in stopped.value.detail


def test_client_cannot_have_more_time_than_is_allowed(releases: Path) -> None:
    pool = Pool(Releases(releases).current, Limits(query_workers=1, query_seconds=0.05))

    with pytest.raises(Problem) as stopped:
        pool.run(Job(COUNT, "csv"), seconds=1000)

    pool.close()
    assert "0.05 seconds" in stopped.value.detail


def test_clients_take_turns() -> None:
    queue: FairQueue[str] = FairQueue(100, 100)
    for thing in ("a1", "a2", "a3", "b1", "c1", "b2"):
        queue.put(thing, thing[0])

    order = [found[0] for _ in range(6) if (found := queue.next(lambda thing, client: True))]

    assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_what_may_not_go_yet_is_passed_over() -> None:
    queue: FairQueue[str] = FairQueue(100, 100)
    for thing in ("a1", "a2", "b1"):
        queue.put(thing, thing[0])

    assert queue.next(lambda thing, client: thing != "a1") == ("a2", "a")
    assert queue.next(lambda thing, client: thing != "a1") == ("b1", "b")
    assert queue.next(lambda thing, client: thing != "a1") is None
    assert len(queue) == 1


def test_what_waits_for_two_clients_goes_once() -> None:
    queue: FairQueue[str] = FairQueue(100, 100)
    queue.put("first", "a")
    queue.put("shared", "a")
    queue.put("shared", "b")

    assert queue.next(lambda thing, client: True) == ("first", "a")
    assert queue.next(lambda thing, client: True) == ("shared", "b")
    assert queue.next(lambda thing, client: True) is None


def test_what_waits_twice_for_one_client_goes_once() -> None:
    queue: FairQueue[str] = FairQueue(100, 100)
    queue.put("shared", "a")
    queue.put("shared", "a")

    assert queue.next(lambda thing, client: True) == ("shared", "a")
    assert queue.next(lambda thing, client: True) is None


@pytest.mark.parametrize(("own", "most"), [(True, (100, 1)), (False, (1, 100))])
def test_full_queue_says_whose_it_is(own: bool, most: tuple[int, int]) -> None:
    queue: FairQueue[str] = FairQueue(*most)
    queue.put("first", "a")

    with pytest.raises(Full) as full:
        queue.put("second", "a")

    assert full.value.client is own


@pytest.mark.parametrize(
    ("peer", "forwarded", "name"),
    [
        ("1.2.3.4", "", "1.2.3.4"),
        ("1.2.3.4", "9.9.9.9", "1.2.3.4"),
        ("10.0.0.1", "9.9.9.9", "9.9.9.9"),
        ("10.0.0.1", "6.6.6.6, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
        ("10.0.0.1", "rubbish", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("::ffff:1.2.3.4", "", "1.2.3.4"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("", "", ""),
    ],
)
def test_client_is_its_address_unless_a_listed_proxy_says_another(
    peer: str, forwarded: str, name: str
) -> None:
    assert client(peer, forwarded, proxies=networks("10.0.0.0/8")) == name
