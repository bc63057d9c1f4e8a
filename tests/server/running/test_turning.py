"""Another release goes live while clients ask all the time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kg.releases import Releases
from tests.server.attacks.exchange import Reply
from tests.server.conftest import DATA
from tests.server.running.conftest import Folder, Running, run, sparql, until

ROWS = 100
MARKS = "SELECT ?mark { ?s <urn:mark> ?mark }"


def marked(mark: str) -> str:
    """Return data with many statements that all say which release they are of."""
    rows = "".join(f'<urn:s{n}> <urn:mark> "{mark}{n}" . ' for n in range(ROWS))
    return f"{DATA}; INSERT DATA {{ GRAPH <urn:marks> {{ {rows} }} }}"


def marks(reply: Reply) -> set[str]:
    """Return which releases the rows of an answer are of; "?" when there are not all of them."""
    rows = reply.body.decode().split()[1:]
    return {row.rstrip("0123456789") for row in rows} if len(rows) == ROWS else {"?"}


@dataclass(slots=True)
class Client:
    """Asks until it is stopped: by turns what is kept, and what has never been asked."""

    served: Running
    source: str
    stopped: threading.Event
    replies: list[Reply] = field(default_factory=list)

    def work(self) -> None:
        while not self.stopped.is_set():
            busting = f" # {self.source} {len(self.replies)}" if len(self.replies) % 2 else ""
            self.replies.append(self.served.ask(MARKS + busting, source=self.source))


@contextmanager
def clients(served: Running, count: int) -> Iterator[list[Client]]:
    stopped = threading.Event()
    asking = [Client(served, f"127.0.0.{n + 2}", stopped) for n in range(count)]
    threads = [threading.Thread(target=client.work) for client in asking]
    for thread in threads:
        thread.start()
    try:
        yield asking
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def more(asking: list[Client]) -> None:
    """Wait until each client has had a few answers more."""
    before = [len(client.replies) for client in asking]
    until(
        lambda: all(
            len(client.replies) >= count + 6 for client, count in zip(asking, before, strict=True)
        ),
        "more answers",
    )


def test_no_request_fails_and_no_answer_is_mixed_while_releases_change(folder: Folder) -> None:
    old, new = folder.add(marked("old")), folder.add(marked("new"))
    releases = Releases(folder.root)
    of = {old.id: {"old"}, new.id: {"new"}}
    with run(folder.root) as served, clients(served, 4) as asking:
        for release in (old, new, old, new):
            more(asking)
            with releases.lock():
                releases.point_to(release.id)
        more(asking)
        after = [served.ask(query) for query in (MARKS, MARKS + " # afterwards")]

    replies = [reply for client in asking for reply in client.replies]
    assert {reply.status for reply in replies} == {200}
    assert [reply for reply in replies if marks(reply) != of[reply.headers["x-release"]]] == []
    assert {reply.headers["x-release"] for reply in replies} == {old.id, new.id}
    assert [reply.headers["x-release"] for reply in after] == [new.id, new.id]


def test_answer_under_way_ends_on_the_release_that_it_began_on(folder: Folder) -> None:
    old = folder.add(marked("old"))
    query = "SELECT ?mark { ?s <urn:mark> ?mark . ?t <urn:mark> ?other . ?u a ?type }"
    with run(folder.root) as served, served.asking(sparql(query), buffer=1 << 16) as slow:
        assert slow.recv(12) == b"HTTP/1.1 200"

        new = folder.add(marked("new"))

        until(lambda: answers(served) == new.id, "the new release")
        rest = answer_of(slow)

    assert f"x-release: {old.id}".encode() in rest
    assert (b"old1" in rest, b"new1" in rest) == (True, False)
    assert rest.endswith(b"\r\n0\r\n\r\n")


def test_workers_stay_when_another_release_goes_live(folder: Folder) -> None:
    folder.add(marked("old"))
    with run(folder.root) as served:
        until(lambda: len(served.workers()) == 2 and answers(served), "all workers")
        workers = sorted(served.workers())

        for mark in ("new", "newer"):
            new = folder.add(marked(mark))
            until(lambda new=new: answers(served) == new.id, "the new release")
            assert marks(served.ask(MARKS + f" # {mark}")) == {mark}

        assert sorted(served.workers()) == workers


def test_damaged_store_is_told_and_the_next_release_is_served(folder: Folder) -> None:
    bad, good = folder.add(marked("bad")), folder.add(marked("good"))
    for file in (bad.path / "store").iterdir():
        file.write_bytes(b"")
    releases = Releases(folder.root)
    with run(folder.root) as served:
        assert served.ask(MARKS).status == 200

        with releases.lock():
            releases.point_to(bad.id)
        until(lambda: served.ask(MARKS).problem == "no-release", "that it is damaged")
        with releases.lock():
            releases.point_to(good.id)

        until(lambda: answers(served) == good.id, "the other release")


def answers(served: Running) -> str:
    """Return which release answers another client."""
    return served.ask(MARKS, source="127.0.0.2").headers.get("x-release", "")


def answer_of(connection: socket.socket) -> bytes:
    """Read what is left of an answer in chunks."""
    got = bytearray()
    while not got.endswith(b"\r\n0\r\n\r\n") and (piece := connection.recv(1 << 20)):
        got += piece
    return bytes(got)
