"""/sparql as clients see it."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from kg.releases import Release
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits
from server.sparql.pool import Broken

NAMES = "SELECT ?s ?name { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }"
PRODUCT = """SELECT (COUNT(*) AS ?all) {
  ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o
  FILTER(STRLEN(STR(?c)) + STRLEN(STR(?o)) = -1)
}"""
ENDLESS = "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o}"


@pytest.fixture
def hurried(releases: Path) -> Iterator[Flask]:
    """An app whose queries have a second."""
    limits = Limits(query_seconds=0.5, query_workers=1, query_memory=256, query_nesting=10**6,
                    query_length=10**6, query_patterns=10**6)  # fmt: skip
    app = create_app(releases, Settings(), limits=limits)
    yield app
    app.extensions["unipact"].pool.close()


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
        ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
    ],
)
def test_results_come_back_in_each_format(
    client: FlaskClient, accept: str, format: ox.QueryResultsFormat
) -> None:
    response = client.get("/sparql", query_string={"query": NAMES}, headers={"Accept": accept})

    assert response.content_type.startswith(accept)
    found = ox.parse_query_results(io.BytesIO(response.data), format=format)
    assert isinstance(found, ox.QuerySolutions)
    assert {row["name"].value for row in found} >= {"Łódź University of Technology"}


def test_results_come_back_as_csv(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": NAMES, "format": "csv"})

    assert response.text.splitlines()[0] == "s,name"
    assert len(response.text.splitlines()) == 5


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_graphs_come_back_in_each_format(
    client: FlaskClient, accept: str, parse: Callable[[bytes, str], set[ox.Triple]]
) -> None:
    query = "CONSTRUCT WHERE { ?s <http://www.w3.org/2004/02/skos/core#altLabel> ?o }"

    response = client.post("/sparql", data={"query": query}, headers={"Accept": accept})

    assert [triple.object.value for triple in parse(response.data, accept)] == ["SPbPU"]


def test_default_graph_is_the_merge_with_each_triple_once(client: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    response = client.get("/sparql", query_string={"query": query, "format": "csv"})

    assert response.text.split() == ["n", "31"]


def test_protocol_dataset_replaces_the_merge(client: FlaskClient) -> None:
    graph = "https://w3id.org/unipact/graph/authority"
    query = "SELECT (COUNT(*) AS ?n) FROM <urn:other> { ?s ?p ?o }"

    asked = {"query": query, "format": "csv", "default-graph-uri": graph}

    assert client.get("/sparql", query_string=asked).text.split() == ["n", "8"]


def test_syntax_error_has_its_place_and_a_caret(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "SELECT * {\n  ?s foaf:name ?o }"})

    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert response.json is not None
    assert response.json["where"] == {"line": 2, "column": 6}
    assert response.json["hint"].splitlines()[:2] == ["  ?s foaf:name ?o }", "     ^"]
    assert "PREFIX foaf:" in response.json["hint"]


def test_service_is_refused_without_a_connection(client: FlaskClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        query = f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"

        response = client.get("/sparql", query_string={"query": query})

        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert response.status_code == 403
    assert response.json is not None
    assert response.json["where"] == {"line": 1, "column": 12}


def test_worker_itself_cannot_connect(app: Flask) -> None:
    """What the lexer might miss still reaches nobody."""
    from server.problems import Problem
    from server.sparql.frames import Job

    pool = app.extensions["unipact"].pool
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"

        with pytest.raises(Problem, match="could not finish"):
            pool.run(Job(query, "json"))

        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_runaway_is_stopped_and_its_process_replaced(hurried: Flask) -> None:
    client, pool = hurried.test_client(), hurried.extensions["unipact"].pool
    assert client.get("/sparql?query=ASK{}").status_code == 200
    before = pool.pids()

    response = client.get("/sparql", query_string={"query": PRODUCT})

    assert response.status_code == 503
    assert response.json is not None
    assert response.json["type"] == "/problems#timeout"
    assert client.get("/sparql?query=ASK{}").status_code == 200
    assert not set(before) & set(pool.pids())


@pytest.mark.parametrize(
    "query",
    ["ASK" + "{" * 20000 + "}" * 20000, ENDLESS.replace("*", "DISTINCT *") + " ORDER BY ?c ?f"],
    ids=["deep nesting", "too much memory"],
)
def test_query_that_ends_its_process_hurts_nobody_else(hurried: Flask, query: str) -> None:
    client = hurried.test_client()

    response = client.post("/sparql", data={"query": query})

    assert response.status_code in (500, 503)
    assert client.get("/sparql?query=ASK{}").status_code == 200


def test_late_failure_breaks_the_answer(hurried: Flask) -> None:
    response = hurried.test_client().get("/sparql", query_string={"query": ENDLESS})

    assert response.status_code == 200
    with pytest.raises(Broken):
        _ = response.data
    assert hurried.test_client().get("/sparql?query=ASK{}").status_code == 200


def test_result_beyond_the_limit_is_an_error_not_a_cut(releases: Path) -> None:
    app = create_app(releases, Settings(), limits=Limits(result_bytes=100, query_workers=1))

    response = app.test_client().get("/sparql", query_string={"query": NAMES})

    app.extensions["unipact"].pool.close()
    assert response.status_code == 422


def test_busy_pool_says_when_to_come_back(releases: Path) -> None:
    app = create_app(releases, Settings(), limits=Limits(query_workers=1, query_wait=0.05))
    pool = app.extensions["unipact"].pool
    app.test_client().get("/sparql?query=ASK{}")  # so that the worker is there
    from server.sparql.frames import Job

    answer = pool.run(Job(ENDLESS, "json"))
    response = app.test_client().get("/sparql?query=ASK{?other ?p ?o}")

    answer.close()
    pool.close()
    assert response.status_code == 503
    assert response.headers["Retry-After"]


def test_new_release_is_seen_and_the_old_answer_ends_on_the_old_one(
    tmp_path: Path, republish: Callable[..., Release]
) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    lines = [f'<urn:s> <urn:p> "{number} {"x" * 200}" .' for number in range(2000)]
    many = f"INSERT DATA {{ GRAPH <urn:g> {{ {' '.join(lines)} }} }}"
    first = republish(tmp_path / "releases", tmp_path / "work", many)
    app = create_app(tmp_path / "releases", Settings(), limits=Limits(query_workers=1))
    client = app.test_client()
    old = client.get("/sparql", query_string={"query": "SELECT * {?s ?p ?o}", "format": "csv"})

    second = republish(
        tmp_path / "releases",
        tmp_path / "work2",
        "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }",
    )
    new = client.get("/sparql", query_string={"query": count, "format": "csv"})

    assert old.text.count("urn:s") == 2000
    assert (old.headers["X-Release"], new.headers["X-Release"]) == (first.id, second.id)
    app.extensions["unipact"].pool.close()


def test_head_has_the_headers_and_frees_the_worker(client: FlaskClient) -> None:
    for _ in range(3):
        response = client.head("/sparql", query_string={"query": NAMES})

    assert response.status_code == 200
    assert response.data == b""
    assert int(response.headers["Content-Length"]) > 0


def test_preflight_allows_any_site(client: FlaskClient) -> None:
    response = client.options("/sparql", headers={"Origin": "https://example.org"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]


def test_bare_get_describes_the_service(
    client: FlaskClient, parse: Callable[[bytes, str], set[ox.Triple]]
) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})

    predicates = {triple.predicate.value for triple in parse(response.data, "text/turtle")}
    assert "http://www.w3.org/ns/sparql-service-description#endpoint" in predicates


def test_browser_gets_a_table_with_escaped_values(client: FlaskClient) -> None:
    query = "SELECT ?words { ?s <https://w3id.org/unipact/ontology#words> ?words }"

    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})

    assert "at first as an &lt;observer&gt;" in response.text
    assert "1 row</h2>" in response.text


def test_browser_gets_the_form_again_with_what_is_wrong(client: FlaskClient) -> None:
    response = client.get("/sparql?query=SELECT+{", headers={"Accept": "text/html"})

    assert response.status_code == 400
    assert "<textarea" in response.text
    assert "this { is never closed" in response.text


def test_page_says_that_rows_are_left_out(releases: Path) -> None:
    app = create_app(releases, Settings(), limits=Limits(page_rows=2, query_workers=1))

    response = app.test_client().get(
        "/sparql", query_string={"query": NAMES}, headers={"Accept": "text/html"}
    )

    app.extensions["unipact"].pool.close()
    assert "2 rows shown, there are more" in response.text


def test_graph_that_is_named_twice_counts_once(client: FlaskClient) -> None:
    graph = "<https://w3id.org/unipact/graph/authority>"
    query = f"SELECT (COUNT(*) AS ?n) FROM {graph} FROM {graph} {{ ?s ?p ?o }}"

    response = client.get("/sparql", query_string={"query": query, "format": "csv"})

    assert response.text.split() == ["n", "8"]


def test_triple_of_two_default_graphs_counts_once(
    tmp_path: Path, republish: Callable[..., Release]
) -> None:
    data = """INSERT DATA {
      GRAPH <urn:a> { <urn:s> <urn:p> 1, 2 } GRAPH <urn:b> { <urn:s> <urn:p> 2, 3 }
    }"""
    republish(tmp_path / "releases", tmp_path / "work", data)
    app = create_app(tmp_path / "releases", Settings(), limits=Limits(query_workers=1))
    count = "SELECT (COUNT(*) AS ?n) FROM <urn:a> FROM <urn:b> { ?s <urn:p> ?o }"
    asked = [("query", count), ("format", "csv")]
    graphs = [("default-graph-uri", "urn:a"), ("default-graph-uri", "urn:b")]

    try:
        found = [
            app.test_client().get("/sparql", query_string=MultiDict(parameters)).text.split()[1]
            for parameters in (asked, [*asked, *graphs], [*asked, graphs[0]])
        ]
    finally:
        app.extensions["unipact"].pool.close()

    assert found == ["3", "3", "2"]


def test_relative_iri_is_resolved_against_the_endpoint(client: FlaskClient) -> None:
    query = "SELECT (<x> AS ?iri) {}"

    response = client.get("/sparql", query_string={"query": query, "format": "csv"})

    assert response.text.split() == ["iri", "https://w3id.org/unipact/x"]
