"""A server that is told to end, or is killed, ends, whatever hangs; and its workers with it."""

from __future__ import annotations

import signal
import socket
from contextlib import ExitStack

import pytest

from tests.server.running.conftest import ENDLESS, RUNAWAY, Run, sparql, until, watched

HANGING = {
    "export that nobody reads": f"GET {sparql(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n",
    "request whose head never ends": "GET /health HTTP/1.1\r\nHost: x\r\n",
    "request whose body never ends": "POST /sparql HTTP/1.1\r\nHost: x\r\n"
    "Content-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\nASK",
    "runaway query": f"GET {sparql(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n",
    "runaway query on a page": f"GET {sparql(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n"
    "Accept: text/html\r\n\r\n",
    "connection that asks nothing": "",
}
LONG = {"UNIPACT_QUERY_SECONDS": "600", "UNIPACT_SEND_SECONDS": "600"}
AFTER = 1 + 3 + 16  # seconds: the setting in force here, the server's grace, and a slow machine


@pytest.mark.parametrize("sent", HANGING.values(), ids=HANGING)
def test_server_ends_in_time_whatever_hangs(serving: Run, sent: str) -> None:
    with serving(**LONG) as served, ExitStack() as stack:
        for _ in range(3):
            hanging = stack.enter_context(served.connected(buffer=4096))
            hanging.sendall(sent.encode())
        assert served.get("/health/live").status == 200  # what came before has been seen
        with watched(served.workers()) as survivors:
            served.process.send_signal(signal.SIGTERM)

            assert served.process.wait(AFTER) == 0
            assert survivors() == []


def test_runaways_under_way_end_with_the_server(serving: Run) -> None:
    with serving(**LONG) as served, served.asking(sparql(RUNAWAY)) as asking:
        until(lambda: served.metric('unipact_query_pool{what="busy"}'), "a busy worker")

        with watched(served.workers()) as survivors:
            served.process.send_signal(signal.SIGTERM)

            assert served.process.wait(AFTER) == 0
            assert survivors() == []
        assert not asking.recv(100).startswith(b"HTTP/1.1 200")


def test_server_that_ends_takes_no_new_connections(serving: Run) -> None:
    with serving(**LONG | {"UNIPACT_STOP_SECONDS": "60"}) as served:
        with served.asking(sparql(RUNAWAY)):
            until(lambda: served.metric('unipact_query_pool{what="busy"}'), "a busy worker")
            served.process.send_signal(signal.SIGTERM)

            until(lambda: refuses(served.address), "connections refused")
            assert served.process.poll() is None
        assert served.process.wait(AFTER) == 0


def refuses(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=20).close()
    except OSError:
        return True
    return False


@pytest.mark.parametrize("query", [RUNAWAY, ENDLESS], ids=["runaway", "export"])
def test_no_worker_survives_a_killed_server(serving: Run, query: str) -> None:
    with serving(**LONG) as served, served.asking(sparql(query)):
        until(lambda: served.metric('unipact_query_pool{what="busy"}'), "a busy worker")
        with watched(served.workers()) as survivors:
            served.process.kill()

            assert survivors() == []
