"""Names that the release in force does not know."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.releases import Release
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits

ID = "https://w3id.org/unipact/id/"
RETIRED = {
    "polytech": f"{ID}spbpu",
    "older": f"{ID}polytech",
    "dropped": "",
    "came-to-nothing": f"{ID}dropped",
    "round": f"{ID}about",
    "about": f"{ID}round",
    "elsewhere": "https://example.org/x",
}


@pytest.fixture
def client(tmp_path: Path, republish: Callable[..., Release]) -> Iterator[FlaskClient]:
    folder = tmp_path
    release = republish(folder / "releases", folder / "work")
    rows = "".join(f"{ID}{old}\t{new}\n" for old, new in RETIRED.items())
    (release.path / "retired.tsv").write_text(f"iri\tsuccessor\n{rows}", encoding="utf-8")
    purged = dict.fromkeys([f"{ID}secret", "https://w3id.org/unipact/article/2020-01-01-gone"])
    (folder / "releases" / "purged.json").write_text(json.dumps(purged), encoding="utf-8")
    app = create_app(folder / "releases", Settings(), limits=Limits(query_workers=1))
    yield app.test_client()
    app.extensions["unipact"].pool.close()


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/id/polytech", "/id/spbpu"),
        ("/id/elsewhere", "https://example.org/x"),
        ("/doc/polytech", "/doc/spbpu"),
        ("/doc/polytech.ttl", "/doc/spbpu.ttl"),
        ("/doc/older", "/doc/spbpu"),
        ("/doc/elsewhere", "https://example.org/x"),
    ],
)
def test_retired_name_leads_to_its_successor(client: FlaskClient, path: str, target: str) -> None:
    response = client.get(path, buffered=True)

    assert (response.status_code, response.headers["Location"]) == (301, target)


@pytest.mark.parametrize(
    "path",
    ["/id/dropped", "/doc/dropped", "/doc/came-to-nothing", "/doc/round", "/id/about",
     "/id/secret", "/doc/secret.nt", "/article/2020-01-01-gone", "/doc/2020-01-01-gone/talks"],
)  # fmt: skip
def test_what_was_withdrawn_is_gone(client: FlaskClient, path: str) -> None:
    response = client.get(path, buffered=True)

    assert response.status_code == 410
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/doc/silk-road", "/doc/university-of-silk-xyz", "/doc/allianse", "/id-/silk"]
)
def test_unknown_name_is_told_the_nearest(client: FlaskClient, path: str) -> None:
    response = client.get(path, buffered=True)

    assert response.status_code == 404
    assert response.json is not None
    assert ("/doc/uasr" in response.json["hint"]) == path.startswith("/doc")


def test_thing_is_described_by_its_document(client: FlaskClient) -> None:
    response = client.get("/id/spbpu")

    assert (response.status_code, response.headers["Location"]) == (303, "/doc/spbpu")
    assert response.headers["Link"] == '</doc/spbpu>; rel="describedby"'


def test_document_by_suffix_does_not_vary_by_accept(client: FlaskClient) -> None:
    assert "Accept," not in client.get("/doc/spbpu.ttl", buffered=True).headers["Vary"]
    assert "Accept," in client.get("/doc/spbpu?format=ttl", buffered=True).headers["Vary"] + ","


def test_document_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/doc/spbpu.ttl", buffered=True).headers["ETag"]

    response = client.get("/doc/spbpu.ttl", headers={"If-None-Match": tag}, buffered=True)

    assert (response.status_code, response.data) == (304, b"")
