"""Every route and method: what is refused is a problem of one shape, and tells nothing inside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.openapi import OPERATIONS
from server.problems import KINDS, Problem, by_status

DOCS = Path(__file__).parents[2] / "docs" / "serving.md"
PAGE = {"Accept": "text/html,application/xhtml+xml;q=0.9"}
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "PROPFIND", "X'Y")
PATHS = sorted({re.sub(r"\{room\}", "doc", operation.path) for operation in OPERATIONS})
UNKNOWN = (
    "/nix", "/%00", "/doc/nobody", "/doc/%ff", "/.env", "/static/../app.py", "/sparql/x",
    "/download/../x", "/health/x", "/ontology.zip", "/" + "x" * 5000, "/article/%0d%0aX:1",
)  # fmt: skip


def is_problem(response: TestResponse) -> bool:
    """Whether a response is problem details that are whole, of its own status."""
    body = response.json
    return (
        response.mimetype == "application/problem+json"
        and body is not None
        and set(body) <= {"type", "title", "status", "detail", "where", "hint"}
        and body["status"] == response.status_code
        and KINDS[body["type"].removeprefix("/problems#")].status == response.status_code
        and bool(body["detail"])
        and response.headers["Cache-Control"] == "no-store"
    )


def tells_nothing(text: str) -> bool:
    checkout = str(Path(__file__).resolve().parents[2])
    leaks = r"Traceback|site-packages|/home/|/tmp/|\.py\b|werkzeug"
    return checkout not in text and not re.search(leaks, text, re.I)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", PATHS)
def test_every_route_answers_every_method_with_what_it_takes_or_a_problem(
    client: FlaskClient, path: str, method: str
) -> None:
    path = re.sub(r"\{\w+\}", "nobody", path)

    response = client.open(path, method=method, buffered=True)

    assert response.status_code < 400 or is_problem(response)
    assert response.status_code < 500
    assert tells_nothing(response.text) or response.status_code == 200
    if response.status_code == 405:
        assert method not in response.headers["Allow"]
        assert {"GET", "POST"} & set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", UNKNOWN)
def test_unknown_address_is_a_problem_or_a_page(client: FlaskClient, path: str) -> None:
    response = client.get(path, buffered=True)
    page = client.get(path, buffered=True, headers=PAGE)

    assert response.status_code in (400, 404)
    assert is_problem(response)
    assert (page.status_code, page.mimetype) == (response.status_code, "text/html")
    assert tells_nothing((response.text + page.text).replace(path, ""))  # pages lead back here


@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK{}", "/doc/spbpu", "/ontology", "/search?q=x", "/download"]
)
def test_format_that_cannot_be_had_is_a_problem_that_names_those_that_can(
    client: FlaskClient, path: str
) -> None:
    response = client.get(path, buffered=True, headers={"Accept": "image/png"})

    assert response.status_code == 406
    assert is_problem(response)
    assert response.json is not None
    assert "ask for one of" in response.json["hint"]


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "application/json", "multipart/form-data"]
)
def test_body_of_another_type_is_a_problem(client: FlaskClient, media_type: str) -> None:
    response = client.post("/sparql", data=b"ASK {}", content_type=media_type)

    assert response.status_code == 415
    assert is_problem(response)


@pytest.mark.parametrize("headers", [{}, PAGE])
def test_fault_of_the_server_is_a_problem_that_tells_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    site = app.extensions["unipact"]
    monkeypatch.setattr(site.releases.__class__, "get", lambda *_: 1 / 0)

    response = app.test_client().get("/download/" + "0" * 16, headers=headers)

    assert response.status_code == 500
    assert headers or is_problem(response)
    assert "division" not in response.text
    assert tells_nothing(response.text)


@pytest.mark.parametrize("kind", KINDS)
def test_kind_is_explained_in_the_docs(kind: str) -> None:
    assert f"| {KINDS[kind].status} | `{kind}` |" in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_kind_has_a_title_and_a_meaning(kind: str) -> None:
    found = KINDS[kind]

    assert 400 <= found.status <= 599
    assert found.title[0].isupper()
    assert found.meaning.endswith(".")
    assert KINDS[by_status(found.status)].status == found.status


def test_empty_members_are_left_out() -> None:
    assert set(Problem("gone", "away").body()) == {"type", "title", "status", "detail"}
