"""What makes the engine ask another server: SERVICE and LOAD, and nothing else that takes an IRI.

Should a newer engine fetch for something else, the analysis must learn of it first.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.sparql.lexer import outline
from server.sparql.update import analyse


class Listening(HTTPServer):
    """A server on loopback that counts what it is asked."""

    asked = 0

    @property
    def url(self) -> str:
        """An address on it that holds one triple."""
        return f"http://127.0.0.1:{self.server_address[1]}/x.nt"


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Listening)
        self.server.asked += 1
        self.send_response(200)
        self.send_header("Content-Type", "application/n-triples")
        self.end_headers()
        self.wfile.write(b"<urn:s> <urn:p> <urn:o> .\n")

    do_POST = do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def listening() -> Iterator[Listening]:
    with Listening(("127.0.0.1", 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


QUERIES = [
    "SELECT * FROM <PLACE> { ?s ?p ?o }",
    "SELECT * FROM NAMED <PLACE> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH <PLACE> { ?s ?p ?o } }",
    "SELECT * { VALUES ?g { <PLACE> } GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { LATERAL { GRAPH <PLACE> { ?s ?p ?o } } }",
    "DESCRIBE <PLACE>",
    "CONSTRUCT { <PLACE> a <PLACE> } FROM <PLACE> WHERE {}",
    "BASE <PLACE> PREFIX p: <PLACE#> SELECT * { p:a p:b <c> }",
    "SELECT (<PLACE>(1) AS ?x) {}",
    "SELECT (IRI('PLACE') AS ?x) ('x'^^<PLACE> AS ?y) {}",
    "SELECT * { ?s <PLACE>* ?o }",
    "VERSION '1.2' SELECT * { <<( <PLACE> <PLACE> <PLACE> )>> ?p ?o }",
]
UPDATES = [
    "INSERT { ?s ?p ?o } USING <PLACE> WHERE { ?s ?p ?o }",
    "INSERT { ?s ?p ?o } USING NAMED <PLACE> WHERE { GRAPH ?g { ?s ?p ?o } }",
    "WITH <PLACE> INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "INSERT DATA { GRAPH <PLACE> { <PLACE> <PLACE> <PLACE> } }",
    "BASE <PLACE> PREFIX p: <PLACE> DELETE WHERE { p:a ?p ?o }",
    "CREATE GRAPH <PLACE> ; CLEAR GRAPH <PLACE> ; DROP GRAPH <PLACE>",
    "COPY <PLACE> TO <PLACE2>",
    "ADD SILENT <PLACE> TO DEFAULT",
    "MOVE SILENT <PLACE> TO DEFAULT",
]
FETCHES = [
    "LOAD <PLACE>",
    "LOAD SILENT <PLACE> INTO GRAPH <urn:g>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <PLACE> { ?s ?p ?o } }",
    "INSERT { ?s ?p ?o } WHERE { SERVICE SILENT <PLACE> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("query", QUERIES)
def test_query_without_service_asks_nobody(query: str, listening: Listening) -> None:
    with contextlib.suppress(RuntimeError):  # there is no function of that name
        found = ox.Store().query(query.replace("PLACE", listening.url))
        if not isinstance(found, ox.QueryBoolean):
            list(found)

    assert not listening.asked
    assert not outline(query).fetches


@pytest.mark.parametrize("update", UPDATES)
def test_update_without_load_and_service_asks_nobody(update: str, listening: Listening) -> None:
    store = ox.Store()

    store.update(update.replace("PLACE", listening.url))

    assert not listening.asked
    assert "<urn:s>" not in str(list(store))


@pytest.mark.parametrize("update", FETCHES)
def test_update_that_asks_is_found_out(update: str, listening: Listening) -> None:
    text = update.replace("PLACE", listening.url)
    found = analyse(text)

    with contextlib.suppress(RuntimeError):  # triples are no answer of a SERVICE
        ox.Store().update(text)

    assert listening.asked
    assert found.service or found.load or not found.runnable


@pytest.mark.parametrize(
    "update", ["LOAD SILENT <PLACE>", "INSERT { ?s ?p ?o } USING <PLACE> WHERE { ?s ?p ?o }"]
)
def test_file_is_never_read(update: str, tmp_path: Path) -> None:
    file = tmp_path / "x.nt"
    file.write_text("<urn:s> <urn:p> <urn:o> .\n", encoding="utf-8")
    store = ox.Store()

    store.update(update.replace("PLACE", file.as_uri()))

    assert "<urn:s>" not in str(list(store))
