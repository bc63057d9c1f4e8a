"""Clients that read nothing of what they asked for, and what is left to others."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server.conftest import DATA
from tests.server.running.conftest import (
    RUNAWAY,
    Folder,
    Run,
    everything,
    run,
    sparql,
    until,
)

OTHERS = ("/graph/authority", "/sparql?query=ASK+%7B%7D", "/doc/spbpu", "/health")
LITERAL = "x" * 8000


@pytest.fixture
def large(folder: Folder) -> Path:
    """Releases of which the current one has a graph of 16 MB."""
    more = "".join(f'<urn:s{n}> <urn:p> "{n}{LITERAL}" . ' for n in range(2000))
    folder.add(f"{DATA}; INSERT DATA {{ GRAPH <urn:large> {{ {more} }} }}")
    return folder.root


@pytest.mark.parametrize(
    ("target", "route"),
    [
        ("/store?graph=urn:large", "/store"),
        ("/download/latest/unipact.nq", "/download/<name>/<file>"),
    ],
)
def test_readers_that_stop_hold_nobody_up_and_are_dropped(
    large: Path, target: str, route: str
) -> None:
    with run(large, UNIPACT_SEND_SECONDS="1") as served, ExitStack() as stack:
        readers = [stack.enter_context(served.asking(target, source="127.0.0.2")) for _ in range(4)]
        statuses = [served.get(path, source="127.0.0.3").status for path in OTHERS]

        assert statuses == [200] * len(OTHERS)
        until(lambda: served.requests(route) >= len(readers), "all dropped")
        got = [everything(reader) for reader in readers]

    assert max(map(len, got)) < 16_000_000
    assert any(answer.startswith(b"HTTP/1.1 200") for answer in got)


def test_downloads_that_nobody_reads_hold_no_thread(large: Path) -> None:
    with run(large, UNIPACT_SERVER_THREADS="4") as served, ExitStack() as stack:
        for number in range(30):
            source = f"127.0.0.{2 + number % 3}"
            reader = served.asking("/download/latest/unipact.nq", source=source)
            assert stack.enter_context(reader).recv(12) == b"HTTP/1.1 200"

        statuses = [served.get(path, source="127.0.0.5").status for path in OTHERS]
        others = served.get("/download/latest/void.ttl", source="127.0.0.2").status
        ended = served.requests("/download/<name>/<file>")

    assert statuses == [200] * len(OTHERS)
    assert (others, ended) == (200, 1)


def test_health_and_numbers_are_told_while_all_threads_wait(serving: Run) -> None:
    few = {"UNIPACT_SERVER_THREADS": "2", "UNIPACT_QUERY_WORKERS": "1"}
    with serving(**few) as served, ExitStack() as stack:
        for number in range(4):
            source = f"127.0.0.{2 + number}"
            page = f"{sparql(RUNAWAY)}&format=html"
            stack.enter_context(served.asking(page, source=source))
        until(lambda: served.metric('unipact_query_pool{what="busy"}') == 1, "a busy worker")

        assert served.get("/health/live").status == 200
        assert served.get("/metrics").status == 200
