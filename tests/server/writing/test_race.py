"""Several who write at once: none is lost, and conditions hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from kg.changes import KeptChanges
from kg.errors import ReleaseError
from kg.releases import Releases
from tests.kg.changes.written import copy
from tests.kg.corpora import Corpus
from tests.server.running.conftest import Running, until
from tests.server.writing.curator import OWN, curator, problem, writable
from tests.server.writing.loopback import Client, Said, running, token

GRAPH = f"SELECT ?n {{ GRAPH <{OWN}> {{ ?s ?p ?n }} }}"


@pytest.fixture
def served(releases: Releases) -> Iterator[Running]:
    with running(releases.root) as served:
        yield served


def together(tasks: Sequence[Callable[[], object]]) -> None:
    """Do all at the same moment."""
    gate = threading.Barrier(len(tasks))

    def begin(task: Callable[[], object]) -> None:
        gate.wait()
        task()

    threads = [threading.Thread(target=begin, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def inserted(ports: Sequence[int], text: str, count: int, **headers: str) -> list[Said]:
    """Let so many clients insert a number each, at once, by turns into these servers."""
    said: dict[int, Said] = {}

    def insert(number: int) -> None:
        client = Client(ports[number % len(ports)], text, f"127.0.0.{number + 2}")
        said[number] = client.insert(f"<urn:{number}> <urn:p> {number}", **headers)
        client.close()

    together([lambda number=number: insert(number) for number in range(count)])
    return [said[number] for number in range(count)]


def chain(releases: Releases) -> list[str]:
    """Return the ids of the releases that led to the current one, the current one last."""
    found = [releases.current()]
    while parent := found[-1].manifest.parent:
        found.append(releases.get(parent))
    return [release.id for release in reversed(found)]


@pytest.mark.parametrize("turn", range(3))
def test_of_two_who_expect_the_same_release_one_writes(served, releases, turn):
    before = releases.current().id

    said = inserted([served.address[1]], token(releases), 2, If_Match=f'"{before}"')

    assert sorted(one.status for one in said) == [200, 412]
    refused = next(one for one in said if one.status == 412)
    assert refused.problem == "412 precondition"
    assert chain(releases)[-2] == before


def test_of_many_who_write_at_once_none_is_lost(served, releases):
    before = releases.current().id

    said = inserted([served.address[1]], token(releases), 20)

    assert {one.status for one in said} == {200}
    made = {one.json["release"]: one.json["parent"] for one in said}
    ids = chain(releases)
    assert len(made) == 20
    assert ids[-21] == before
    assert [made[release] for release in ids[-20:]] == ids[-21:-1]
    assert rows(served) == set(range(20))


def rows(served: Running) -> set[int]:
    return {int(row) for row in served.ask(GRAPH).body.split()[1:]}


def test_two_servers_over_one_folder_lose_nothing(releases):
    secret = token(releases)
    with ExitStack() as stack:
        servers = [stack.enter_context(running(releases.root)) for _ in range(2)]

        said = inserted([one.address[1] for one in servers], secret, 12)

        assert {one.status for one in said} == {200}
        assert len({one.json["release"] for one in said}) == 12
        for served in servers:
            until(lambda served=served: rows(served) == set(range(12)), "all rows")
    assert len(KeptChanges(releases.root).leading_to(releases.current().manifest.change)) == 12


def test_rollbacks_beside_who_writes_disturb_nobody(served, releases):
    first, client = releases.current().id, Client(served.address[1], token(releases))
    done, parents = threading.Event(), set[str]()

    def go_back() -> None:
        while not done.is_set():
            try:
                releases.use(first)
            except ReleaseError:
                continue  # somebody writes just now
            done.wait(0.01)

    thread = threading.Thread(target=go_back)
    thread.start()
    said = [client.insert(f"<urn:{n}> <urn:p> {n}") for n in range(10)]
    done.set()
    thread.join()
    client.close()

    assert {one.status for one in said} == {200}
    parents = {one.json["parent"] for one in said}
    assert parents <= {first, *(one.json["release"] for one in said)}
    for one in said:
        made = releases.verify(one.json["release"])
        assert made.manifest.parent == one.json["parent"]


def test_build_beside_who_writes_keeps_what_was_written(tmp_path: Path):
    corpus = Corpus(tmp_path)
    corpus.build()
    with running(corpus.releases.root) as served:
        client = Client(served.address[1], token(corpus.releases))
        said = [client.insert(f"<urn:{n}> <urn:p> {n}") for n in range(2)]
        corpus.write("2021-06-05-alpha")

        built = corpus.build()
        said += [client.insert(f"<urn:{n}> <urn:p> {n}") for n in range(2, 4)]

        assert [one.status for one in said] == [200] * 4
        assert said[2].json["parent"] == built.id
        assert rows(served) == set(range(4))
        client.close()


def test_write_while_another_process_keeps_the_lock_is_told_to_come_again(built, tmp_path):
    releases = copy(built, tmp_path / "releases")
    with writable(releases.root) as app:
        anna = curator(app)
        with releases.lock():
            reply = anna.insert("ex:a ex:b 1")

        assert problem(reply) == "503 busy"
        assert int(reply.headers["Retry-After"]) > 0
        assert str(releases.root) not in reply.text
        assert anna.insert("ex:a ex:b 1").status_code == 200


def test_more_writes_than_may_wait_are_told_to_come_again(releases):
    with running(releases.root, UNIPACT_WRITE_QUEUE="2") as served:
        said = inserted([served.address[1]], token(releases), 12)

        refused = [one for one in said if one.status != 200]
        assert {one.problem for one in refused} == {"503 busy"}
        assert all(int(one.headers["retry-after"]) > 0 for one in refused)
        written = {n for n, one in enumerate(said) if one.status == 200}
        assert written
        assert rows(served) == written
