"""Answers with blank nodes that the query makes, which have other labels each time it runs."""

from __future__ import annotations

import pytest

from tests.server.running.conftest import Run

QUERIES = {
    "construct": "CONSTRUCT { [] a ?type } WHERE { ?s a ?type }",
    "construct with labels": "CONSTRUCT { _:a <urn:p> ?s } WHERE { ?s a ?type }",
    "function": "SELECT (BNODE() AS ?b) { ?s a ?type }",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_same_strong_tag_means_the_same_bytes(serving: Run, query: str) -> None:
    with serving() as served:
        first, second = (served.get("/sparql", query=query) for _ in range(2))
        tag = first.headers.get("etag", '"none"')
        third = served.get("/sparql", ("If-None-Match", tag), query=query)

    assert (first.status, second.status) == (200, 200)
    if "etag" in first.headers:
        assert first.headers["etag"] == second.headers["etag"]
        assert first.body == second.body
        assert third.status == 304
    else:
        assert third.status == 200
