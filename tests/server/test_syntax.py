"""What is said of a query that does not parse."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.problems import Problem
from server.sparql.syntax import WORDS, syntax_problem


def problem(query: str) -> Problem:
    with pytest.raises(SyntaxError) as raised:
        ox.Store().query(query)
    return syntax_problem(query, str(raised.value))


@pytest.mark.parametrize(
    ("query", "what", "line", "column", "hint"),
    [
        ("SELECT ?s WHER { ?s ?p ?o }", "WHER", 1, 11, "WHERE"),
        ("SELEC * {}", "SELEC", 1, 1, "SELECT"),
        ("SELECT *\n{ FILTER(regx(?a, 'b')) }", "regx", 2, 10, "REGEX"),
        ("SELECT * { FILTER(?a == 1e0) }", "==", 1, 22, "write ="),
        ("SELECT * { FILTER(?a => 1e+0) }", "=>", 1, 22, "write >="),
        ("SELECT * { ?s a up:University }", "prefix up:", 1, 17, "PREFIX up:"),
        ("SELECT * { ?s ?p 'x }", "no end", 1, 18, ""),
        ("SELECT * { ?s ?p ?o", "{", 1, 10, ""),
        ("SELECT * { ?s ?p }", "near }", 1, 19, ""),
        ("", "empty", 1, 1, ""),
        ("# nothing", "empty", 1, 1, ""),
    ],
)
def test_fault_has_its_word_and_place(
    query: str, what: str, line: int, column: int, hint: str
) -> None:
    found = problem(query)

    assert what in found.detail
    assert found.where == {"line": line, "column": column}
    assert hint in found.hint


def test_caret_stands_below_the_fault() -> None:
    shown = problem("SELECT *\nWHER { ?s ?p ?o }").hint.splitlines()

    assert shown[:2] == ["WHER { ?s ?p ?o }", "^"]


@pytest.mark.parametrize("word", sorted(WORDS))
def test_word_of_the_language_is_never_called_unknown(word: str) -> None:
    found = syntax_problem(f"SELECT * {{ {word} }} {word}", "error at 1:1: x")

    assert "is no word" not in found.detail


@given(st.text(alphabet="SELECT?s{}()<>='\"#.:;, \n1e-", max_size=60))
def test_any_text_has_a_place_within_it(query: str) -> None:
    found = syntax_problem(query, "error at 1:1: expected one of [a-z], 'x'")

    assert 1 <= int(found.where["line"]) <= query.count("\n") + 1
