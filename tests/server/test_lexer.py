"""The lexer of SPARQL: what it finds, and that nothing hides from it."""

from __future__ import annotations

import contextlib

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.sparql.lexer import outline, tokens

SERVICE = "SERVICE <http://127.0.0.1:1/x> {?a ?b ?c}"

LOOK_ALIKES = [
    'ASK { ?s ?p "SERVICE <http://x/> {}" }',
    "ASK { ?s ?p 'LOAD' }",
    'ASK { ?s ?p """a " SERVICE { """ }',
    "ASK { ?s ?p '''it's SERVICE { ''' }",
    "ASK { ?s ?p ?o } # SERVICE <http://x/> {}",
    "ASK { <http://example.org/SERVICE#LOAD> ?p ?o }",
    "ASK { ?SERVICE ?p $LOAD }",
    "PREFIX s: <http://x/> ASK { s:SERVICE ?p s:LOAD }",
    "PREFIX service: <http://x/> ASK { ?s service:x ?o }",
    "ASK { _:SERVICE ?p ?o }",
    'ASK { ?s ?p "x"@service }',
]
HIDDEN = [
    "SELECT * { " + SERVICE + " }",
    "SELECT * { service silent <http://127.0.0.1:1/x> {?a ?b ?c} }",
    "SELECT * {?a ?p ?b FILTER(?a<?b)SERVICE#>\n<http://127.0.0.1:1/x>{?a ?b ?c} }",
    "SELECT * {?a ?p ?b FILTER(?a<'>')" + SERVICE + " FILTER(?a='') }",
    "SELECT * {?a ?p ?b FILTER(?a<(1)#>'\n)" + SERVICE + " #'\n }",
    "PREFIX :<http://127.0.0.1:1/> SELECT * { SERVICE:x{?a ?b ?c} }",
    "SELECT * { SERVICESILENT<http://127.0.0.1:1/x>{?a ?b ?c} }",
    "SELECT * { ?a ?p trueSERVICE<http://127.0.0.1:1/x>{?a ?b ?c} }",
    "SELECT * { ?a ?p 1SERVICE<http://127.0.0.1:1/x>{?a ?b ?c} }",
    "SELECT * { ?a ?p 1.SERVICE<http://127.0.0.1:1/x>{?a ?b ?c} }",
    'SELECT * { ?a ?p "x"' + SERVICE + " }",
    "SELECT * { VALUES ?v {<file:///etc/passwd>} SERVICE ?v {?a ?b ?c} }",
]


@pytest.mark.parametrize("query", LOOK_ALIKES)
def test_look_alikes_are_not_fetches(query: str) -> None:
    assert outline(query).fetches == ()


@pytest.mark.parametrize("query", HIDDEN)
def test_service_is_found_however_it_hides(query: str) -> None:
    assert [token.text for token in outline(query).fetches] == ["SERVICE"]


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select * {}", "SELECT"),
        ("BASE <http://x/> PREFIX ask: <http://y/> ASK{}", "ASK"),
        ("# CONSTRUCT\nDESCRIBE <urn:a>", "DESCRIBE"),
        ("CONSTRUCT WHERE {}", "CONSTRUCT"),
        ("INSERT DATA {}", "UPDATE"),
        ("PREFIX a: <b> LOAD <http://x/>", "UPDATE"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_form_is_the_first_keyword_after_the_prologue(query: str, form: str) -> None:
    assert outline(query).form == form


def test_from_iris_are_collected() -> None:
    query = "SELECT * FROM <urn:a> FROM NAMED up:b { ?s ?from <urn:c> }"

    assert outline(query).from_iris == ("<urn:a>", "up:b")


def test_nesting_counts_brackets_outside_of_strings() -> None:
    assert outline('ASK { { FILTER(("((((" = "[")) } }').nesting == 4


def test_tokens_lose_nothing_but_blanks_and_comments() -> None:
    text = "ASK { ?s a:b.c 'x'@en , 1.5 . } # end"

    assert "".join(token.text for token in tokens(text)) == "ASK{?sa:b.c'x'@en,1.5.}"


PIECES = [
    "SERVICE", "service", "SILENT", "<urn:x>", "<", ">", "'", '"', "'''", '"""', "#", "\n", " ",
    "{", "}", "(", ")", "?a", ":x", "s:", "1", "true", "a", "=", "FILTER", ".", ";", "\\", "<?b)",
    "@en", "_:b", "{?a ?b ?c}", "?v", "FILTER(?a<", "VALUES ?v {1}", "%", "-", "&&", "<a#>",
]  # fmt: skip


@given(st.text())
def test_rubbish_never_fails(text: str) -> None:
    outline(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
@example(["FILTER(?a<", "'", ">", "'", ")", "SERVICE", "?v", "{?a ?b ?c}"])
def test_service_that_the_engine_would_run_is_always_found(pieces: list[str]) -> None:
    """An engine parses the query with SERVICE, but not when that keyword is no keyword."""
    query = "PREFIX : <urn:> PREFIX s: <urn:> SELECT * { ?a ?p ?b " + "".join(pieces) + " }"
    if not _parses(query) or "SERVICE" not in query.upper():
        return
    spoiled = query.replace("SERVICE", "SERVIXE").replace("service", "servixe")

    assert _parses(spoiled) or outline(query).fetches


def _parses(query: str) -> bool:
    """Whether the engine takes a query; running it on nothing calls nobody (urn: has no host)."""
    with contextlib.suppress(OSError):
        try:
            ox.Store().query(query)
        except SyntaxError:
            return False
    return True
