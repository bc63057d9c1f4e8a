"""The service: one question runs once, releases come and go, answers are ready beforehand."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.releases import Release, Releases
from server.limits import Limits
from server.problems import Problem
from server.site import Current, Site
from server.sparql.answer import Body
from server.sparql.plan import Plan
from server.sparql.pool import Pool
from server.sparql.request import QueryRequest
from server.sparql.service import Service

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ENDLESS = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o}"

ROWS = "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o}"
PADDED = "CONCAT(STR(?s), '0123456789012345678901234567890123456789')"
SLOW = f"""SELECT ({PADDED} AS ?text) {{
    {{ SELECT ?s {{ ?s ?p ?o . ?d ?e ?f . ?g ?h ?i }} LIMIT 5000 }}
    FILTER(!CONTAINS(REPLACE(REPLACE({PADDED}, "[a-m]+", "x"), "[0-9]", "yyyyyyyyy"), "~"))
}}"""


@pytest.fixture
def site(releases: Path) -> Iterator[Site]:
    site = Site.open(releases, Limits(query_workers=2))
    yield site
    site.service.close()


class Ended:
    """Remembers how queries ended."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []
        self.hits: list[bool] = []

    def cache(self, hit: bool) -> None:
        self.hits.append(hit)

    def query(self, outcome: str, seconds: float) -> None:
        self.outcomes.append(outcome)

    def kill(self, reason: str) -> None:
        self.outcomes.append(f"killed: {reason}")


def plan(site: Site, query: str) -> Plan:
    return site.plan(QueryRequest(query), accept="text/csv")


def busy(site: Site) -> int:
    return int(site.pool.status()["busy"])


async def asked(site: Site, query: str, *clients: str) -> list[asyncio.Task[Body]]:
    """Have clients ask the same at once; returns when it runs."""
    tasks = [
        asyncio.create_task(site.service.start(plan(site, query), client=name)) for name in clients
    ]
    while not busy(site):
        await asyncio.sleep(0.001)
    return tasks


def test_question_of_two_clients_at_once_runs_once(site: Site) -> None:
    async def both() -> tuple[int, list[bytes]]:
        tasks = await asked(site, HEAVY, "one", "two")
        return busy(site), [(await task).content for task in tasks]

    running, answers = site.pool.portal.wait(both())

    assert running == 1
    assert answers[0] == answers[1] != b""


def test_second_client_is_answered_when_the_first_goes_away(site: Site) -> None:
    async def both() -> bytes:
        first, second = await asked(site, HEAVY, "one", "two")
        first.cancel()
        return (await second).content

    assert site.pool.portal.wait(both()).startswith(b"n\r\n")
    assert site.pool.replaced == 0


def test_worker_is_free_when_both_have_gone(site: Site) -> None:
    async def both() -> None:
        for task in await asked(site, ENDLESS, "one", "two"):
            task.cancel()
        while busy(site):
            await asyncio.sleep(0.005)

    site.pool.portal.wait(both())

    assert site.pool.replaced == 1


def test_large_answer_goes_whole_to_each_who_asked_at_once(site: Site) -> None:
    query = "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l} LIMIT 6000"

    async def rows(asking: asyncio.Task[Body]) -> int:
        body = await asking
        return b"".join([piece async for piece in body.read()]).count(b"\n")

    async def both() -> list[int]:
        tasks = await asked(site, query, "one", "two", "three")
        return list(await asyncio.gather(*map(rows, tasks)))

    assert site.pool.portal.wait(both()) == [6001] * 3


def test_worker_is_free_when_reader_and_waiter_of_the_same_text_have_gone(site: Site) -> None:
    async def leave() -> tuple[int, int]:
        reader, waiter = await asked(site, ROWS, "one", "two")
        body = await reader
        running = busy(site)
        waiter.cancel()
        body.drop()
        await asyncio.wait([waiter])
        await asyncio.sleep(0)
        return running, busy(site)

    running, left = site.pool.portal.wait(leave())

    assert running > 0
    assert left == 0


def test_answer_that_its_first_reader_leaves_is_whole_for_the_second(site: Site) -> None:
    async def leave() -> bytes:
        reader, other = await asked(site, SLOW, "one", "two")
        (await reader).drop()
        return (await other).content

    assert site.pool.portal.wait(leave()).count(b"\n") == 5001


def test_answer_of_which_a_part_went_out_early_is_kept(site: Site) -> None:
    async def read(client: str) -> tuple[bool, bytes]:
        body = await site.service.start(plan(site, SLOW), client=client)
        return body.stream is not None, b"".join([piece async for piece in body.read()])

    async def twice() -> tuple[tuple[bool, bytes], tuple[bool, bytes]]:
        return await read("one"), await read("two")

    (early, first), (late, second) = site.pool.portal.wait(twice())

    assert (early, late) == (True, False)
    assert first == second


def test_error_is_told_to_each_who_asked_at_once(site: Site) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c "

    async def both() -> list[object]:
        asking = (site.service.start(plan(site, query), client=name) for name in ("one", "two"))
        return list(await asyncio.gather(*asking, return_exceptions=True))

    found = site.pool.portal.wait(both())

    assert [problem.kind for problem in found if isinstance(problem, Problem)] == ["syntax"] * 2


@pytest.mark.parametrize("call", ["RAND()", "NOW()", "UUID()", "STRUUID()"])
def test_what_is_never_the_same_is_never_kept(site: Site, call: str) -> None:
    for _ in range(2):
        body = site.service.answer(plan(site, f"SELECT ({call} AS ?it) {{}}"), client="one")
        body.close()

    assert body.headers["Cache-Control"] == "no-store"
    assert "ETag" not in body.headers
    assert len(site.service.cache) == 0


def test_answers_are_ready_before_anybody_asks(site: Site) -> None:
    watcher = Ended()
    plans = [plan(site, query) for query in ("ASK {}", HEAVY, "ASK {", "SELECT * {} LIMIT 1")]

    site.service.warm(plans)
    while len(site.service.cache) < 3:
        site.pool.portal.call(lambda: None)
    site.service.count_with(watcher)
    site.service.answer(plans[1], client="one").close()

    assert watcher.hits == [True]


def test_answers_are_ready_again_when_a_release_goes_live(
    tmp_path: Path, republish: Callable[..., Release]
) -> None:
    root, data = tmp_path / "releases", "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    republish(root, tmp_path / "work", data)
    site = Site.open(root, Limits(query_workers=1))
    asked = plan(site, "SELECT ?o { ?s ?p ?o }")
    site.service.warm([asked])

    release = republish(root, tmp_path / "again", data.replace("1", "2"))
    while not any(key.release == release.id for key in site.service.cache.keys()):
        site.pool.portal.call(lambda: None)

    assert site.service.answer(asked, client="one").content == b"o\r\n2\r\n"
    site.service.close()


def test_missing_release_is_told_and_the_next_one_is_served(
    tmp_path: Path, republish: Callable[..., Release]
) -> None:
    root = tmp_path / "releases"
    root.mkdir()
    site = Site.open(root, Limits(query_workers=1))
    with pytest.raises(Problem) as missing:
        site.plan(QueryRequest("ASK {}"), accept="")

    republish(root, tmp_path / "work")
    answer = site.service.answer(plan(site, "SELECT (1 AS ?n) {}"), client="one")

    assert missing.value.kind == "no-release"
    assert answer.content == b"n\r\n1\r\n"
    site.service.close()


def test_vanished_store_is_told(tmp_path: Path, republish: Callable[..., Release]) -> None:
    root = tmp_path / "releases"
    store = republish(root, tmp_path / "work").store_path
    site = Site.open(root, Limits(query_workers=1))
    asked = plan(site, "SELECT (1 AS ?n) {}")

    shutil.rmtree(store)
    site.service.close()
    again = Site.open(root, Limits(query_workers=1))
    with pytest.raises(Problem) as told:
        again.service.answer(asked, client="one")

    again.service.close()
    assert (told.value.kind, told.value.status) == ("no-release", 503)


def test_store_that_does_not_open_is_told(
    tmp_path: Path, republish: Callable[..., Release]
) -> None:
    root = tmp_path / "releases"
    for file in republish(root, tmp_path / "work").store_path.iterdir():
        file.write_bytes(b"rubbish")
    site = Site.open(root, Limits(query_workers=1))

    with pytest.raises(Problem) as told:
        site.service.answer(plan(site, "ASK {}"), client="one")

    site.service.close()
    assert told.value.kind == "no-release"
    assert str(tmp_path) not in told.value.detail


def test_release_changes_while_queries_run_and_none_fails(
    tmp_path: Path, republish: Callable[..., Release]
) -> None:
    root, data = tmp_path / "releases", "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    old = republish(root, tmp_path / "work", data)
    site = Site.open(root, Limits(query_workers=2, query_wait=60))

    async def ask(number: int) -> str:
        body = await site.service.start(plan(site, f"SELECT ?o {{?s ?p ?o}}#{number}"), client="")
        assert (
            body.content == f"o\r\n{1 if body.headers['X-Release'] == old.id else 2}\r\n".encode()
        )
        return body.headers["X-Release"]

    async def many() -> list[str]:
        before = [asyncio.create_task(ask(number)) for number in range(50)]
        await asyncio.to_thread(republish, root, tmp_path / "again", data.replace("1", "2"))
        after = [asyncio.create_task(ask(number)) for number in range(50)]
        return await asyncio.gather(*before, *after)

    answered = site.pool.portal.wait(many())

    site.service.close()
    assert old.id not in answered[50:]


@pytest.mark.parametrize(
    ("query", "tagged"),
    [
        ("CONSTRUCT { ?s a ?t } WHERE { ?s a ?t FILTER(?t != <urn:x>) }", True),
        (
            'CONSTRUCT { ?s a "(", "["@en, <urn:(> ; a -1.5 . } WHERE { ?s a [] }',
            True,
        ),
        ("CONSTRUCT WHERE { ?s a ?t }", True),
        ("CONSTRUCT FROM <urn:g> WHERE { ?s a ?t }", True),
        ("SELECT * { [] a ?t }", True),
        ("CONSTRUCT { [] a ?t } WHERE { ?s a ?t }", False),
        ("CONSTRUCT { ?s <urn:p> (?t) } WHERE { ?s a ?t }", False),
        ("CONSTRUCT { _:b a ?t } WHERE { ?s a ?t }", False),
        ("construct{?s a ?t.<<?s a ?t>><urn:p> 1}where{?s a ?t}", False),
        ("CONSTRUCT { ?s a ?t {| <urn:p> 1 |} } WHERE { ?s a ?t }", False),
        ("CONSTRUCT { ?s a ?t ~ } WHERE { ?s a ?t }", False),
        ("CONSTRUCT WHERE { [] a ?t }", False),
        ("CONSTRUCT FROM <urn:g> WHERE { _:b a ?t }", False),
    ],
)
def test_answer_with_blank_nodes_of_its_own_has_no_tag(
    site: Site, query: str, tagged: bool
) -> None:
    asked = site.plan(QueryRequest(query), accept="application/n-triples, text/csv")

    assert asked.cacheable is tagged


def test_same_tag_means_the_same_bytes_after_a_restart(releases: Path) -> None:
    def answer(query: str) -> tuple[str | None, bytes]:
        site = Site.open(releases, Limits(query_workers=1, cache_bytes=0))
        body = site.service.answer(
            site.plan(QueryRequest(query), accept="application/n-triples"), client="one"
        )
        site.close()
        return body.headers.get("ETag"), body.content

    named, blank = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t }", "CONSTRUCT { [] a ?t } { ?s a ?t }"

    assert answer(named) == answer(named)
    assert answer(blank)[0] is None
    assert answer(blank)[1] != answer(blank)[1]


def test_release_published_while_the_one_before_is_looked_up_is_seen_at_once(
    tmp_path: Path, republish: Callable[..., Release]
) -> None:
    """As by a write, after which `Site` forgets what it knew."""
    root, to_come = tmp_path / "releases", []
    old = republish(root, tmp_path / "work")

    class Overtaken(Current):
        def __call__(self) -> Release:
            release = Current.__call__(self)
            if to_come:
                to_come.pop()()
                self.forget()
                service.turn()
            return release

    current, limits = Overtaken(Releases(root)), Limits(query_workers=1)
    service = Service(Pool(current.lately, limits), limits, dict)
    data = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    to_come.append(lambda: republish(root, tmp_path / "again", data))
    current.forget()
    seen = service.pool.portal.call(lambda: (service.lately(), service.lately()))
    service.close()

    assert seen == (old.id, Releases(root).current().id)
