"""/store: graphs by name, directly and indirectly."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

BASE = "https://w3id.org/unipact/"
AUTHORITY = f"{BASE}graph/authority"
Parse = Callable[[bytes, str], set[ox.Triple]]


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_graph_comes_in_each_format(client: FlaskClient, parse: Parse, accept: str) -> None:
    response = client.get(
        "/store", query_string={"graph": AUTHORITY}, headers={"Accept": accept}, buffered=True
    )

    assert response.content_type.startswith(accept)
    assert len(parse(response.data, accept)) == 8


def test_default_graph_has_each_triple_once(client: FlaskClient, parse: Parse) -> None:
    response = client.get("/store?default&format=nt", buffered=True)

    assert len(response.data.splitlines()) == 31
    assert len(parse(response.data, "application/n-triples")) == 31


def test_graph_is_the_same_by_its_own_address(client: FlaskClient, parse: Parse) -> None:
    indirect = client.get("/store", query_string={"graph": AUTHORITY}, buffered=True)
    direct = client.get("/graph/authority", headers={"Accept": "text/turtle"}, buffered=True)

    assert parse(direct.data, "text/turtle") == parse(indirect.data, "text/turtle")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("graph=urn:nobody", 404),
        (f"graph={BASE}graph/none", 404),
        ("graph=", 400),
        ("graph=authority", 400),
        ("graph=urn:a%3E%20%7B", 400),
        (f"graph={AUTHORITY}&graph={AUTHORITY}", 400),
        (f"graph={AUTHORITY}&default", 400),
        ("default&format=pdf", 406),
    ],
)
def test_wrong_graphs_are_told(client: FlaskClient, query: str, status: int) -> None:
    response = client.get(f"/store?{query}", buffered=True)

    assert response.status_code == status
    assert response.content_type == "application/problem+json"


def test_graph_below_the_store_that_is_not_there(client: FlaskClient) -> None:
    assert client.get("/store/person/1.ttl", buffered=True).status_code == 404


def test_head_has_the_headers_of_get(client: FlaskClient) -> None:
    head = client.head("/store?default")
    get = client.get("/store?default", buffered=True)

    names = ("Content-Type", "Content-Length", "ETag", "Vary", "X-Release", "Link")
    assert [head.headers[name] for name in names] == [get.headers[name] for name in names]
    assert head.data == b""


def test_graph_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/store?default", buffered=True).headers["ETag"]

    response = client.get("/store?default", headers={"If-None-Match": tag}, buffered=True)

    assert (response.status_code, response.data) == (304, b"")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_server_that_only_reads_says_so(client: FlaskClient, method: str) -> None:
    response = client.open("/store?default", method=method, data=b"")

    assert response.status_code == 403
    assert "--writable" in response.get_json()["hint"]


def test_graphs_have_no_other_methods(client: FlaskClient) -> None:
    response = client.open("/store?default", method="PATCH", data=b"")

    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [("", "trig"), ("application/n-quads", "nq"), ("application/ld+json", "jsonld")],
)
def test_whole_dataset_is_a_file(client: FlaskClient, accept: str, suffix: str) -> None:
    response = client.get("/store", headers={"Accept": accept})

    assert response.status_code == 303
    assert response.headers["Location"] == f"/download/latest/unipact.{suffix}"
