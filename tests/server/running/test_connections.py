"""Clients that hold connections for themselves, and what is left to others."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.server.attacks.exchange import answer
from tests.server.running.conftest import (
    Run,
    everything,
)


def test_idle_connections_of_one_client_leave_others_theirs(serving: Run) -> None:
    with serving() as served, ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(served.connected(source="127.0.0.2"))

        with served.connected(source="127.0.0.3") as another:
            another.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert answer(another).status == 200


@pytest.mark.parametrize("beginning", ["", "G", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_head_that_does_not_end_is_dropped_at_the_deadline(serving: Run, beginning: str) -> None:
    with serving(UNIPACT_SEND_SECONDS="1") as served, served.connected() as slow:
        slow.sendall(beginning.encode())

        assert b" 200 " not in everything(slow)


def test_head_that_comes_by_drops_is_dropped_at_the_deadline(serving: Run) -> None:
    """Each byte comes in time, but they never come to an end."""
    with serving(UNIPACT_SEND_SECONDS="1") as served, served.connected() as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        slow.settimeout(0.1)
        for _ in range(200):
            try:
                slow.sendall(b"x")
                if not slow.recv(1000):
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        else:
            raise AssertionError("it goes on and on")
