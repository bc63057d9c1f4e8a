"""What breaks beneath a running server: a worker, the disk, the log, the release."""

from __future__ import annotations

import json
import os
import shutil
import signal

import pytest

from tests.server.attacks.exchange import answer
from tests.server.conftest import DATA
from tests.server.running.conftest import (
    ENDLESS,
    RUNAWAY,
    Folder,
    Run,
    Running,
    everything,
    polite,
    run,
    sparql,
    until,
)

CRASHED = 'unipact_worker_ends_total{reason="crashed"}'
NOTHING_FITS = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))"
PATHS = (
    sparql("ASK {}"),
    "/sparql",
    "/store?default",
    "/store?graph=https://w3id.org/unipact/graph/authority",
    "/doc/spbpu",
    "/graph/authority",
    "/download/latest",
    "/download/latest/void.ttl",
    "/download/latest/unipact.nq",
    "/search?q=silk",
    "/health",
)


def kill_busy(served: Running) -> None:
    """Kill the worker that has been busy for a while."""
    until(lambda: polite(served), "a busy worker")
    os.kill(polite(served)[0], signal.SIGKILL)


def test_killed_worker_breaks_one_answer_and_no_other(serving: Run) -> None:
    with serving() as served, served.asking(sparql(ENDLESS), source="127.0.0.2") as export:
        assert export.recv(100).startswith(b"HTTP/1.1 200")

        kill_busy(served)

        assert [served.ask(f"ASK {{ {n} ?p ?o }}").status for n in range(4)] == [200] * 4
        assert not everything(export).endswith(b"0\r\n\r\n")
        until(lambda: served.metric(CRASHED) == 1, "its end in the metrics")
        until(lambda: served.health()[0] == 200, "health")


def test_query_whose_worker_is_killed_gets_a_problem(serving: Run) -> None:
    with serving() as served, served.asking(sparql(RUNAWAY)) as runaway:
        kill_busy(served)

        told = answer(runaway)
        assert (told.status, told.problem) == (500, "engine-stopped")
        assert served.ask("ASK { 1 ?p ?o }").status == 200
        until(lambda: served.metric(CRASHED) == 1, "its end in the metrics")
        until(lambda: served.health()[0] == 200, "health")


def test_server_that_cannot_write_a_byte_answers_all_the_same(serving: Run) -> None:
    with serving(NOTHING_FITS) as served:
        statuses = {path: served.get(path).status for path in PATHS}

    assert statuses == dict.fromkeys(PATHS, 200)


def test_full_disk_of_the_log_is_told_and_stops_nothing(serving: Run) -> None:
    with serving(**{"UNIPACT_ACCESS_LOG_FILE": "/dev/full"}) as served:
        assert [served.ask(f"ASK {{ {n} ?p ?o }}").status for n in range(4)] == [200] * 4
        until(lambda: served.metric("unipact_access_log_dropped") >= 4, "lines left out")

        until(lambda: served.health()[1]["warnings"], "a warning")
        status, told = served.health()

    assert (status, told["checks"]["log"]) == (200, "warning")  # type: ignore[index]
    assert "/dev/full" not in json.dumps(told)


@pytest.mark.parametrize("way", ["renamed", "removed", "dangling", "no link"])
def test_lost_release_is_told_by_every_route_until_it_is_back(folder: Folder, way: str) -> None:
    release = folder.add(DATA)
    kept, link = folder.root.parent / "kept", folder.root / "current"
    shutil.copytree(release.path, kept)
    with run(folder.root) as served:
        assert served.ask("ASK {}").status == 200
        match way:
            case "renamed":
                release.path.rename(folder.root / "elsewhere")
            case "removed":
                shutil.rmtree(release.path)
            case "dangling":
                link.unlink()
                link.symlink_to("0" * 16)
            case _:
                link.unlink()

        lost = {path: reply for path in PATHS if (reply := served.get(path)).status != 503}
        asked, health = served.ask("ASK {}"), served.health()
        if way in ("renamed", "removed"):
            kept.rename(release.path)
        link.unlink(missing_ok=True)
        link.symlink_to(release.id)
        until(lambda: served.health()[0] == 200, "health")
        found = {path: served.get(path).status for path in PATHS}

    assert lost == {}
    assert asked.problem == "no-release"
    assert health[1]["why"]
    assert str(folder.root) not in asked.body.decode() + json.dumps(health)
    assert found == dict.fromkeys(PATHS, 200)


def test_server_without_a_release_serves_the_first_one_that_is_published(folder: Folder) -> None:
    with run(folder.root) as served:
        before = {path: reply for path in PATHS if (reply := served.get(path)).status != 503}
        asked, health = served.ask("ASK {}"), served.health()

        release = folder.add(DATA)

        until(lambda: served.ask("ASK {}").status == 200, "an answer")
        after = {path: served.get(path).status for path in PATHS}
        answered = served.ask("ASK {}").headers["x-release"]

    assert before == {}
    assert "release" in json.loads(asked.body)["detail"]
    assert health[1]["why"]
    assert after == dict.fromkeys(PATHS, 200)
    assert answered == release.id
