"""The page for programs has every route once, with an example that is one."""

from __future__ import annotations

import re
import shlex
from collections import Counter

from flask.testing import FlaskClient

from server.openapi import OPERATIONS
from server.pages.apidocs import topics


def test_every_operation_is_on_the_page_once(reader: FlaskClient) -> None:
    text = reader.get("/docs").text

    shown = Counter((route.method, route.path) for routes in topics().values() for route in routes)

    assert shown == Counter((one.method.upper(), one.path) for one in OPERATIONS)
    assert text.count('<details class="route"') == len(OPERATIONS)


def test_writes_stand_apart_and_name_their_scope(reader: FlaskClient) -> None:
    found = {(route.method, route.path): route.scope for route in topics()["write"]}

    assert found["POST", "/releases/{name}/activate"] == "admin"
    assert ("POST", "/sparql") not in found


def test_examples_can_be_read_by_a_shell() -> None:
    for routes in topics().values():
        for route in routes:
            words = shlex.split(route.example)
            assert words[0] == "curl"
            assert any(word.startswith("{here}/") for word in words), route.path


def test_examples_that_read_are_answered(reader: FlaskClient) -> None:
    """Those of routes of the data, whose examples name things of the shipped corpus."""
    asked = [route for topic in ("ask", "look", "take") for route in topics()[topic]]
    failed = []
    for route in asked:
        words = shlex.split(route.example)
        address = next(word for word in words if word.startswith("{here}"))
        if route.method == "GET" and "{rest}" not in route.path and "/diff" not in route.path:
            response = reader.get(address.removeprefix("{here}"), buffered=True)
            failed += [address] if response.status_code >= 400 else []

    assert failed == []


def test_page_links_the_description_it_is_made_of(reader: FlaskClient) -> None:
    assert re.search(r'href="/openapi.json"', reader.get("/docs").text)
