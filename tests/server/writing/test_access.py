"""Who may write: every route that changes something, with every kind of token."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from flask import Flask

from kg.settings import Settings
from server.access.tokens import Tokens
from tests.kg.changes.written import copy
from tests.server.running.conftest import until
from tests.server.writing.curator import (
    OWN,
    TURTLE,
    UPDATE,
    Curator,
    curator,
    problem,
    writable,
)  # fmt: skip

NOTES = "https://w3id.org/unipact/graph/notes"
READING = {"GET", "HEAD", "OPTIONS"}
ONE = "<urn:a> <urn:b> 1 ."
INSERT = f"INSERT DATA {{ GRAPH <{OWN}> {{ {ONE} }} }}"
OPEN = {("/sparql", "POST"), ("/reconcile", "POST")}  # they ask; updates have a row of their own
REALM = 'Bearer realm="UniPact"'
INVALID = f'{REALM}, error="invalid_token"'
ADDRESSES = (f"127.0.{a}.{b}" for a in range(1, 250) for b in range(1, 250))  # none fails twice


@dataclass(frozen=True, slots=True)
class Write:
    """A request that changes something."""

    method: str
    path: str
    body: str = ONE
    type: str = TURTLE

    def by(self, who: Curator, **headers: str):
        """Send it from an address that nobody sent from yet."""
        sender = who.comes(token=who.token, address=next(ADDRESSES)).sends(**headers)
        return sender.request(self.method, self.path, self.body, self.type)


def writes(app: Flask) -> Iterator[Write]:
    """Yield a request for every route and method that may change something."""
    yield Write("POST", "/sparql", INSERT, UPDATE)
    for rule in app.url_map.iter_rules():
        path = re.sub("<[^>]*>", "x", rule.rule)
        for method in sorted((rule.methods or set()) - READING):
            if (rule.rule, method) not in OPEN:
                yield Write(method, path if path != "/store" else f"/store?graph={OWN}")


@pytest.fixture(scope="module")
def tokens(app: Flask) -> Tokens:
    return Tokens(app.extensions["unipact"].releases.root)


def test_every_known_route_that_writes_is_looked_at(app):
    found = {(write.method, write.path.partition("?")[0]) for write in writes(app)}

    stores = {
        (method, path) for method in ("PUT", "POST", "DELETE") for path in ("/store", "/store/x")
    }
    assert found >= {("POST", "/sparql")} | stores


def test_no_write_is_taken_without_a_token(app, anna):
    stranger = anna.comes()

    replies = {write: write.by(stranger) for write in writes(app)}

    assert {problem(reply) for reply in replies.values()} == {"401 unauthorized"}
    assert {reply.headers["WWW-Authenticate"] for reply in replies.values()} == {REALM}


def worthless(tokens: Tokens) -> dict[str, str]:
    """Return values of `Authorization` that let nobody in."""
    good = tokens.create("good", ["admin"])[1]
    gone, revoked = tokens.create("revoked", ["admin"])
    tokens.revoke(gone.id)
    return {
        "malformed": f"Bearer {good} {good}",
        "empty": "Bearer",
        "basic": "Basic YTpi",
        "digest": f"Digest {good}",
        "bare": good,
        "unknown": "Bearer unipact_00000000_" + "A" * 43,
        "wrong secret": f"Bearer {good[:-1]}{'A' if good[-1] != 'A' else 'B'}",
        "expired": f"Bearer {tokens.create('old', ['admin'], days=-1)[1]}",
        "revoked": f"Bearer {revoked}",
    }


def test_no_write_is_taken_with_a_token_that_is_worth_nothing(app, anna, tokens):
    stranger = anna.comes()
    kinds = worthless(tokens)

    replies = {
        (kind, write): write.by(stranger, Authorization=value)
        for kind, value in kinds.items()
        for write in writes(app)
    }

    assert {key: problem(reply) for key, reply in replies.items()} == dict.fromkeys(
        replies, "401 unauthorized"
    )
    assert {reply.headers["WWW-Authenticate"] for reply in replies.values()} == {INVALID}
    told = "".join(reply.text for reply in replies.values())
    assert [kind for kind, value in kinds.items() if value.split()[-1][-30:] in told] == []


def test_token_in_the_address_or_the_body_is_none(anna):
    stranger = anna.comes(address="127.0.0.9")

    replies = [
        stranger.request("POST", "/sparql", INSERT, UPDATE, access_token=anna.token),
        stranger.request("POST", "/sparql", {"update": INSERT, "access_token": anna.token}),
    ]
    stranger.client.set_cookie("token", anna.token)
    replies.append(stranger.request("POST", "/sparql", INSERT, UPDATE))

    assert [problem(reply) for reply in replies] == ["401 unauthorized"] * 3


def test_several_authorizations_let_nobody_in(anna):
    headers = [("Authorization", f"Bearer {token}") for token in (anna.token, "x")]

    reply = anna.client.post("/sparql", data=INSERT, content_type=UPDATE, headers=headers)

    assert problem(reply) == "401 unauthorized"


def test_no_write_is_taken_with_a_token_for_something_else(app, unchanged):
    boris = curator(app, "write:graph=elsewhere", "links", "annotate")

    replies = {write: write.by(boris) for write in writes(app)}

    assert {write: problem(reply) for write, reply in replies.items()} == dict.fromkeys(
        replies, "403 forbidden"
    )
    assert all(
        'error="insufficient_scope", scope="' in reply.headers["WWW-Authenticate"]
        for reply in replies.values()
    )


def test_every_write_is_let_through_with_the_token_for_everything(app, anna):
    replies = {write: write.by(anna) for write in writes(app)}

    refused = {write for write, reply in replies.items() if reply.status_code in (401, 403)}
    assert refused == set()


def test_no_write_is_taken_by_a_server_that_only_reads(built, app):
    with writable(built.root, writable="off") as reading:
        anna = curator(app).comes(token=curator(app).token)
        reader = Curator(reading.test_client(), anna.token)

        replies = {write: write.by(reader) for write in writes(reading)}

    assert {problem(reply) for reply in replies.values()} == {"403 read-only"}


@pytest.mark.parametrize(
    ("scope", "graph", "status"),
    [
        ("write:graph=notes", NOTES, 200),
        ("write:graph=notes", f"{NOTES}2", 403),
        ("write:graph=notes*", f"{NOTES}2", 200),
        ("write:graph=https://example.org/*", OWN, 200),
        ("links", "https://w3id.org/unipact/graph/links", 200),
        ("links", OWN, 403),
        ("annotate", "https://w3id.org/unipact/graph/article/x", 200),
        ("annotate", "https://w3id.org/unipact/graph/articles", 403),
    ],
)
def test_token_is_good_for_the_graphs_of_its_scope(app, scope, graph, status):
    boris = curator(app, scope)

    reply = boris.insert(f'ex:{next(NUMBERS)} ex:said "so"', graph)

    assert reply.status_code == status


NUMBERS = count()


@pytest.mark.parametrize(
    "text",
    [
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "DROP NAMED",
        f"MOVE <{OWN}> TO <{NOTES}>",
        f"INSERT DATA {{ GRAPH <{NOTES}> {{ {ONE} }} }} ; DROP SILENT GRAPH <{OWN}>",
    ],
)
def test_token_for_one_graph_is_not_good_for_more(app, unchanged, text):
    boris = curator(app, "write:graph=notes")

    assert problem(boris.update(text)) == "403 forbidden"


def test_query_needs_no_token_and_is_not_hurt_by_a_bad_one(anna):
    stranger = anna.comes(address="127.0.0.10").sends(Authorization="Bearer wrong")

    replies = [
        sender.request("POST", "/sparql", "ASK {}", "application/sparql-query")
        for sender in (anna.comes(), stranger)
    ]

    assert [reply.status_code for reply in replies] == [200, 200]


def test_client_that_fails_too_often_waits_and_others_do_not(anna):
    write = ("POST", "/sparql", INSERT, UPDATE)
    guessing = anna.comes(token="unipact_00000000_" + "x" * 43, address="127.0.0.2")
    guesses = [problem(guessing.request(*write)) for _ in range(12)]

    same = anna.comes(token=anna.token, address="127.0.0.2").request(*write)
    other = anna.comes(token=anna.token, address="127.0.0.3").request(*write)

    assert guesses == ["401 unauthorized"] * 10 + ["429 attempts"] * 2
    assert problem(same) == "429 attempts"
    assert 0 < int(same.headers["Retry-After"]) <= 61
    assert other.status_code == 200
    assert anna.comes(address="127.0.0.2").ask("?s ?p ?o")


def test_failures_are_logged_and_no_token_is(built, tmp_path, capfd):
    log = tmp_path / "access.log"
    settings = Settings.load({"UNIPACT_ACCESS_LOG_FILE": str(log)})
    root = tmp_path / "releases"

    with writable(copy(built, root).root, settings) as app:
        anna = curator(app)
        guess = "unipact_00000000_" + "x" * 43
        anna.comes(token=guess).insert("ex:a ex:b 1")
        curator(app, "links").insert("ex:a ex:b 1")
        anna.insert("ex:a ex:b 1")
        anna.insert("id:nameless a up:University", "https://w3id.org/unipact/graph/authority")
        until(lambda: log.read_text().count("\n") == 4, "four lines")

    rows = [json.loads(line) for line in log.read_text().splitlines()]
    told = [(row["status"], row["outcome"]) for row in rows]
    assert told == [(401, "unauthorized"), (403, "forbidden"), (200, "ok"), (422, "invalid")]
    assert all(row["query"] for row in rows[1:])
    everything = log.read_text() + "".join(capfd.readouterr()) + kept(root)
    assert [text for text in (guess, anna.token, anna.token[-43:]) if text in everything] == []


def kept(root: Path) -> str:
    """Return every text that writing left in a folder of releases."""
    names = ("**/manifest.json", "**/*.rdfp", "tokens.json")
    return "".join(file.read_text() for name in names for file in root.glob(name))
