"""The routes do what their document says, whatever they are asked."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from server.openapi import OPERATIONS, Operation

load_all_checks()
HELD = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
EXAMPLES = 25


def can_be_wrong(operation: Operation) -> bool:
    """Whether a request can be against the document: a free path of any text cannot."""
    return bool(operation.bodies) or any(
        one.place == "query" or "enum" in one.schema for one in operation.parameters
    )


CASES = [
    *((operation, GenerationMode.POSITIVE) for operation in OPERATIONS),
    *((operation, GenerationMode.NEGATIVE) for operation in filter(can_be_wrong, OPERATIONS)),
]


@pytest.mark.parametrize(
    ("operation", "mode"),
    CASES,
    ids=[f"{mode.value} {operation.method} {operation.path}" for operation, mode in CASES],
)
def test_answer_is_what_the_document_says(
    app: Flask, operation: Operation, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    cases = schema[operation.path][operation.method.upper()].as_strategy(generation_mode=mode)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def answers(data: st.DataObject) -> None:
        # What checks the answers does not unpack them.
        plain = {"Accept-Encoding": "identity"}
        data.draw(cases).call_and_validate(checks=HELD, headers=plain)

    answers()
