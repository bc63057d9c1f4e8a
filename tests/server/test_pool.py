"""The pool of query workers, seen from inside the server."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.releases import Releases
from server.limits import Limits
from server.sparql.frames import Job
from server.sparql.pool import Broken, Pool, read_all
from server.sparql.run import SHARED
from tests.server.running.conftest import until

MANY = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 20000"


@pytest.fixture
def pool(releases: Path) -> Iterator[Pool]:
    pool = Pool(Releases(releases).current, Limits(query_workers=1))
    yield pool
    pool.close()


def test_answer_closed_late_does_not_give_back_what_another_uses(pool: Pool) -> None:
    whole = pool.run(Job("ASK {}", "json"))
    streamed = pool.run(Job(MANY, "csv"))

    whole.close()

    assert pool.status()["busy"] == 1
    assert read_all(streamed).count(b"\n") == 20001


def test_many_clients_each_get_their_own_answer(pool: Pool) -> None:
    def ask(number: int) -> bytes:
        return read_all(pool.run(Job(f"SELECT ({number} AS ?n) {{}}", "csv")))

    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(ask, range(200)))

    assert answers == [f"n\r\n{number}\r\n".encode() for number in range(200)]
    assert pool.status()["replaced"] == 0


def test_abandoned_answer_ends_its_worker(pool: Pool) -> None:
    answer = pool.run(Job(MANY, "json"))
    before = pool.pids()

    answer.close()

    assert read_all(pool.run(Job("ASK {}", "json")))
    assert not set(before) & set(pool.pids())


def test_worker_has_no_environment_of_ours(pool: Pool) -> None:
    read_all(pool.run(Job("ASK {}", "json")))
    worker = pool.pids()[0]

    names = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")

    assert {name.split(b"=")[0] for name in names if name} == {b"PYTHONPATH", b"LC_ALL"}


def test_closed_pool_leaves_no_process(pool: Pool) -> None:
    answer = pool.run(Job(MANY, "json"))
    workers = pool.pids()

    pool.close()

    answer.close()
    assert workers
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def ends(pid: int) -> None:
    """Kill a process and wait until it has gone; nobody else is told in the meantime."""
    life = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    select.select([life], [], [])
    os.close(life)


def test_query_sent_to_a_worker_that_has_just_gone_runs_on_another(pool: Pool) -> None:
    read_all(pool.run(Job("ASK {}", "json")))

    async def asked() -> bytes:
        ends(pool.pids()[0])
        return (await pool.start(Job("ASK {}", "json"))).first

    assert b"true" in pool.portal.wait(asked())


def test_query_that_its_worker_had_not_begun_with_runs_on_another(pool: Pool) -> None:
    read_all(pool.run(Job("ASK {}", "json")))
    worker = pool.pids()[0]
    os.kill(worker, signal.SIGSTOP)

    with ThreadPoolExecutor(1) as client:
        answer = client.submit(lambda: read_all(pool.run(Job("ASK {}", "json"))))
        until(lambda: pool.status()["busy"], "that it was sent")
        os.kill(worker, signal.SIGKILL)

        assert b"true" in answer.result()


def test_worker_killed_while_nobody_reads_gives_its_place_back(pool: Pool) -> None:
    answer = pool.run(Job(MANY.replace("20000", "2000000"), "csv"))
    until(lambda: answer.stream.run.size > SHARED >> 1, "that it is held up")

    os.kill(pool.pids()[0], signal.SIGKILL)

    until(lambda: not pool.status()["busy"], "that it is noticed")
    assert read_all(pool.run(Job("ASK {}", "json")))
    with pytest.raises(Broken):
        read_all(answer)
