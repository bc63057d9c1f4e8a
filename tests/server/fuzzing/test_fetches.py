"""The lexer against the engine: what the engine would fetch is found, what it would not is let by.

Without a network a fetch shows itself by this: with the keyword the engine takes the query, with
another word in its place it does not.
"""

from __future__ import annotations

import contextlib
import re
from itertools import islice

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings

from server.sparql.lexer import outline
from tests.server.fuzzing.conftest import CORPUS, TIMES
from tests.server.fuzzing.strategy import QUERIES

KEYWORD = re.compile("service", re.IGNORECASE)
MANY = settings(
    max_examples=1000 * TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)


def takes(query: str) -> bool:
    """Tell whether the engine takes a query; on an empty store, and urn: has no host to ask."""
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        try:
            ox.Store().query(query)
        except SyntaxError:
            return False
    return True


def would_fetch(query: str) -> bool:
    """Tell whether some SERVICE in a query is a keyword to the engine."""
    if not takes(query):
        return False
    for match in islice(KEYWORD.finditer(query), 8):
        if not takes(query[: match.start()] + "SERVIXE" + query[match.end() :]):
            return True
    return False


@MANY
@given(QUERIES)
def test_whatever_the_engine_would_fetch_is_found(query: str) -> None:
    if KEYWORD.search(query) and would_fetch(query):
        assert outline(query).fetches


@MANY
@given(QUERIES)
def test_what_cannot_be_a_fetch_is_let_by(query: str) -> None:
    """A text without either word has nothing to refuse, escaped letters apart."""
    if not re.search(r"service|load|\\u", query, re.IGNORECASE):
        assert outline(query).fetches == ()


@pytest.mark.parametrize("query", CORPUS, ids=lambda query: " ".join(query.split())[:40])
def test_question_of_the_corpus_is_no_fetch(query: str) -> None:
    assert outline(query).fetches == ()
    assert outline(query).form in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def test_corpus_was_collected() -> None:
    assert len(CORPUS) > 200
