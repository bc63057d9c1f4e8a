"""Somebody who writes: short words for requests to a writable server, and for what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kg.settings import Settings
from server.access.tokens import Tokens
from server.app import create_app
from server.limits import Limits

BASE = "https://w3id.org/unipact/"
AUTHORITY = f"{BASE}graph/authority"
OWN = "https://example.org/own"
UPDATE = "application/sparql-update"
TURTLE = "text/turtle"
PREFIXES = f"""
PREFIX id: <{BASE}id/>
PREFIX up: <{BASE}ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX ex: <https://example.org/>
"""


@dataclass(frozen=True, slots=True)
class Curator:
    """A client of an app that has a token."""

    client: FlaskClient
    token: str
    headers: dict[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"

    def sends(self, **headers: str) -> Curator:
        """Return the same one, who sends more headers; `_` stands for `-` in their names."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers=self.headers | more)

    def comes(self, *, token: str = "", address: str = "127.0.0.1") -> Curator:
        """Return the same one with another token and from another address."""
        return replace(self, token=token, address=address)

    def update(self, text: str, **parameters: Any) -> TestResponse:
        """Send an update as it is."""
        return self.request("POST", "/sparql", PREFIXES + text, UPDATE, **parameters)

    def insert(self, triples: str, graph: str = OWN, **parameters: Any) -> TestResponse:
        """Insert triples into a graph."""
        return self.update(f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}", **parameters)

    def put(self, graph: str, body: str | bytes, type: str = TURTLE) -> TestResponse:
        """Replace a graph."""
        return self.request("PUT", "/store", body, type, graph=graph)

    def post(self, graph: str, body: str | bytes, type: str = TURTLE) -> TestResponse:
        """Add to a graph."""
        return self.request("POST", "/store", body, type, graph=graph)

    def drop(self, graph: str) -> TestResponse:
        """Remove a graph."""
        return self.request("DELETE", "/store", graph=graph)

    def request(
        self, method: str, path: str, body: Any = None, type: str | None = None, **parameters: Any
    ) -> TestResponse:
        """Send anything, with the token."""
        authorization = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.open(
            path,
            method=method,
            data=body,
            content_type=type,
            query_string=parameters or None,
            headers=authorization | self.headers,
            environ_base={"REMOTE_ADDR": self.address},
            buffered=True,  # else the answer does not end
        )

    def ask(self, pattern: str, **parameters: Any) -> bool:
        """Tell whether the data have something, read over HTTP."""
        query = f"{PREFIXES} ASK {{ {pattern} }}"
        reply = self.client.get("/sparql", query_string={"query": query, **parameters})
        assert reply.json is not None, reply.text
        return bool(reply.json["boolean"])

    def holds(self, graph: str) -> set[str]:
        """Return the triples of a graph as lines of N-Triples."""
        reply = self.client.get(
            "/store", query_string={"graph": graph}, headers={"Accept": "application/n-triples"}
        )
        return set(reply.text.splitlines()) if reply.status_code == 200 else set()

    def release(self) -> str:
        """Return the id of the release in force."""
        return self.client.get("/store?default").headers["X-Release"]


def problem(reply: TestResponse) -> str:
    """Return the status and the kind of problem of an answer."""
    kind = reply.json["type"].rpartition("#")[2] if reply.json else ""
    return f"{reply.status_code} {kind}"


@contextmanager
def writable(releases: Path, settings: Settings | None = None, **limits: Any) -> Iterator[Flask]:
    """Give a writable app over a folder of releases."""
    chosen = Limits(**{"query_workers": 1, "writable": "on", **limits})
    app = create_app(releases, settings or Settings(), limits=chosen)
    try:
        yield app
    finally:
        app.extensions["unipact"].close()


def curator(app: Flask, *scopes: str) -> Curator:
    """Give a client of an app a token, `admin` unless scopes are named."""
    tokens = Tokens(app.extensions["unipact"].releases.root)
    return Curator(app.test_client(), tokens.create("curator", scopes or ("admin",))[1])
