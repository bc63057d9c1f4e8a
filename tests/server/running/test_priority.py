"""A worker that has been busy for a while lets others go first, and only then."""

from __future__ import annotations

from tests.server.attacks.exchange import answer
from tests.server.running.conftest import ENDLESS, RUNAWAY, Run, polite, sparql, until


def test_worker_that_is_long_busy_lets_others_go_first_until_it_is_replaced(serving: Run) -> None:
    with serving(UNIPACT_QUERY_SECONDS="5") as served, served.asking(sparql(RUNAWAY)) as asking:
        until(lambda: polite(served), "a worker that lets others go first")

        assert asking.recv(100).startswith(b"HTTP/1.1 503")
        assert [served.ask(f"ASK {{ {n} ?p ?o }}").status for n in range(4)] == [200] * 4
        until(lambda: not polite(served), "its end")


def test_worker_that_was_long_busy_is_as_before_when_it_serves_the_next(serving: Run) -> None:
    with serving(UNIPACT_QUERY_WORKERS="1") as served:
        assert served.ask("ASK {}").status == 200
        with served.asking(sparql(f"{ENDLESS} LIMIT 15000"), buffer=1 << 16) as slow:
            until(lambda: polite(served), "a worker that lets others go first")
            assert answer(slow).status == 200

        assert served.ask("ASK { 1 ?p ?o }").status == 200
        assert polite(served) == []
