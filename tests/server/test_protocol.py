"""Requests and content negotiation, without a server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.limits import Limits
from server.problems import Problem
from server.sparql.negotiation import CSV, GRAPHS, HTML, JSON, RESULTS, accepted, choose
from server.sparql.plan import check
from server.sparql.request import FORM, QUERY, QueryRequest, read


@pytest.mark.parametrize(
    ("accept", "type"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("text/tab-separated-values, text/csv;q=0.9", "text/tab-separated-values"),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.2", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("TEXT/CSV", "text/csv"),
        ("rubbish, ;;, text/csv ; charset=x ; q=1.000", "text/csv"),
        ("q=1", "application/sparql-results+json"),
        ("text/xml", "text/xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ],
)
def test_accept_is_negotiated(accept: str, type: str) -> None:
    assert choose((*RESULTS, HTML), accept).type == type


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "*/*;q=0"])
def test_nothing_acceptable_is_told(accept: str) -> None:
    with pytest.raises(Problem) as raised:
        choose(RESULTS, accept)

    assert raised.value.status == 406
    assert "text/csv" in raised.value.hint


@pytest.mark.parametrize("format", ["csv", "CSV", "text/csv"])
def test_format_wins_over_accept(format: str) -> None:
    assert choose(RESULTS, "application/json", format=format) == CSV


def test_media_type_in_a_query_string_may_have_lost_its_plus() -> None:
    assert choose(RESULTS, "", format="application/sparql-results json") == JSON


@given(st.text())
def test_any_accept_header_can_be_read(header: str) -> None:
    assert accepted(header)


@pytest.mark.parametrize(
    ("query_string", "content_type", "body", "status"),
    [
        (b"", FORM, b"", 400),
        (b"", FORM, b"query=ASK{}&query=ASK{}", 400),
        (b"query=ASK{}", FORM, b"query=ASK{}", 400),
        (b"query=ASK{}", QUERY, b"ASK{}", 400),
        (b"", QUERY, b"\xff", 400),
        (b"", FORM, b"query=%ff", 400),
        (b"", "text/plain", b"ASK{}", 415),
        (b"", "", b"ASK{}", 415),
        (b"", QUERY + "; charset=utf-16", b"ASK{}", 415),
        (b"", "application/sparql-update", b"CLEAR ALL", 415),
        (b"", FORM, b"update=CLEAR+ALL", 400),
        (b"", FORM, b"a=" + b"&b=" * 2000, 400),
    ],
)
def test_wrong_requests_are_told(
    query_string: bytes, content_type: str, body: bytes, status: int
) -> None:
    with pytest.raises(Problem) as raised:
        read("POST", query_string, content_type, body)

    assert raised.value.status == status


def test_three_operations_are_the_same_request() -> None:
    encoded = b"query=ASK%7B%7D&default-graph-uri=urn:a&named-graph-uri=urn:b"
    wanted = QueryRequest("ASK{}", ("urn:a",), ("urn:b",))

    assert read("GET", encoded, "", b"") == wanted
    assert read("POST", b"", FORM + "; charset=UTF-8", encoded) == wanted
    graphs = b"default-graph-uri=urn:a&named-graph-uri=urn:b"
    assert read("POST", graphs, QUERY, b"ASK{}") == wanted


def test_bare_get_asks_for_nothing() -> None:
    assert read("GET", b"", "", b"") is None


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ("ASK{}" + " " * 100, "query_length"),
        ("ASK" + "{" * 9 + "}" * 9, "query_nesting"),
        ("ASK{" + "?s ?p ?o." * 20 + "}", "query_patterns"),
    ],
)
def test_limits_name_themselves_and_how_to_raise_them(query: str, limit: str) -> None:
    limits = Limits(query_length=100 if limit == "query_length" else 10_000, query_nesting=8,
                    query_patterns=20)  # fmt: skip

    with pytest.raises(Problem) as raised:
        check(QueryRequest(query), accept="", limits=limits)

    assert raised.value.where == {"limit": limit}
    assert f"UNIPACT_{limit.upper()}" in raised.value.hint


def test_relative_graph_iri_is_refused() -> None:
    with pytest.raises(Problem, match="absolute"):
        check(QueryRequest("ASK{}", ("graph",)), accept="", limits=Limits())


def test_construct_is_offered_as_a_graph() -> None:
    plan = check(QueryRequest("CONSTRUCT WHERE {}"), accept="text/turtle", limits=Limits())

    assert plan.media in GRAPHS


def test_update_sent_as_a_query_does_not_parse() -> None:
    with pytest.raises(Problem, match="update") as raised:
        check(QueryRequest("DELETE WHERE { ?s ?p ?o }"), accept="", limits=Limits())

    assert raised.value.status == 400


@pytest.mark.parametrize("written", ["0", "-1", "1e3", "nan", "", "0.0", "9" * 20])
def test_timeout_is_a_number_of_seconds(written: str) -> None:
    with pytest.raises(Problem, match="timeout"):
        read("GET", f"query=ASK{{}}&timeout={written}".encode(), "", b"")


def test_timeout_is_handed_on() -> None:
    asked = read("GET", b"query=ASK{}&timeout=2.5", "", b"")

    assert asked is not None
    assert check(asked, accept="", limits=Limits()).seconds == 2.5


@pytest.mark.parametrize("function", ["NOW()", "rand()", "UUID()", "StrUUID()", "BNODE('a')"])
def test_query_with_a_changing_answer_is_not_cacheable(function: str) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"

    assert not check(QueryRequest(query), accept="", limits=Limits()).cacheable
    assert check(QueryRequest("SELECT * {?now ?s 'NOW()'}"), accept="", limits=Limits()).cacheable


def test_plans_with_other_answers_have_other_keys() -> None:
    limits = Limits()
    asked = [QueryRequest("ASK{}"), QueryRequest("ASK {}"), QueryRequest("ASK{}", format="csv"),
             QueryRequest("ASK{}", ("urn:a",)), QueryRequest("ASK{}", (), ("urn:a",))]  # fmt: skip

    assert len({check(request, accept="", limits=limits).key for request in asked}) == 5
