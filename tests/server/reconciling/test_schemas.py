"""Answers and requests against the schemas of the Entity Reconciliation API 0.2."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from referencing import Registry
from referencing.jsonschema import DRAFT7

from tests.server.reconciling.conftest import ID, UP

pytestmark = pytest.mark.shared
BASE = "https://reconciliation-api.github.io/specs/0.2/schemas/"
Check = Callable[[str, Any], list[str]]


@pytest.fixture(scope="module")
def errors(shared: Path) -> Check:
    """Return what a schema says against some JSON."""
    read = {
        file.name: json.loads(file.read_text(encoding="utf-8"))
        for file in (shared / "reconciliation" / "schemas").glob("*.json")
    }
    known = [(schema["$id"], DRAFT7.create_resource(schema)) for schema in read.values()]
    known += [(BASE + name, DRAFT7.create_resource(schema)) for name, schema in read.items()]
    registry: Registry[Any] = Registry().with_resources(known)

    def check(name: str, instance: Any) -> list[str]:
        validator = jsonschema.Draft7Validator(read[f"{name}.json"], registry=registry)
        return [error.message for error in validator.iter_errors(instance)]

    return check


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("manifest", ""),
        ("suggest-entities-response", "/suggest/entity?prefix=un"),
        ("suggest-types-response", "/suggest/type?prefix=un"),
        ("suggest-properties-response", "/suggest/property?prefix=c"),
        ("data-extension-property-proposal", "/properties?type=up:University&limit=20"),
        ("data-extension-property-proposal", "/properties"),
    ],
)
def test_answer_is_as_its_schema_has_it(
    service: FlaskClient, errors: Check, schema: str, path: str
) -> None:
    assert errors(schema, service.get(f"/reconcile{path}").json) == []


def test_candidates_are_as_their_schema_has_them(service: FlaskClient, errors: Check) -> None:
    queries = {
        "a": {"query": "Saint Petersburg", "limit": 20},
        "b": {"query": "Milan", "properties": [{"pid": "country", "v": ["Italy", True, 1.5]}]},
        "c": {"query": "Qqqqq"},
    }
    answer = service.post("/reconcile", data={"queries": json.dumps(queries)}).json

    assert errors("reconciliation-query-batch", queries) == []
    assert errors("reconciliation-result-batch", answer) == []


def test_values_are_as_their_schema_has_them(service: FlaskClient, errors: Check) -> None:
    proposed = service.get("/reconcile/properties?type=up:University&limit=20").json
    asked = {
        "ids": [f"{ID}spbpu", f"{ID}polimi"],
        "properties": [{"id": one["id"]} for one in proposed["properties"]],
    }
    answer = service.post("/reconcile", data={"extend": json.dumps(asked)}).json

    assert errors("data-extension-query", asked) == []
    assert errors("data-extension-response", answer) == []
    assert f"{UP}country" in answer["rows"][f"{ID}spbpu"]


def cases(shared: Path, what: str, verdict: str) -> list[Any]:
    folder = shared / "reconciliation" / "examples" / what / verdict
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]


def test_batches_that_the_specification_calls_invalid_are_refused(
    service: FlaskClient, shared: Path
) -> None:
    found = cases(shared, "reconciliation-query-batch", "invalid")

    answers = [service.post("/reconcile", data={"queries": json.dumps(one)}) for one in found]

    assert [answer.status_code for answer in answers] == [400] * 3


def test_batches_that_the_specification_calls_valid_are_read(
    service: FlaskClient, shared: Path
) -> None:
    """Their types and properties are of another service, so they are replaced by ones of here."""
    found = cases(shared, "reconciliation-query-batch", "valid")
    for queries in found:
        for query in queries.values():
            query.update({"type": "up:Person"} if "type" in query else {})
            for constraint in query.get("properties", ()):
                constraint["pid"] = "country"

    answers = [service.post("/reconcile", data={"queries": json.dumps(one)}) for one in found]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert [set(answer.json) for answer in answers] == [set(one) for one in found]
