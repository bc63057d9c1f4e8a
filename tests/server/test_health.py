"""Whether the server says that it lives, can answer, and why not."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.releases import Release
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits
from server.pages.health import Losses

PAGE = {"Accept": "text/html"}


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def fresh(
    tmp_path: Path, republish: Callable[..., Release]
) -> Iterator[tuple[FlaskClient, Release]]:
    """A server of its own, over a release of its own."""
    release = republish(tmp_path / "releases", tmp_path / "work")
    app = create_app(tmp_path / "releases", Settings(), limits=Limits(query_workers=1))
    yield app.test_client(), release
    app.extensions["unipact"].pool.close()


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_ready_server_names_release_and_workers(
    client: FlaskClient, release: Release, path: str
) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert response.json is not None
    assert (response.json["status"], response.json["release"]) == ("ok", release.id)
    assert response.json["queries"]["alive"] >= 1
    assert response.json["checks"]["queries"] == "ok"
    assert response.headers["Cache-Control"] == "no-store"


def test_health_is_a_page_for_people(client: FlaskClient) -> None:
    response = client.get("/health", headers=PAGE)

    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "Accept" in response.headers["Vary"]


def test_server_without_release_lives_but_is_not_ready(tmp_path: Path) -> None:
    app = create_app(tmp_path, Settings(), limits=Limits(query_workers=1))
    client = app.test_client()

    live, ready, page = (
        client.get("/health/live"), client.get("/health"), client.get("/health", headers=PAGE),
    )  # fmt: skip

    app.extensions["unipact"].pool.close()
    assert (live.status_code, ready.status_code, page.status_code) == (200, 503, 503)
    assert ready.json is not None
    assert ready.json["why"]
    assert str(tmp_path) not in ready.text + page.text


@pytest.mark.parametrize("lost", ["search.db", "void.ttl", "store/CURRENT", "dump/unipact.nq"])
def test_damaged_release_is_not_ready(fresh: tuple[FlaskClient, Release], lost: str) -> None:
    client, release = fresh

    (release.path / lost).unlink()

    response = client.get("/health")
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["checks"]["release"] == "failing"
    assert str(release.path) not in response.text


def test_release_that_comes_back_is_ready_at_once(fresh: tuple[FlaskClient, Release]) -> None:
    client, release = fresh
    kept = release.path.with_name("kept")
    release.path.rename(kept)
    lost = client.get("/health").status_code

    kept.rename(release.path)

    assert (lost, client.get("/health").status_code) == (503, 200)


def test_killed_worker_is_replaced_and_the_server_stays_ready(
    fresh: tuple[FlaskClient, Release],
) -> None:
    client, _ = fresh
    app: Flask = client.application
    client.get("/health")
    for worker in app.extensions["unipact"].pool.pids():
        os.kill(worker, signal.SIGKILL)

    statuses = {client.get("/health").status_code for _ in range(3)}

    assert statuses == {200}


def test_full_disk_and_missing_seccomp_are_warnings(
    fresh: tuple[FlaskClient, Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = fresh
    pool = client.application.extensions["unipact"].pool
    status = {**pool.status(), "network_forbidden": False}
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(1 << 40, 1 << 40, 5 << 20))
    monkeypatch.setattr(type(pool), "status", lambda self: status)

    response = client.get("/health")

    assert response.status_code == 200
    assert response.json is not None
    assert response.json["checks"]["space"] == response.json["checks"]["confinement"] == "warning"
    assert "5 MiB" in " ".join(response.json["warnings"])


def test_lines_that_the_log_lost_are_told_for_a_while() -> None:
    counts = {0.0: 0, 1.0: 5, 50.0: 5, 60.0: 7, 119.0: 7, 121.0: 7, 122.0: 7}
    losses = Losses(clock=iter(counts).__next__)

    told = [losses.of(count) for count in counts.values()]

    assert told == [0, 5, 5, 7, 7, 0, 0]
