"""The views of data that mean harm, or that hold next to nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.settings import Settings
from server.app import create_app
from server.limits import Limits
from tests.server.conftest import publish

EVIL = '</title><script>alert(1)</script> \u202e\u0001 " onload=x 😀' + "長" * 3000
NAME = json.dumps(EVIL, ensure_ascii=False)
DATA = f"""
PREFIX up: <https://w3id.org/unipact/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
BASE <https://w3id.org/unipact/>
INSERT DATA {{
  GRAPH <graph/authority> {{
    <id/evil> a up:University , up:Organization ; skos:prefLabel {NAME}@en .
    <id/plain> a up:University , up:Organization ; up:country <id/nowhere> .
    <id/x'y?z=1> a up:Alliance , up:Organization .
    <id/nowhere> a up:Country .
  }}
  GRAPH <graph/article/a> {{
    <id/a/one> a up:Partnership ; up:party <id/evil> , <id/plain> ; up:begin <id/a/one#begin> .
    <id/a/two> a up:Membership ; up:member <id/evil> ; up:organization <id/x'y?z=1> ;
        up:reality <concept/reality/prospective> ; up:when <id/a/two#when> .
    <id/a/one#begin> up:edtf "{"<b>" * 500}" ; up:printed "<script>alert(2)</script>" ;
        up:earliest "2020-02-31" ; up:latest "0000-00-00" .
    <id/a/two#when> up:edtf "2020/.." ; up:earliest "9999-12-31"^^xsd:date ;
        up:latest "0001-01-01"^^xsd:date .
  }}
}}
"""
VIEWS = ("", "/network", "/network?show=all", "/map", "/timeline")
PICTURES = ("network", "map", "timeline")


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from served(tmp_path_factory.mktemp("evil"), DATA)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    nothing = "INSERT DATA { GRAPH <urn:x> { <urn:a> <urn:b> <urn:c> } }"
    yield from served(tmp_path_factory.mktemp("empty"), nothing)


def served(folder: Path, data: str) -> Iterator[Flask]:
    publish(folder / "releases", folder / "work", data)
    app = create_app(folder / "releases", Settings(), limits=Limits(query_workers=1))
    yield app
    app.extensions["unipact"].close()


def client(app: Flask) -> FlaskClient:
    found = app.test_client()
    found.environ_base["HTTP_ACCEPT"] = "text/html"
    return found


class Reader(HTMLParser):
    """Collects the names of attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update(name for name, _ in attrs)


def attributes(text: str) -> set[str]:
    """Return the names of all attributes of a page."""
    reader = Reader()
    reader.feed(text)
    return reader.found


@pytest.mark.parametrize("view", VIEWS)
def test_names_are_only_text(evil: Flask, view: str) -> None:
    response = client(evil).get(f"/explore{view}")

    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "onload" not in attributes(response.text)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_stay_xml(evil: Flask, name: str) -> None:
    text = client(evil).get(f"/explore/{name}.svg").text

    assert "script" not in {
        one.tag.rpartition("}")[2] for one in ElementTree.fromstring(text).iter()
    }


def test_network_of_programs_stays_xml(evil: Flask) -> None:
    assert ElementTree.fromstring(client(evil).get("/explore/network.gexf").data) is not None


@pytest.mark.parametrize("view", VIEWS)
def test_release_without_ties_has_pages_that_say_so(empty: Flask, view: str) -> None:
    response = client(empty).get(f"/explore{view}")

    assert response.status_code == 200
    assert "<title>" in response.text


@pytest.mark.parametrize("name", PICTURES)
def test_release_without_ties_has_pictures_and_tables(empty: Flask, name: str) -> None:
    for suffix in ("svg", "csv"):
        assert client(empty).get(f"/explore/{name}.{suffix}").status_code == 200
