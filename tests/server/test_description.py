"""The service description."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg.releases.loading import load_release
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits
from server.sparql.description import FUNCTIONS
from server.sparql.textsearch import SERVICE

SD = "http://www.w3.org/ns/sparql-service-description#"
Parse = Callable[[bytes, str], set[ox.Triple]]


def said(client: FlaskClient, parse: Parse, predicate: str) -> set[str]:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    found = parse(response.data, "text/turtle")
    return {triple.object.value for triple in found if triple.predicate.value == SD + predicate}


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_bare_get_is_the_description_in_each_format(
    client: FlaskClient, parse: Parse, accept: str
) -> None:
    response = client.get("/sparql", headers={"Accept": accept})

    assert SD + "Service" in {triple.object.value for triple in parse(response.data, accept)
                              if triple.predicate.value.endswith("#type")}  # fmt: skip


def test_description_tells_the_default_dataset(client: FlaskClient, parse: Parse) -> None:
    assert said(client, parse, "feature") == {SD + "UnionDefaultGraph", SERVICE}
    assert said(client, parse, "defaultDataset") == {"https://w3id.org/unipact/dataset"}
    assert "https://w3id.org/unipact/graph/authority" in said(client, parse, "name")


def test_description_has_the_void_of_the_data(client: FlaskClient, parse: Parse) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})

    assert b"void:Dataset" in response.data


def test_engine_has_every_function_that_is_described(client: FlaskClient, parse: Parse) -> None:
    functions = sorted(said(client, parse, "extensionFunction"))

    calls = " ".join(f"(<{name}>() AS ?x{number})" for number, name in enumerate(functions))
    assert len(functions) == len(FUNCTIONS)
    assert list(ox.Store().query(f"SELECT {calls} {{}}"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "repeated"),
    [("localhost:8000", True), ("127.0.0.1", True), ("evil.example", False), ("127.evil", False)],
)
def test_only_a_local_host_is_repeated(
    client: FlaskClient, parse: Parse, host: str, repeated: bool
) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle", "Host": host})

    assert (f"http://{host}/sparql" in response.text) == repeated
    assert "https://w3id.org/unipact/sparql" in response.text


def test_description_is_not_sent_again(client: FlaskClient) -> None:
    accept = {"Accept": "text/turtle"}
    tag = client.get("/sparql", headers=accept).headers["ETag"]

    assert client.get("/sparql", headers={**accept, "If-None-Match": tag}).status_code == 304


def test_release_with_its_own_default_graph_says_so(tmp_path: Path, parse: Parse) -> None:
    data = tmp_path / "data.trig"
    data.write_text("<urn:a> <urn:b> 1 . GRAPH <urn:g> { <urn:a> <urn:b> 1, 2 }", encoding="utf-8")
    load_release([data], tmp_path / "releases", default_graph="store")
    app = create_app(tmp_path / "releases", Settings(), limits=Limits(query_workers=1))
    client = app.test_client()

    try:
        features, names = said(client, parse, "feature"), said(client, parse, "name")
        count = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}
        answer = client.get("/sparql", query_string=count, buffered=True).text
    finally:
        app.extensions["unipact"].pool.close()

    assert (features, names, answer.split()) == ({SERVICE}, {"urn:g"}, ["n", "1"])
