"""Who writes reads what was written, at once, whoever else reads meanwhile."""

from __future__ import annotations

import threading

import pytest

from tests.server.fuzzing.conftest import TIMES
from tests.server.writing.curator import OWN
from tests.server.writing.loopback import Client, running, token

WRITES = 40
LAST = f"SELECT (MAX(?n) AS ?last) {{ GRAPH <{OWN}> {{ <urn:a> <urn:n> ?n }} }}"


@pytest.mark.parametrize("turn", range(TIMES))
def test_answer_to_a_write_is_followed_by_reads_of_it(releases, turn):
    with running(releases.root) as served:
        port, ended = served.address[1], threading.Event()
        stale: list[tuple[int, str]] = []
        client = Client(port, token(releases))
        others = [
            threading.Thread(target=keep_asking, args=(port, f"127.0.0.{n}", ended)) for n in (2, 3)
        ]
        for thread in others:
            thread.start()
        try:
            for number in range(WRITES):
                before = f"DELETE {{ <urn:a> <urn:n> ?n }} INSERT {{ <urn:a> <urn:n> {number} }}"
                text = f"WITH <{OWN}> {before} WHERE {{ OPTIONAL {{ <urn:a> <urn:n> ?n }} }}"
                release = client.update(text).headers["x-release"]
                for said in (client.select(LAST), client.select(f"{LAST} # {number}")):
                    if (said.headers["x-release"], said.body.split()[-1]) != (
                        release,
                        str(number).encode(),
                    ):
                        stale.append((number, said.body.decode()))
                graph = client.request("GET", f"/store?graph={OWN}", Accept="application/n-triples")
                if f'"{number}"'.encode() not in graph.body:
                    stale.append((number, graph.body.decode()))
        finally:
            ended.set()
            for thread in others:
                thread.join()
            client.close()

    assert stale == []


def keep_asking(port: int, source: str, ended: threading.Event) -> None:
    """Ask the same all the time, so that the answer is always at hand."""
    client = Client(port, "", source)
    while not ended.is_set():
        client.select(LAST)
    client.close()
