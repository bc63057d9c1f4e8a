"""Writing as it goes over the wire: bodies of any kind, and what the gateway makes of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.releases import Releases
from tests.kg.changes.written import copy
from tests.server.attacks.exchange import Request, over_socket
from tests.server.running.conftest import Running
from tests.server.writing.curator import OWN, TURTLE, UPDATE
from tests.server.writing.loopback import Client, running, token

ONE = b"<urn:a> <urn:b> 1 ."
PATH = f"/store?graph={OWN}"


@pytest.fixture(scope="module")
def folder(built: Releases, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    return copy(built, tmp_path_factory.mktemp("wire") / "releases")


@pytest.fixture(scope="module")
def served(folder: Releases) -> Iterator[Running]:
    with running(folder.root) as served:
        yield served


@pytest.fixture
def anna(served: Running, folder: Releases) -> Iterator[Client]:
    client = Client(served.address[1], token(folder))
    client.request("DELETE", PATH)
    yield client
    client.close()


def sent(anna: Client, method: str, body: bytes, *headers: tuple[str, str], path: str = PATH):
    """Send a request byte by byte as it is written here."""
    given = {name.lower() for name, _ in headers}
    more = [] if "authorization" in given else [("Authorization", f"Bearer {anna.token}")]
    request = Request(method, path, (*headers, *more), body)
    return over_socket(("127.0.0.1", anna.port), request)


def holds(anna: Client) -> bytes:
    return anna.request("GET", PATH, Accept="application/n-triples").body


def test_body_in_chunks_is_taken(anna):
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (ONE[:5], ONE[5:], b""))
    headers = (("Content-Type", TURTLE), ("Transfer-Encoding", "chunked"))

    reply = sent(anna, "PUT", chunks, *headers)

    assert reply.status == 201
    assert b"<urn:a> <urn:b>" in holds(anna)


def test_body_of_no_bytes_empties_a_graph(anna):
    anna.request("PUT", PATH, ONE, TURTLE)

    reply = sent(anna, "PUT", b"", ("Content-Type", TURTLE), ("Content-Length", "0"))

    assert reply.status == 204
    assert b"<urn:a>" not in holds(anna)


def test_body_beyond_the_limit_is_refused(anna):
    body = b"#" * ((1 << 20) + 1)

    reply = sent(anna, "PUT", body, ("Content-Type", TURTLE), *length_of(body))

    assert (reply.status, reply.problem) == (413, "too-large")


def length_of(body: bytes) -> tuple[tuple[str, str], ...]:
    return (("Content-Length", str(len(body))),) if body else ()


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_stranger_is_told_to_bring_a_token_before_the_body_is_looked_at(anna, method):
    headers = (("Content-Type", TURTLE), ("Authorization", ""), *length_of(b"broken"))

    reply = sent(anna, method, b"broken", *headers)

    assert reply.status == (405 if method == "PATCH" else 401)
    if method != "PATCH":
        assert reply.headers["www-authenticate"] == 'Bearer realm="UniPact"'


def test_authorization_twice_lets_nobody_in(anna):
    twice = [("Authorization", f"Bearer {anna.token}")] * 2

    reply = sent(anna, "PUT", ONE, ("Content-Type", TURTLE), *length_of(ONE), *twice)

    assert reply.status in (400, 401)


def test_update_over_a_kept_connection_is_seen_by_the_next_request_on_it(anna):
    said = [anna.insert(f"<urn:a> <urn:b> {n}") for n in range(3)]

    assert [one.status for one in said] == [200] * 3
    assert holds(anna).count(b"<urn:b>") == 3


def test_head_and_get_show_the_release_that_a_write_made(anna):
    release = anna.request("PUT", PATH, ONE, TURTLE).headers["x-release"]

    replies = [anna.request(method, PATH) for method in ("HEAD", "GET")]

    assert [reply.headers["x-release"] for reply in replies] == [release] * 2


def test_refused_update_keeps_the_connection(anna):
    refused = anna.request("POST", "/sparql", "INSERT", UPDATE)

    assert refused.problem == "400 syntax"
    assert anna.insert("<urn:a> <urn:b> 1").status == 200
