"""Made and spoiled queries over HTTP: every answer is one, and the server lives on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.attacks.conftest import Served, serve
from tests.server.attacks.exchange import ask, get, over_socket
from tests.server.fuzzing.conftest import TIMES
from tests.server.fuzzing.strategy import QUERIES

SOME = settings(
    max_examples=75 * TIMES, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)  # fmt: skip
ACCEPT = st.sampled_from(["*/*", "text/csv", "text/html", "text/turtle", "a/b", ",;", "*/*;q=0"])


@pytest.fixture(scope="module")
def fuzzed(releases: Path) -> Iterator[Served]:
    with serve(releases) as running:
        yield running


def check(served: Served, status: int, problem: str) -> None:
    assert 200 <= status < 500 or problem in ("engine-stopped", "timeout")
    assert over_socket(served.address, ask("ASK {}")).status == 200
    assert served.process.poll() is None


@SOME
@given(query=QUERIES, accept=ACCEPT)
def test_query_in_a_body_gets_an_answer(fuzzed: Served, query: str, accept: str) -> None:
    reply = over_socket(fuzzed.address, ask(query, ("Accept", accept)))

    check(fuzzed, reply.status, reply.problem)


@SOME
@given(
    query=QUERIES, graph=st.text(max_size=20), format=st.text(max_size=8), name=st.text(max_size=8)
)
def test_parameters_get_an_answer(
    fuzzed: Served, query: str, graph: str, format: str, name: str
) -> None:
    parameters = {"query": query, "default-graph-uri": graph, "format": format, name: graph}
    sent = {key: value.encode("utf-8", "replace").decode() for key, value in parameters.items()}
    reply = over_socket(fuzzed.address, get("/sparql", **sent))

    check(fuzzed, reply.status, reply.problem)
