"""What is not as the API has it, or beyond a limit, is a problem that says where."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.reconciling import asked
from tests.server.reconciling.conftest import ID, UP


def refused(service: FlaskClient, **form: object) -> tuple[int, str, str]:
    """Return status, kind and place of the problem."""
    data = {k: v if isinstance(v, str) else json.dumps(v) for k, v in form.items()}
    response = service.post("/reconcile", data=data)
    assert response.mimetype == "application/problem+json"
    body: dict[str, Any] = json.loads(response.text)
    kind = body["type"].removeprefix("/problems#")
    return response.status_code, kind, body.get("where", {}).get("in", "")


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({}, "q0"),
        ({"query": ""}, "q0"),
        ({"query": "   "}, "q0"),
        ({"query": 5}, "q0.query"),
        ({"query": "\ud800"}, "q0.query"),
        ({"query": "a", "prop": []}, "q0"),
        ({"properties": []}, "q0"),
        ({"query": "a", "properties": {}}, "q0.properties"),
        ({"query": "a", "properties": [{"v": "x"}]}, "q0.properties[0]"),
        ({"query": "a", "properties": [{"pid": "country"}]}, "q0.properties[0]"),
        ({"query": "a", "properties": [{"pid": "no-such", "v": "x"}]}, "q0.properties[0].pid"),
        ({"query": "a", "properties": [{"pid": "a b:c d", "v": "x"}]}, "q0.properties[0].pid"),
        ({"query": "a", "properties": [{"pid": "country", "v": None}]}, "q0.properties[0].v"),
        ({"query": "a", "properties": [{"pid": "country", "v": {}}]}, "q0.properties[0].v"),
        ({"query": "a", "type": "no-such"}, "q0.type"),
        ({"query": "a", "type": "<x> } #"}, "q0.type"),
        ({"query": "a", "type": 7}, "q0.type"),
        ({"query": "a", "type_strict": "maybe"}, "q0.type_strict"),
        ({"query": "a", "limit": 0}, "q0.limit"),
        ({"query": "a", "limit": -1}, "q0.limit"),
        ({"query": "a", "limit": True}, "q0.limit"),
        ({"query": "a", "limit": asked.MOST_CANDIDATES + 1}, "q0.limit"),
        ([], "q0"),
        ("a", "q0"),
    ],
)  # fmt: skip
def test_query_that_is_wrong_is_told_with_its_place(
    service: FlaskClient, query: object, place: str
) -> None:
    assert refused(service, queries={"q0": query}) == (400, "bad-request", place)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ({}, "bad-request"),
        ({"queries": "{"}, "bad-request"),
        ({"queries": []}, "bad-request"),
        ({"queries": "[" * 100_000}, "bad-request"),
        ({"queries": "{}", "extend": "{}"}, "bad-request"),
        ({"extend": {}}, "bad-request"),
        ({"extend": {"ids": [1], "properties": []}}, "bad-request"),
        ({"extend": {"ids": [], "properties": [{}]}}, "bad-request"),
        ({"extend": {"ids": [], "properties": [{"id": "country", "settings": {"limit": "x"}}]}},
         "bad-request"),
        ({"extend": {"ids": [], "properties": [{"id": "country", "settings": {"content": "x"}}]}},
         "bad-request"),
        ({"extend": {"ids": ["x"] * (asked.MOST_IDS + 1), "properties": []}}, "limit"),
        ({"extend": {"ids": [], "properties": [{"id": "country"}] * (asked.MOST_PROPERTIES + 1)}},
         "limit"),
        ({"queries": {f"q{n}": {"query": "a"} for n in range(asked.MOST_QUERIES + 1)}}, "limit"),
        ({"queries": {"q": {"query": "a" * (asked.LONGEST + 1)}}}, "limit"),
        ({"queries": {"q": {"query": "a", "type": ["up:City"] * (asked.MOST_VALUES + 1)}}},
         "limit"),
    ],
)  # fmt: skip
def test_request_beyond_a_limit_or_without_sense_is_refused(
    service: FlaskClient, form: dict[str, object], kind: str
) -> None:
    assert refused(service, **form)[:2] == (400, kind)


@pytest.mark.parametrize(
    "path",
    [
        "suggest/entity", "suggest/entity?prefix=", "suggest/entity?prefix=a&cursor=x",
        "suggest/entity?prefix=a&cursor=-1", "suggest/entity?prefix=a&type=no-such",
        f"suggest/type?prefix={'a' * 600}", "flyout/entity", "preview?id=", "view",
        "properties?type=no-such", "properties?limit=0",
    ],
)  # fmt: skip
def test_parameter_that_is_missing_or_wrong_is_a_problem(service: FlaskClient, path: str) -> None:
    response = service.get(f"/reconcile/{path}")

    assert (response.status_code, response.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize("path", ["flyout/entity", "flyout/type", "flyout/property", "preview"])
@pytest.mark.parametrize("id", [f"{ID}nothing", "x", "<x>", "a b", f"{UP}Nothing", "\x00"])
def test_what_is_not_there_is_not_found(service: FlaskClient, path: str, id: str) -> None:
    response = service.get(f"/reconcile/{path}", query_string={"id": id})

    assert response.status_code == 404


def test_values_of_what_is_no_iri_are_none(service: FlaskClient) -> None:
    asked = {"ids": ["<x>", 'a" } #', ""], "properties": [{"id": "country"}]}

    rows = service.post("/reconcile", data={"extend": json.dumps(asked)}).json["rows"]

    assert all(row == {"country": []} for row in rows.values())
