"""What goes wrong beneath a write: no room, no time, no memory, no process, no server."""

from __future__ import annotations

import os
import resource
import signal
import threading
from pathlib import Path

import pytest

from tests.server.attacks.conftest import children
from tests.server.running.conftest import Running, until, watched
from tests.server.writing.curator import OWN, UPDATE, Curator, curator, problem, writable
from tests.server.writing.loopback import IN_A_GROUP, Client, running, token

PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
RUNAWAY = f"INSERT {{ GRAPH <{OWN}> {{ ?a ?e ?i }} }} WHERE {{ {PRODUCT} }}"
SEARCH = f"{PRODUCT} FILTER(CONCAT(STR(?a), STR(?l)) = 'x') BIND(?a AS ?x)"
ENDLESS = f"DELETE {{ GRAPH <{OWN}> {{ ?x ?e ?f }} }} WHERE {{ {SEARCH} }}"


def leave_room(pid: int, size: int) -> None:
    """Limit how large files may grow that a process writes; -1: as large as they like."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, -1))


def test_full_disk_refuses_the_write_and_reading_goes_on(releases):
    with writable(releases.root) as app:
        anna, writing = curator(app), app.extensions["unipact"].writing
        before = anna.insert("ex:a ex:b 1").json["release"]
        for size in (0, 100, 20_000):
            leave_room(writing.pid(), size)

            refused = anna.insert(f"ex:a ex:c {size}")

            assert problem(refused) == "507 storage", size
            assert str(releases.root) not in refused.text
            assert (anna.release(), len(anna.holds(OWN))) == (before, 1)
            leave_room(writing.pid(), -1)
            assert anna.insert(f"ex:a ex:b {size}").status_code == 200
            anna.update(f"DELETE DATA {{ GRAPH <{OWN}> {{ ex:a ex:b {size} }} }}")
            before = anna.release()
        assert releases.verify("current").id == before


@pytest.mark.parametrize("text", [RUNAWAY, ENDLESS], ids=["grows", "searches"])
def test_update_that_runs_away_is_stopped_and_the_next_write_works(releases, text):
    with writable(releases.root, write_seconds=3.0) as app:
        anna, before = curator(app), releases.current().id

        reply = anna.update(text)

        assert problem(reply) in ("503 timeout", "500 engine-stopped")
        assert (anna.release(), anna.holds(OWN)) == (before, set())
        until(lambda: works(anna), "a write that works")
    assert releases.verify("current").id != before


def works(anna: Curator) -> bool:
    """Tell whether writing works: a new process may need more than these few seconds to start."""
    return anna.insert("ex:a ex:b 1").status_code == 200


def test_update_that_takes_all_memory_is_stopped_and_the_next_write_works(releases):
    double = "BIND(CONCAT(?x0, ?x0) AS ?x1) " + " ".join(
        f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(1, 34)
    )
    where = f'BIND("x" AS ?x0) {double}'
    text = f"INSERT {{ GRAPH <{OWN}> {{ <urn:a> <urn:b> ?x34 }} }} WHERE {{ {where} }}"
    with writable(releases.root, write_memory=1500) as app:
        anna, before = curator(app), releases.current().id

        reply = anna.request("POST", "/sparql", text, UPDATE)

        assert problem(reply) == "500 engine-stopped"
        assert (anna.release(), anna.holds(OWN)) == (before, set())
        assert works(anna)


@pytest.mark.parametrize("brackets", ["()", "{}", "[]"])
def test_deep_nesting_stops_nothing(releases, brackets):
    left, right = brackets
    inner = {"()": "true", "{}": "?s ?p ?o", "[]": ""}[brackets]
    nested = f"{left * 5000} {inner} {right * 5000}"
    where = {"()": f"FILTER {nested}", "{}": nested, "[]": f"{nested} ?p ?o"}[brackets]
    for nesting in (64, 1_000_000):
        with writable(releases.root, query_nesting=nesting) as app:
            anna, before = curator(app), releases.current().id

            reply = anna.update(
                f"INSERT {{ GRAPH <{OWN}> {{ <urn:a> <urn:b> 1 }} }} WHERE {{ {where} }}"
            )

            assert problem(reply) in ("400 limit", "500 engine-stopped", "400 syntax")
            assert anna.release() == before
            assert works(anna)


def test_process_that_writes_is_replaced_when_it_was_killed(releases):
    with writable(releases.root) as app:
        anna, writing = curator(app), app.extensions["unipact"].writing
        assert works(anna)
        first = writing.pid()

        with watched([first]) as survivors:
            os.kill(first, signal.SIGKILL)
            assert survivors() == []

        assert anna.insert("ex:a ex:b 2").status_code == 200
        assert writing.pid() not in (first, None)


def writer_of(served: Running) -> int:
    """Return the id of a server's process that writes."""
    return next(pid for pid in children(served.process.pid) if is_writer(pid))


def is_writer(pid: int) -> bool:
    return b"server.writing.process" in Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("busy", [True, False])
def test_no_process_that_writes_outlives_its_server(releases, end, busy):
    with running(releases.root) as served:
        client = Client(served.address[1], token(releases))
        assert client.insert("<urn:a> <urn:b> 1").status == 200
        before, writer = releases.current().id, writer_of(served)
        runaway = Client(served.address[1], client.token)
        thread = threading.Thread(target=runaway.update, args=(RUNAWAY,))
        if busy:
            thread.start()
            until(lambda: any(releases.root.glob(".staging-*")) or is_at_it(writer), "a write")

        with watched([writer]) as survivors:
            served.process.send_signal(end)

            assert survivors() == []
            served.process.wait()
        if busy:
            thread.join()
        for one in (client, runaway):
            one.close()

    assert releases.verify("current").id == before
    with running(releases.root) as served:
        client = Client(served.address[1], token(releases))
        assert client.insert("<urn:a> <urn:b> 2").status == 200
        client.close()


def is_at_it(pid: int) -> bool:
    """Tell whether a process runs on a processor just now; proc(5), field 3 of `stat`."""
    return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "R"


def test_server_told_to_end_answers_the_write_under_way(releases):
    with running(releases.root, IN_A_GROUP, UNIPACT_STOP_SECONDS="60") as served:
        client = Client(served.address[1], token(releases))
        assert client.insert("<urn:a> <urn:b> 1").status == 200
        many = " ".join(f"<urn:s{n}> <urn:p> {n} ." for n in range(10_000))
        said = []
        thread = threading.Thread(target=lambda: said.append(client.insert(many)))
        thread.start()
        until(lambda: is_at_it(writer_of(served)), "a write")

        served.process.terminate()
        thread.join()
        client.close()
        assert served.process.wait() == 0

    assert [one.status for one in said] == [200]
    assert releases.verify("current").id == said[0].json["release"]


def test_what_a_killed_process_left_is_removed_before_the_next_write(releases):
    (releases.root / ".staging-of-the-dead").mkdir()

    with writable(releases.root) as app:
        assert works(curator(app))

    assert [*releases.root.glob(".staging-*"), *releases.root.glob(".prepared-*")] == []
