"""The access log: what a line says, and that nothing forges, stops or delays one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.settings import Settings
from server import accesslog
from server.accesslog import MOST_WAITING, AccessLog, Entry, query_hash, shown_client
from server.app import create_app
from server.limits import Limits

ASKED = {"Accept": "application/sparql-results+json"}
FIELDS = ["time", "client", "method", "route", "status", "bytes", "seconds", "query", "outcome",
          "release"]  # fmt: skip


def entry(**changed: Any) -> Entry:
    usual = {"client": "192.0.2.77", "method": "GET", "route": "/", "status": 200, "bytes": 5}
    return Entry(**{**usual, "seconds": 0.25, "ended": 0.5, **changed})


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("ascii").splitlines()]


@pytest.fixture
def logged(releases: Path, tmp_path: Path) -> Iterator[tuple[Flask, Callable[[], list[Any]]]]:
    """An app, and what its log says once closed."""
    file = tmp_path / "access.log"
    values = {**Settings().values, "access-log-file": str(file), "access-log-clients": "full"}
    app = create_app(releases, Settings(values), limits=Limits(query_workers=1))

    def said() -> list[Any]:
        app.extensions["observer"].log.close(10)
        return lines(file)

    yield app, said
    app.extensions["observer"].log.close(10)
    app.extensions["unipact"].pool.close()


def test_line_has_all_fields_in_order(tmp_path: Path) -> None:
    log = AccessLog(tmp_path / "log", clients="full")

    log.write(entry(query="ab", release="r"))
    log.close(10)

    (line,) = lines(tmp_path / "log")
    assert list(line) == FIELDS
    assert line["time"] == "1970-01-01T00:00:00.500Z"
    assert (line["client"], line["status"], line["bytes"]) == ("192.0.2.77", 200, 5)


@given(st.text(st.characters(codec=None), max_size=300))
def test_no_text_forges_a_line_or_steers_a_terminal(text: str) -> None:
    line = entry(client=text, method=text, route=text, outcome=text, release=text).line("full")

    assert line.isprintable()
    assert line.isascii()
    assert list(json.loads(line)) == FIELDS
    assert len(line) < 8000


@pytest.mark.parametrize(
    ("client", "how", "shown"),
    [
        ("192.0.2.77", "full", "192.0.2.77"),
        ("192.0.2.77", "short", "192.0.2.0"),
        ("2001:db8:1:2::/64", "full", "2001:db8:1:2::"),
        ("2001:db8:1:2::/64", "short", "2001:db8:1::"),
        ("::ffff:192.0.2.77", "short", "192.0.2.0"),
        ("192.0.2.77", "none", ""),
        ("", "full", ""),
    ],
)
def test_client_is_shown_as_the_setting_says(client: str, how: str, shown: str) -> None:
    assert shown_client(client, how) == shown


def test_client_that_is_no_address_is_hashed() -> None:
    assert "secret" not in shown_client("token secret", "full")


def test_query_hash_knows_no_layout() -> None:
    assert query_hash("SELECT *{?s ?p 'a  b'}") == query_hash("SELECT  *  # c\n{ ?s ?p 'a  b' }")
    assert query_hash("SELECT *{?s ?p 'a  b'}") != query_hash("SELECT *{?s ?p 'a b'}")
    assert query_hash("\ud800") != query_hash("")


def test_long_query_is_hashed_without_being_read_or_kept() -> None:
    long = "{" * 1_000_000

    assert query_hash(long) == query_hash(long) != query_hash(long + " ")


def test_log_that_cannot_keep_up_leaves_lines_out_and_says_so(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    log = AccessLog(fifo)

    for _ in range(3 * MOST_WAITING):
        log.write(entry())
    os.set_blocking(reader, True)
    assert log.dropped > 0
    dropped = log.dropped
    with os.fdopen(reader, "rb") as pipe:
        told = 0
        while told < dropped:
            told += json.loads(pipe.readline()).get("dropped", 0)

    assert told == dropped


def test_full_disk_stops_nothing() -> None:
    log = AccessLog(Path("/dev/full"))

    log.write(entry())
    log.close(10)

    assert log.dropped == 1


def test_log_moved_away_is_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / "log"
    log = AccessLog(file)
    file.rename(tmp_path / "log.1")

    log.write(entry())
    log.close(10)

    assert len(lines(file)) == 1
    assert lines(tmp_path / "log.1") == []


def test_log_that_is_off_writes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    log = AccessLog.of(Settings({**Settings().values, "access-log": "off"}))

    log.write(entry())
    log.close(10)

    assert capfd.readouterr() == ("", "")


def test_log_goes_to_stderr_alone(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accesslog, "_STDERR", 2)
    log = AccessLog.of(Settings())

    log.write(entry())
    log.close(10)

    out, err = capfd.readouterr()
    assert (out, json.loads(err)["route"]) == ("", "/")


@pytest.mark.parametrize(
    ("name", "value"),
    [("access-log", "yes"), ("access-log-clients", "all"), ("access-log-file", "/dev/null/x")],
)
def test_setting_that_makes_no_sense_is_told(name: str, value: str) -> None:
    with pytest.raises(InputError):
        AccessLog.of(Settings({**Settings().values, name: value}))


def test_request_is_logged_by_its_pattern(logged: Any) -> None:
    app, said = logged
    client = app.test_client()

    size = len(client.get("/problems", buffered=True).data)
    client.get("/no/such/page\x1b[31m", buffered=True)
    client.head("/download/latest/unipact.nt", buffered=True)

    document, unknown, head = said()
    assert document["route"] == "/problems"
    assert (document["status"], document["bytes"], document["client"]) == (200, size, "127.0.0.1")
    assert (unknown["route"], unknown["status"]) == ("unmatched", 404)
    assert unknown["outcome"] == "not-found"
    assert (head["method"], head["bytes"], head["outcome"]) == ("HEAD", 0, "ok")


def test_query_is_logged_as_its_hash(logged: Any, release: Any) -> None:
    app, said = logged

    app.test_client().get("/sparql?query=ASK%7B%7D", headers=ASKED, buffered=True)

    (line,) = said()
    assert line["query"] == query_hash("ASK { }")
    assert (line["release"], line["outcome"]) == (release.id, "ok")


def test_query_in_a_body_is_logged_as_its_hash_on_pages_too(logged: Any) -> None:
    app, said = logged
    page = {**ASKED, "Accept": "text/html"}

    app.test_client().post("/sparql", data={"query": "ASK {"}, headers=page, buffered=True)

    (line,) = said()
    assert line["query"] == query_hash("ASK {")
    assert line["outcome"] == "syntax"


def test_refused_query_is_logged_by_the_kind_of_problem(logged: Any) -> None:
    app, said = logged

    app.test_client().get("/sparql?query=ASK{SERVICE<x:y>{}}", headers=ASKED, buffered=True)

    assert (said()[0]["status"], said()[0]["outcome"]) == (403, "fetch")


def test_client_that_left_is_logged_so(logged: Any) -> None:
    app, said = logged

    app.test_client().get("/download/latest/unipact.nt").close()

    assert said()[0]["outcome"] == "left"


def test_request_through_the_app_is_counted(logged: Any) -> None:
    app, _ = logged
    client = app.test_client()
    client.get("/problems", buffered=True)

    text = client.get("/metrics", buffered=True).text

    assert 'unipact_requests_total{method="GET",route="/problems",status="200"} 1.0' in text
    assert 'unipact_query_pool{what="idle"}' in text
    assert "unipact_release{id=" in text
