"""What takes longer is made after the write: dumps, label index, statistics."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from kg.releases import Releases
from tests.server.writing.curator import curator, writable

EVENTUALLY = 120.0  # seconds until what must come counts as not coming


@pytest.fixture
def app(releases: Releases) -> Iterator[Flask]:
    with writable(releases.root) as app:
        yield app


def until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + EVENTUALLY
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    return holds()


def test_written_release_gets_its_dumps_and_latest_says_what_it_is_until_then(app: Flask) -> None:
    anna, client = curator(app), app.test_client()
    before = anna.release()

    anna.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> <urn:c> } }")
    waiting = client.get("/download/latest")
    written = anna.release()

    assert waiting.headers["X-Pending-Release"] == written
    assert waiting.get_json()["release"] == before
    assert until(lambda: client.get("/download/latest").get_json()["release"] == written)
    with client.get("/download/latest/unipact.nq") as dump:
        assert "<urn:a> <urn:b> <urn:c> <urn:g> ." in dump.text
        assert "X-Pending-Release" not in dump.headers


def test_newest_of_several_writes_gets_its_dumps(app: Flask) -> None:
    anna, client = curator(app), app.test_client()
    for number in range(3):
        anna.update(f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:a> <urn:b> {number} }} }}")
    newest = anna.release()

    assert until(lambda: client.get("/download/latest").get_json()["release"] == newest)

    with client.get("/download/latest/unipact.nq") as dump:
        assert dump.text.count("<urn:a> <urn:b> ") == 3


def test_new_name_is_found_once_the_index_is_made(app: Flask) -> None:
    anna, client = curator(app), app.test_client()
    label = '<http://www.w3.org/2004/02/skos/core#prefLabel> "Zzyzx Polytechnic"@en'
    name = "<https://w3id.org/unipact/id/zzyzx>"
    kind = "<https://w3id.org/unipact/ontology#University>"
    authority = "<https://w3id.org/unipact/graph/authority>"

    anna.update(f"INSERT DATA {{ GRAPH {authority} {{ {name} a {kind} ; {label} }} }}")

    def found() -> bool:
        return bool(client.get("/search?q=zzyzx").get_json()["hits"])

    assert until(found)


def test_old_releases_are_removed_when_the_server_is_told_to_but_none_that_is_read(
    releases: Releases,
) -> None:
    with writable(releases.root, keep_releases=1) as app:
        anna, client = curator(app), app.test_client()
        for number in range(5):
            anna.update(f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:a> <urn:b> {number} }} }}")

        assert until(lambda: len(releases.list()) < 5)
        assert client.get("/sparql?query=ASK{}").status_code == 200
        assert anna.release() in {one.id for one in releases.list()}
