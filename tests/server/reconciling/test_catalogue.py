"""The index of names follows the release in force, whatever becomes of the process making it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.releases import Release
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits
from server.reconciling import catalogue
from server.reconciling.building import locations

Publish = Callable[..., Release]
DATA = """
PREFIX up: <https://w3id.org/unipact/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
BASE <https://w3id.org/unipact/>
INSERT DATA { GRAPH <graph/authority> { <id/KEY> a up:University ; skos:prefLabel "NAME"@en } }
"""
NAME = "Łódź University of Technology"


@pytest.fixture
def served(tmp_path: Path, republish: Publish) -> Iterator[Flask]:
    republish(tmp_path / "releases", tmp_path / "one", data("lodz", NAME))
    app = create_app(tmp_path / "releases", Settings(), limits=Limits(query_workers=1))
    yield app
    app.extensions["unipact"].close()


def data(key: str, name: str) -> str:
    return DATA.replace("KEY", key).replace("NAME", name)


def found(client: FlaskClient, name: str) -> list[str]:
    response = client.post("/reconcile", data={"queries": json.dumps({"q": {"query": name}})})
    assert response.status_code == 200, response.text
    return [one["id"].rpartition("/")[2] for one in response.json["q"]["result"]]


def test_names_of_another_release_are_found_once_it_is_in_force(
    served: Flask, tmp_path: Path, republish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "_SHORTLY", 60.0)
    client = served.test_client()
    before = found(client, NAME)

    republish(tmp_path / "releases", tmp_path / "two", data("graz", "Graz Music Academy"))
    served.extensions["unipact"].current.forget()

    assert (before, found(client, "Graz Music Academy")) == (["lodz"], ["graz"])
    assert found(client, NAME) == []


def test_one_process_makes_the_index_for_all_who_wait(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []
    build = catalogue._build
    monkeypatch.setattr(
        catalogue, "_build", lambda *given: (made.append(given[1]), build(*given))[1]
    )

    answers: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: answers.append(found(served.test_client(), NAME)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [["lodz"]] * 4
    assert len(made) == 1
    assert not made[0].exists()


def test_who_has_waited_long_is_told_to_come_again(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, build = threading.Event(), catalogue._build
    monkeypatch.setattr(catalogue, "_PATIENCE", 0.0)
    monkeypatch.setattr(catalogue, "_build", lambda *given: (held.wait(), build(*given))[1])

    response = served.test_client().get("/reconcile?query=a")
    held.set()

    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")


def test_process_that_fails_is_a_problem_and_is_tried_again(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = served.test_client()
    with monkeypatch.context() as patch:
        patch.setattr(catalogue, "_MODULE", "server.reconciling.nothing")
        failed = client.get("/reconcile?query=a")

    assert (failed.status_code, failed.json["type"]) == (500, "/problems#internal")
    assert found(client, NAME) == ["lodz"]


def test_manifest_and_suggestions_need_no_index(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "_MODULE", "server.reconciling.nothing")
    client = served.test_client()

    answers = [client.get(f"/reconcile{path}") for path in ("", "/suggest/entity?prefix=lodz")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json["result"][0]["name"] == NAME


def test_places_are_read_as_the_engine_writes_them() -> None:
    lines = [
        "?thing\t?country\t?code\t?name\t?city\n",
        '<urn:a>\t<urn:it>\t"IT"\t"It\\"aly\\t"@en\t\n',
        '<urn:a>\t\t\t\t"Milano"@it\n',
        "<urn:b>\t<urn:no>\t\t\t\n",
    ]

    read = locations(lines)

    assert (read["urn:a"].country, read["urn:a"].country_name) == ("IT", 'It"aly\t')
    assert read["urn:a"].city == "Milano"
    assert read["urn:b"].country == "urn:no"
