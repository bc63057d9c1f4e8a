"""The shipped corpus, behind its reconciliation service."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import unipact
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits

Reconcile = Callable[..., list[dict[str, Any]]]
ID = "https://w3id.org/unipact/id/"
UP = "https://w3id.org/unipact/ontology#"


@pytest.fixture(scope="package")
def corpus(seeds_release: unipact.OpenRelease) -> Iterator[Flask]:
    """The shipped corpus, served."""
    app = create_app(seeds_release.path.parent, Settings(), limits=Limits(query_workers=1))
    yield app
    app.extensions["unipact"].close()


@pytest.fixture
def service(corpus: Flask) -> FlaskClient:
    return corpus.test_client()


@pytest.fixture
def reconcile(service: FlaskClient) -> Reconcile:
    """Ask one query as one of a batch; return its candidates."""

    def ask(query: str = "", **members: object) -> list[dict[str, Any]]:
        asked = {"q0": {**({"query": query} if query else {}), **members}}
        response = service.post("/reconcile", data={"queries": json.dumps(asked)})
        assert response.status_code == 200, response.text
        return response.json["q0"]["result"]  # type: ignore[index, no-any-return]

    return ask
