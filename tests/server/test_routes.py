"""Pages, linked data, downloads, search and problems."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.releases import Release
from kg.settings import SETTINGS, Settings
from server.app import create_app
from server.limits import Limits
from server.pages.examples import EXAMPLES
from server.problems import KINDS

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SPBPU = "https://w3id.org/unipact/id/spbpu"


@pytest.mark.parametrize(
    "path",
    ["/", "/sparql", "/search", "/search?q=uni", "/download", "/ontology", "/problems",
     "/doc/spbpu", "/doc/2020-12-04-uasr/observer", "/article/2020-12-04-uasr",
     "/graph/article/2020-12-04-uasr"],
)  # fmt: skip
def test_page_is_html_that_asks_no_other_host(client: FlaskClient, path: str) -> None:
    response = client.get(path, buffered=True, headers=PAGE)

    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert not re.search(r"<script(?! src=| type=\S+ src=| type=\"application/ld)", response.text)
    assert 'src="http' not in response.text
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_home_names_the_release_and_links_the_examples(
    client: FlaskClient, release: Release
) -> None:
    text = client.get("/", headers=PAGE).text

    assert release.id in text
    assert all(f'href="{example.link}"' in text for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question[:30])
def test_example_runs(client: FlaskClient, example: object) -> None:
    response = client.get(example.link, headers=PAGE)  # type: ignore[attr-defined]

    assert response.status_code == 200


def test_thing_redirects_to_its_document(client: FlaskClient) -> None:
    response = client.get("/id/2020-12-04-uasr/observer")

    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/doc/2020-12-04-uasr/observer",
    )


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
    ],
)
def test_document_is_the_same_by_accept_and_by_suffix(
    client: FlaskClient, accept: str, suffix: str, parse: Callable[[bytes, str], set[ox.Triple]]
) -> None:
    negotiated = client.get("/doc/spbpu", headers={"Accept": accept})
    suffixed = client.get(f"/doc/spbpu.{suffix}", headers=PAGE)

    assert negotiated.mimetype == suffixed.mimetype == accept
    assert "Accept" in negotiated.headers["Vary"]
    triples = parse(negotiated.data, accept)
    assert triples == parse(suffixed.data, accept)
    assert {triple.subject.value for triple in triples} == {SPBPU}


def test_document_holds_the_parts_of_the_thing(client: FlaskClient) -> None:
    text = client.get("/doc/2020-12-04-uasr/observer.nt").text

    assert "observer#begin> <https://w3id.org/unipact/ontology#edtf>" in text


def test_article_holds_its_passages_and_their_quotes(client: FlaskClient) -> None:
    assert "at first as an <observer>" in client.get("/article/2020-12-04-uasr.nt").text


def test_document_links_its_other_forms(client: FlaskClient) -> None:
    link = client.head("/doc/spbpu").headers["Link"]

    assert '</doc/spbpu.ttl>; rel="alternate"; type="text/turtle"' in link
    assert f'<{SPBPU}>; rel="describes"' in link


def test_page_links_to_this_server_and_shows_why(client: FlaskClient) -> None:
    text = client.get("/doc/uasr", headers=PAGE).text

    assert 'href="/doc/2020-12-04-uasr/observer"' in text
    assert "Why?" in text
    assert "at first as an &lt;observer&gt;" in text
    assert 'class="status actual">ended' in text


def test_names_in_other_languages_are_marked(client: FlaskClient) -> None:
    text = client.get("/doc/spbpu", headers=PAGE).text

    assert '<h1><bdi lang="en">St. Petersburg Polytechnic University</bdi>' in text
    assert '<bdi lang="zh">圣彼得堡理工大学</bdi>' in text


def test_ontology_page_has_an_anchor_for_each_term(client: FlaskClient) -> None:
    text = client.get("/ontology", headers=PAGE).text

    assert '<tr id="University">' in text
    assert "It teaches." in text


@pytest.mark.parametrize(
    "path",
    ["/doc/nobody", "/doc/nobody.ttl", "/doc/spbpu.zip", "/graph/none", "/concept/kind/x", "/nix",
     "/doc/a%3Eb%7B%7D", "/doc/%00", "/ontology.zip", "/download/latest/nix", "/doc/"],
)  # fmt: skip
def test_unknown_address_is_a_problem_with_a_way_out(client: FlaskClient, path: str) -> None:
    response = client.get(path, buffered=True)

    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert response.json is not None
    assert set(response.json) >= {"type", "title", "status", "detail", "hint"}


def test_injection_into_an_iri_finds_nothing(client: FlaskClient) -> None:
    path = "/doc/x%3E%20%3Fp%20%3Fo%20%7D%20%23"

    assert client.get(path, buffered=True).status_code == 404


def test_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    response = client.delete("/doc/spbpu")

    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert response.content_type == "application/problem+json"


def test_large_body_is_refused(client: FlaskClient) -> None:
    response = client.post(
        "/sparql", data=b"x" * (1 << 21), content_type="application/sparql-query"
    )

    assert response.status_code == 413


def test_fault_of_the_server_tells_nothing_of_its_inside(app: Flask) -> None:
    site = app.extensions["unipact"]
    broken, site.current = site.current, lambda: 1 / 0
    try:
        response = app.test_client().get("/download")
    finally:
        site.current = broken

    assert response.status_code == 500
    assert response.json is not None
    assert "division" not in response.text


def test_browser_gets_a_problem_as_a_page(client: FlaskClient) -> None:
    response = client.get("/doc/nobody", headers=PAGE)

    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "/search?q=nobody" in response.text


def test_every_kind_of_problem_is_explained(client: FlaskClient) -> None:
    text = client.get("/problems", headers=PAGE).text

    assert all(f'id="{name}"' in text for name in KINDS)


def test_download_has_length_checksum_and_name(client: FlaskClient, release: Release) -> None:
    response = client.get("/download/latest/unipact.ttl", buffered=True)

    digest = hashlib.sha256(response.data).hexdigest()
    assert response.headers["ETag"] == f'"{digest}"'
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert f"unipact-{release.id}.ttl" in response.headers["Content-Disposition"]
    assert response.mimetype == "text/turtle"


def test_download_in_ranges(client: FlaskClient, release: Release) -> None:
    path = f"/download/{release.id}/unipact.nt"
    whole = client.get(path, buffered=True).data

    part = client.get(path, buffered=True, headers={"Range": "bytes=10-19"})
    beyond = client.get(path, buffered=True, headers={"Range": f"bytes={len(whole)}-"})

    assert (part.status_code, part.data) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole)}"


def test_download_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.head("/download/latest/unipact.nq").headers["ETag"]

    response = client.get(
        "/download/latest/unipact.nq", buffered=True, headers={"If-None-Match": tag}
    )

    assert (response.status_code, response.data) == (304, b"")


def test_compressed_download_stays_compressed(client: FlaskClient) -> None:
    response = client.get("/download/latest/unipact.nt.gz", buffered=True)

    assert response.mimetype == "application/gzip"
    assert "Content-Encoding" not in response.headers
    assert (
        gzip.decompress(response.data)
        == client.get("/download/latest/unipact.nt", buffered=True).data
    )


@pytest.mark.parametrize(
    "path",
    ["../manifest.json", "..%2fmanifest.json", "%2e%2e/manifest.json", "manifest.json", "search.db",
     "store", "..", "/etc/passwd", "....//void.ttl", "dump%2funipact.ttl", "%00"],
)  # fmt: skip
def test_no_other_file_can_be_downloaded(client: FlaskClient, path: str) -> None:
    assert client.get(f"/download/latest/{path}").status_code == 404


@pytest.mark.parametrize("name", ["..", "current", "0" * 16, "7", "LATEST"])
def test_unknown_release_is_a_problem(client: FlaskClient, name: str) -> None:
    assert client.get(f"/download/{name}/unipact.ttl").status_code == 404


def test_withdrawn_release_is_gone(tmp_path: Path, republish: Callable[..., Release]) -> None:
    republish(tmp_path / "releases", tmp_path / "work")
    (tmp_path / "releases" / "purged.json").write_text(json.dumps({"0" * 16: None}), "utf-8")
    app = create_app(tmp_path / "releases", Settings(), limits=Limits(query_workers=1))

    response = app.test_client().get(f"/download/{'0' * 16}/unipact.ttl")

    app.extensions["unipact"].pool.close()
    assert response.status_code == 410


def test_description_of_the_dataset_is_well_known(client: FlaskClient) -> None:
    response = client.get("/.well-known/void", buffered=True, follow_redirects=True)

    assert response.mimetype == "text/turtle"


@pytest.mark.parametrize("text", ["lodz", "ŁÓDŹ univ", "łódź"])
def test_search_folds_names(client: FlaskClient, text: str) -> None:
    response = client.get("/search", query_string={"q": text})

    assert response.json is not None
    assert [hit["page"] for hit in response.json["hits"]] == ["/doc/lodz"]


def test_search_names_an_entity_once(client: FlaskClient) -> None:
    response = client.get("/search", query_string={"q": "理工"}, headers=PAGE)

    assert response.text.count('href="/doc/spbpu"') == 1


@pytest.mark.parametrize("text", ['"', "*", "AND", "NEAR(", "'; DROP", "\0", "<b>", "%"])
def test_search_takes_any_text(client: FlaskClient, text: str) -> None:
    response = client.get("/search", query_string={"q": text}, headers=PAGE)

    assert response.status_code == 200
    assert "<b>" not in response.text


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=101", "q=" + "x" * 300])
def test_search_beyond_its_limits_is_told(client: FlaskClient, query: str) -> None:
    assert client.get(f"/search?{query}").status_code == 400


def test_health_knows_the_release_and_the_workers(client: FlaskClient, release: Release) -> None:
    response = client.get("/health")

    assert response.json is not None
    assert (response.json["status"], response.json["release"]) == ("ok", release.id)


def test_health_fails_without_a_release(tmp_path: Path) -> None:
    app = create_app(tmp_path, Settings(), limits=Limits(query_workers=1))

    response = app.test_client().get("/health")
    page = app.test_client().get("/", headers=PAGE)

    app.extensions["unipact"].pool.close()
    assert (response.status_code, page.status_code) == (503, 503)
    assert str(tmp_path) not in response.text + page.text


def test_limits_and_the_table_of_settings_agree() -> None:
    limits = Limits.of(Settings())
    names = {setting.name.replace("-", "_") for setting in SETTINGS}

    assert all(
        getattr(limits, name) == getattr(Limits(), name) for name in names & set(Limits.__slots__)
    )
