"""The document of all routes, against the routes that there are."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from server.openapi import OPERATIONS, Operation
from server.problems import KINDS


def test_document_is_valid_openapi(client: FlaskClient) -> None:
    response = client.get("/openapi.json")

    assert response.mimetype == "application/json"
    assert response.json is not None
    assert response.json["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(response.json).iter_errors()) == []


def test_table_has_every_route_and_method_of_the_app(app: Flask) -> None:
    routes = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }

    assert {(operation.rule, operation.method) for operation in OPERATIONS} == routes


def test_parameters_of_paths_are_described() -> None:
    for operation in OPERATIONS:
        in_path = {one.name for one in operation.parameters if one.place == "path"}
        assert in_path == {part.split("}")[0] for part in operation.path.split("{")[1:]}, (
            operation.rule
        )


def test_operations_have_names_of_their_own(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    assert document is not None

    names = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]

    assert len(set(names)) == len(names) == len(OPERATIONS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_problem_is_in_the_document(client: FlaskClient, kind: str) -> None:
    assert f"/problems#{kind}" in client.get("/openapi.json").text


def test_operation_with_a_scope_needs_a_token() -> None:
    row = Operation(
        "/store",
        "Puts a graph.",
        {},
        others={201: "It is new.", 204: "It was there."},
        method="put",
        bodies={"text/turtle": {"type": "string"}},
        scope="write:graph",
    )

    described = row.described()

    assert described["security"] == [{"token": ["write:graph"]}]
    assert described["requestBody"]["content"] == {"text/turtle": {"schema": {"type": "string"}}}
    assert {"201", "204", "401", "403"} <= set(described["responses"])


def test_operation_that_is_open_too_can_go_without_a_token() -> None:
    row = Operation("/sparql", "Asks or writes.", {}, method="post", scope="write", open_too=True)

    assert row.described()["security"] == [{}, {"token": ["write"]}]
