"""Codepoint escapes: none is left for an engine, and what a text means stays."""

from __future__ import annotations

import contextlib

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.releases import Release
from server.problems import Problem
from server.sparql import request
from server.sparql.escapes import decoded
from server.sparql.lexer import outline
from unipact.api import OpenRelease

FETCH = "<http://127.0.0.1:1/x> { ?a ?b ?c }"
DISGUISES = {
    "first letter": r"\u0053ERVICE",
    "last letter": r"SERVIC\U00000045",
    "all letters": r"\u0053\u0045\u0052\u0056\u0049\u0043\u0045",
    "lower case": r"\u0073ervice",
    "digits in mixed case": r"S\u0045RVI\u0043\U00000045",
    "behind a name": r":x . \u0053ERVICE",
    "behind a backslash": r"\\u0053ERVICE",
    "in front of SILENT": r"\u0053ERVICE SILENT",
}


@pytest.mark.parametrize("keyword", DISGUISES.values(), ids=DISGUISES)
def test_disguised_service_is_seen(keyword: str) -> None:
    assert outline(decoded(f"ASK {{ {keyword} {FETCH} }}")).fetches


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (r'ASK { ?a ?b "x" . \u0022 SERVICE', 19),
        (r"ASK { ?a ?b \u0027 SERVICE", 13),
        (r"ASK { #\u000A SERVICE", 8),
        (r"ASK { # \U0000000d SERVICE", 9),
        (r"ASK { ?a ?b \u0023 }", 13),
        (r"ASK { \u003Curn:x> ?p ?o }", 7),
        (r"ASK { <urn:x\u003E ?p ?o }", 13),
        (r"ASK { <urn:x\u003E> ?p ?o }", 13),
        (r"ASK { <urn:\u0020> ?p ?o }", 12),
        (r"ASK { ?s ?p \u005cU00000031 }", 13),
        (r"ASK { # \u005cu000a }", 9),
        (r"ASK { ?s ?p '\uD800' }", 14),
        (r"ASK { ?s ?p '\U00110000' }", 14),
    ],
)
def test_escape_that_engines_read_in_two_ways_is_refused_with_its_place(
    text: str, column: int
) -> None:
    with pytest.raises(Problem) as raised:
        decoded(text)

    assert raised.value.status == 400
    assert raised.value.where == {"line": 1, "column": column}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"'\u0027'", r"'\''"),
        (r'"\u0022 } SERVICE"', r'"\" } SERVICE"'),
        (r"'\u005cu0041'", r"'\\u0041'"),
        (r"'\\u0041'", r"'\\u0041'"),
        (r"'\\\u0041'", r"'\\A'"),
        (r"'''\u000A\u0027'''", r"'''\n\''''"),
        (r"'C:\\users'", r"'C:\\users'"),
        (r"<http://x/\u00e9\U0001F46A>", "<http://x/é👪>"),
        (r"a\u003Ab ?\u0061", "a:b ?a"),
        (r"# it is \u0022fine\u0022", '# it is "fine"'),
        ("no escape \\n", "no escape \\n"),
    ],
)
def test_escape_is_written_as_its_place_needs(text: str, wanted: str) -> None:
    assert decoded(text) == wanted


def test_query_of_a_request_has_no_escapes() -> None:
    asked = request.read("POST", b"", request.QUERY, rb"ASK { \u0053ERVICE ?x {} }")

    assert asked is not None
    assert asked.query == "ASK { SERVICE ?x {} }"


@given(st.text(alphabet="\\uU0025CdDa'\"<># \nS?:", max_size=60))
def test_nothing_is_left_to_undo(text: str) -> None:
    with contextlib.suppress(Problem):
        found = decoded(text)

        assert decoded(found) == found


@given(st.text(max_size=8), st.sampled_from(["'", '"', "'''", '"""']))
def test_string_written_in_escapes_keeps_its_value(value: str, quote: str) -> None:
    escaped = "".join(f"\\U{ord(character):08X}" for character in value)
    query = f"SELECT ({quote}{escaped}{quote} AS ?x) {{}}"

    assert _value(decoded(query)) == _value(query) == value


def _value(query: str) -> str:
    result = ox.Store().query(query)
    assert isinstance(result, ox.QuerySolutions)
    found = next(result)["x"]
    assert isinstance(found, ox.Literal)
    return found.value


def test_public_interface_undoes_escapes_before_it_looks_for_service(release: Release) -> None:
    opened = OpenRelease(release)

    with pytest.raises(DataError, match="SERVICE"):
        opened.query("ASK { \\u0053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }")
    with pytest.raises(DataError, match="not SPARQL"):
        opened.query("ASK { \\uD800 ?p ?o }")
    assert opened.query("\\u0041SK { ?s ?p ?o }")
