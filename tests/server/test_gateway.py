"""The gateway gives the answers that the Flask app alone gives, and drops who is too slow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from flask import Flask

from kg.settings import Settings
from server.app import create_app
from server.gateway.gateway import Gateway
from server.limits import Limits
from server.site import Site
from server.sparql.pool import HELD

ENDLESS = "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o}"
COUNT = ENDLESS.replace("*", "(COUNT(*) AS ?all)")
NAMES = "SELECT ?s ?name { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?name } ORDER BY ?s"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Heard:
    """What a client of the gateway heard."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, message: Any) -> None:
        self.messages.append(dict(message))

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.messages[1:])

    @property
    def ended(self) -> bool:
        return not self.messages[-1].get("more_body", False)


@dataclass
class Caller:
    """Calls a gateway in its own event loop, as granian does."""

    gateway: Gateway

    def __call__(
        self,
        path: str,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        client: str = "127.0.0.1",
    ) -> Heard:
        heard = Heard()
        waiting = self.start(heard, path, method, headers, body, client)
        return self.gateway.site.pool.portal.wait(waiting)

    async def start(
        self,
        heard: Heard,
        path: str,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        client: str = "127.0.0.1",
        left: asyncio.Event | None = None,
    ) -> Heard:
        messages = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await (left or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        given = {"host": "localhost", **(headers or {})}
        if body:
            given["content-length"] = str(len(body))
        parts = urlsplit(path)
        scope = {
            "type": "http", "http_version": "1.1", "server": ("localhost", 80),
            "client": (client, 1), "scheme": "http", "path": parts.path, "method": method,
            "query_string": parts.query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        }  # fmt: skip
        await self.gateway(scope, receive, heard.send)
        return heard


@pytest.fixture(scope="module")
def served(releases: Path) -> Iterator[Flask]:
    limits = Limits(query_workers=2, result_bytes=1 << 22, query_seconds=5.0)
    app = create_app(releases, Settings(), limits=limits)
    yield app
    app.extensions["unipact"].service.close()


@pytest.fixture(scope="module")
def call(served: Flask) -> Caller:
    site: Site = served.extensions["unipact"]
    return Caller(Gateway.of(served, site.limits))


def ask(query: str, **parameters: str) -> str:
    return "/sparql?" + urlencode({"query": query, **parameters})


AUTHORITY = "https://w3id.org/unipact/graph/authority"
REQUESTS: dict[str, tuple[str, str, dict[str, str], bytes]] = {
    "ask": ("GET", ask("ASK {}"), {}, b""),
    "select": ("GET", ask(NAMES), {}, b""),
    "csv": ("GET", ask(NAMES), {"Accept": "text/csv"}, b""),
    "format": ("GET", ask(NAMES, format="tsv"), {}, b""),
    "alias": ("GET", ask(NAMES), {"Accept": "application/json"}, b""),
    "construct": ("GET", ask("CONSTRUCT { ?s a ?t } { ?s a ?t }"), {}, b""),
    "turtle": ("GET", ask("DESCRIBE <urn:x>"), {"Accept": "text/turtle"}, b""),
    "head": ("HEAD", ask(NAMES), {}, b""),
    "post form": ("POST", "/sparql", {"Content-Type": FORM}, b"query=ASK%7B%7D"),
    "post query": ("POST", "/sparql", {"Content-Type": "application/sparql-query"}, b"ASK {}"),
    "gzip": ("GET", ask(NAMES), {"Accept-Encoding": "gzip"}, b""),
    "zstd": ("GET", ask(NAMES), {"Accept-Encoding": "zstd, gzip"}, b""),
    "page": ("GET", ask(NAMES), {"Accept": "text/html"}, b""),
    "bare": ("GET", "/sparql", {}, b""),
    "syntax": ("GET", ask("ASK {"), {}, b""),
    "syntax page": ("GET", ask("ASK {"), {"Accept": "text/html"}, b""),
    "update": ("GET", ask("CLEAR ALL"), {}, b""),
    "service": ("GET", ask("ASK { SERVICE <http://x/> {} }"), {}, b""),
    "no query": ("GET", "/sparql?format=csv", {}, b""),
    "two queries": ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}, b""),
    "no format": ("GET", ask(NAMES), {"Accept": "image/png"}, b""),
    "media type": ("POST", "/sparql", {"Content-Type": "text/plain"}, b"ASK {}"),
    "method": ("DELETE", "/sparql", {}, b""),
    "preflight": ("OPTIONS", "/sparql", {"Origin": "http://x"}, b""),
    "not UTF-8": ("GET", "/sparql?query=%FF", {}, b""),
    "match": ("GET", ask(NAMES), {"If-None-Match": "*"}, b""),
    "long": ("GET", ask("ASK {}" + " " * 20_000), {}, b""),
    "elsewhere": ("GET", "/doc/spbpu", {}, b""),
    "default graph": ("GET", "/store?default", {}, b""),
    "graph": ("GET", f"/store?graph={AUTHORITY}", {"Accept": "text/turtle"}, b""),
    "graph by format": ("GET", f"/store?graph={AUTHORITY}&format=nt", {}, b""),
    "graph's head": ("HEAD", f"/store?graph={AUTHORITY}", {}, b""),
    "graph's match": ("GET", "/store?default", {"If-None-Match": "*"}, b""),
    "no such graph": ("GET", "/store?graph=urn:x", {}, b""),
    "graph's name is none": ("GET", "/store?graph=x", {}, b""),
    "two graphs": ("GET", "/store?default&graph=urn:x", {}, b""),
    "graph in no format": ("GET", "/store?default", {"Accept": "image/png"}, b""),
    "dataset": ("GET", "/store", {}, b""),
    "graph itself": ("GET", "/store/x", {}, b""),
    "graph whose name is none": ("GET", "/store/%20", {}, b""),
    "missing": ("GET", "/nowhere", {}, b""),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_gateway_answers_as_flask_does(served: Flask, call: Caller, name: str) -> None:
    method, path, headers, body = REQUESTS[name]

    by_flask = served.test_client().open(path, method=method, headers=headers, data=body)
    by_gateway = call(path, method, headers, body)
    again = call(path, method, headers, body)

    expected = {key.lower(): value for key, value in by_flask.headers.items()}
    for heard in (by_gateway, again):
        assert heard.status == by_flask.status_code
        assert heard.headers == expected
        assert heard.body == by_flask.data


def test_large_answer_comes_in_pieces_and_whole(call: Caller) -> None:
    heard = call(ask(ENDLESS + " LIMIT 4000", format="csv"))

    assert heard.body.count(b"\n") == 4001
    assert len(heard.body) > HELD
    assert heard.ended


def test_client_that_goes_away_frees_its_worker(call: Caller) -> None:
    pool = call.gateway.site.pool

    async def leave() -> None:
        left, heard = asyncio.Event(), Heard()
        asking = asyncio.create_task(call.start(heard, ask(COUNT), client="127.0.0.9", left=left))
        while not pool.status()["busy"]:
            await asyncio.sleep(0.01)
        left.set()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert not heard.messages

    pool.portal.wait(leave())

    assert pool.status()["busy"] == 0


def test_client_that_takes_nothing_is_dropped(releases: Path) -> None:
    limits = Limits(query_workers=1, send_seconds=0.05)
    app = create_app(releases, Settings(), limits=limits)
    call = Caller(Gateway.of(app, limits))

    async def stuck() -> None:
        heard = Heard()

        async def send(message: Any) -> None:
            if len(heard.messages) > 2:
                await asyncio.Event().wait()
            heard.messages.append(message)

        heard.send = send  # type: ignore[method-assign]
        await call.start(heard, ask(ENDLESS))

    with pytest.raises(Exception, match="too slow"):
        call.gateway.site.pool.portal.wait(stuck())

    assert call(ask("ASK { ?s ?p 1 }")).status == 200
    app.extensions["unipact"].service.close()


def test_clients_that_ask_the_same_and_take_nothing_are_all_dropped(releases: Path) -> None:
    limits = Limits(query_workers=3, send_seconds=0.05)
    app = create_app(releases, Settings(), limits=limits)
    call = Caller(Gateway.of(app, limits))

    async def stuck(client: str) -> None:
        heard = Heard()

        async def send(message: Any) -> None:
            if message.get("more_body"):
                await asyncio.Event().wait()
            heard.messages.append(message)

        heard.send = send  # type: ignore[method-assign]
        await call.start(heard, ask(ENDLESS), client=client)

    async def all_stuck() -> int:
        names = [f"127.0.0.{number % 3 + 1}" for number in range(6)]
        ended = await asyncio.gather(*map(stuck, names), return_exceptions=True)
        assert any("too slow" in str(one) for one in ended)
        await asyncio.sleep(0)
        return int(call.gateway.site.pool.status()["busy"])

    busy = call.gateway.site.pool.portal.wait(all_stuck())
    app.extensions["unipact"].service.close()

    assert busy == 0


def test_body_that_does_not_arrive_is_refused(releases: Path) -> None:
    limits = Limits(query_workers=1, send_seconds=0.05)
    app = create_app(releases, Settings(), limits=limits)
    gateway = Gateway.of(app, limits)
    heard = Heard()

    async def stuck() -> None:
        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            raise AssertionError

        scope = {"type": "http", "method": "POST", "path": "/sparql", "query_string": b"",
                 "headers": [(b"content-length", b"9")], "client": ("127.0.0.1", 1)}  # fmt: skip
        await gateway(scope, receive, heard.send)

    gateway.site.pool.portal.wait(stuck())
    app.extensions["unipact"].service.close()

    assert heard.status == 408


def test_too_large_a_body_is_refused(call: Caller) -> None:
    body = b"query=" + quote("ASK {}" + " " * (1 << 20)).encode()

    assert call("/sparql", "POST", {"Content-Type": FORM}, body).status == 413


def test_too_many_requests_of_one_client_are_refused(releases: Path) -> None:
    limits = Limits(query_workers=1, client_connections=1)
    app = create_app(releases, Settings(), limits=limits)
    call = Caller(Gateway.of(app, limits))

    async def two() -> tuple[Heard, Heard]:
        left, first, second = asyncio.Event(), Heard(), Heard()
        asking = asyncio.create_task(call.start(first, ask(COUNT), client="127.0.0.2", left=left))
        await asyncio.sleep(0)
        await call.start(second, ask(COUNT), client="127.0.0.2")
        left.set()
        await asyncio.wait([asking])
        return first, second

    _, second = call.gateway.site.pool.portal.wait(two())
    app.extensions["unipact"].service.close()

    assert second.status == 429
    assert second.headers["retry-after"]


def test_request_is_noted_whoever_answers_it(call: Caller) -> None:
    before = call("/metrics").body.decode()
    call(ask("ASK { ?s ?p 2 }"))
    call(ask("ASK { ?s ?p 2 }"))
    call("/doc/spbpu")
    after = call("/metrics").body.decode()

    def count(text: str, route: str) -> float:
        lines = [line for line in text.splitlines() if "unipact_requests_total" in line]
        return sum(float(line.split()[-1]) for line in lines if f'route="{route}' in line)

    assert count(after, "/sparql") - count(before, "/sparql") == 2
    assert count(after, "/<any(") - count(before, "/<any(") == 1
