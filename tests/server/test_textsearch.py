"""A search by name in SPARQL is answered here; no other SERVICE is."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.problems import Problem
from server.sparql.lexer import outline
from server.sparql.textsearch import (
    MOST_RESULTS,
    MOST_SEARCHES,
    SERVICE,
    TERMS,
    Found,
    Wanted,
    expanded,
)

DOCS = Path(__file__).parents[2] / "docs"
ID = "https://w3id.org/unipact/id/"
PREFIXES = f"PREFIX search: <{TERMS}> PREFIX up: <https://w3id.org/unipact/ontology#> "
SEARCH = f"SERVICE <{SERVICE}>"
ONE = Found(f"{ID}lodz", "Łódź", "pl", 7)
PARTS = [
    *(SEARCH, "SERVICE", f"<{SERVICE}>", "{ ?s search:matches 'a' }", "<http://127.0.0.1:9/>"),
    *("{", "}", "'", '"', "'''", "#", "\n", "<", "?a<?b", ")", "(", "FILTER", "UNION", "x:", "\\"),
]


def things(client: FlaskClient, query: str) -> list[str]:
    """Return what the column `thing` holds, below the base of ids."""
    response = client.post(
        "/sparql", data={"query": PREFIXES + query}, headers={"Accept": "application/json"}
    )
    assert response.status_code == 200, response.text
    rows = json.loads(response.text)["results"]["bindings"]
    return [row["thing"]["value"].removeprefix(ID) for row in rows]


def one(wanted: Wanted) -> Sequence[Found]:
    return [ONE]


def never(wanted: Wanted) -> Sequence[Found]:
    raise AssertionError("nothing should be searched for")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lodz", ["lodz"]),
        ("ŁÓDŹ", ["lodz"]),
        ("理工", ["spbpu"]),
        ("univ silk", ["uasr"]),
        ("q", []),
    ],
)
def test_search_finds_names_as_people_type_them(
    client: FlaskClient, text: str, expected: list[str]
) -> None:
    query = f'SELECT ?thing {{ {SEARCH} {{ ?thing search:matches "{text}" }} }}'

    assert things(client, query) == expected


def test_what_is_found_is_joined_with_the_rest(client: FlaskClient) -> None:
    search = f'{SEARCH} {{ ?thing search:matches "university" }}'

    assert things(client, f"SELECT ?thing {{ ?thing a up:Alliance . {search} }}") == ["uasr"]


def test_rank_label_and_weight_can_be_asked_for(client: FlaskClient) -> None:
    query = PREFIXES + (
        f"SELECT ?rank ?label ?weight {{ {SEARCH} {{ ?thing search:matches 'univ' ;"
        " search:rank ?rank ; search:label ?label ; search:weight ?weight } } ORDER BY ?rank"
    )

    lines = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"}).text

    assert [line.split(",")[0] for line in lines.splitlines()[1:]] == ["1", "2", "3", "4"]
    assert "Łódź University of Technology,0" in lines


def test_language_keeps_names_of_one_language(client: FlaskClient) -> None:
    query = f'{SEARCH} {{ ?thing search:matches "理" ; search:language "LANGUAGE" }}'

    found = [
        things(client, f"SELECT ?thing {{ {query.replace('LANGUAGE', tag)} }}")
        for tag in ("zh", "en")
    ]

    assert found == [["spbpu"], []]


def test_limit_takes_the_things_that_are_referred_to_most(client: FlaskClient) -> None:
    search = f'{SEARCH} {{ ?thing search:matches "univ" ; search:limit 2 }}'

    found = things(client, f"SELECT ?thing {{ {search} }}")

    assert sorted(found) == ["spbpu", "uasr"]


@pytest.mark.parametrize(
    "pattern",
    [
        "{ SELECT ?thing { SEARCH { ?thing search:matches 'lodz' } } }",
        "{ ?thing a up:Nothing } UNION { SEARCH { ?thing search:matches 'lodz' } }",
        "OPTIONAL { SEARCH { ?thing search:matches 'lodz' . } }",
        "SEARCH { ?thing search:matches 'lodz' . ?thing search:limit 3 ; }",
        "SEARCH { $thing <https://w3id.org/unipact/search#matches> '''lodz''' }",
        'service silent <https://w3id.org/unipact/search>{?thing search:matches"lodz"}',
        "SEARCH # a remark {\n { ?thing search:matches 'l\\u006fdz' }",
        "FILTER EXISTS { SEARCH { ?x search:matches 'lodz' } } BIND(<lodz> AS ?thing)",
    ],
)
def test_search_may_stand_wherever_a_service_may(client: FlaskClient, pattern: str) -> None:
    query = f"BASE <{ID}> SELECT ?thing {{ {pattern.replace('SEARCH', SEARCH)} }}"

    assert things(client, query) == ["lodz"]


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE <{SERVICE}/> {{ ?s search:matches 'a' }} }}",
        f"SELECT * {{ SERVICE <{SERVICE}#> {{ ?s search:matches 'a' }} }}",
        f"SELECT * {{ SERVICE <{SERVICE.upper()}> {{ ?s search:matches 'a' }} }}",
        f"BASE <{SERVICE}> SELECT * {{ SERVICE <> {{ ?s search:matches 'a' }} }}",
        f"PREFIX s: <{SERVICE}> SELECT * {{ SERVICE s: {{ ?s search:matches 'a' }} }}",
        f"SELECT * {{ BIND(<{SERVICE}> AS ?x) SERVICE ?x {{ ?s search:matches 'a' }} }}",
        f"SELECT * {{ SERVICE #<{SERVICE}> {{ ?s ?p ?o }}\n <http://127.0.0.1/> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE SILENT SILENT <{SERVICE}> {{ ?s search:matches 'a' }} }}",
        f"SELECT * {{ {SEARCH} {{ ?s search:matches 'a' }} SERVICE <http://127.0.0.1/> {{}} }}",
        f"SELECT * {{ FILTER(?a<?b)SERVICE#>\n <{SERVICE}> {{ ?s search:matches 'a' }} }}",
    ],
)  # fmt: skip
def test_any_other_service_is_refused(client: FlaskClient, query: str) -> None:
    response = client.post("/sparql", data={"query": query.replace("SELECT", f"{PREFIXES}SELECT")})

    assert (response.status_code, response.json["type"]) == (403, "/problems#fetch")


@pytest.mark.parametrize(
    "block",
    [
        "{ }",
        "{ ?s ?p ?o }",
        "{ ?s search:limit 3 }",
        "{ ?s search:matches '' }",
        "{ ?s search:matches ?text }",
        "{ ?s search:matches 'a'@en }",
        "{ ?s search:matches 'a'^^<urn:x> }",
        "{ ?s search:matches 'a' , 'b' }",
        "{ ?s search:matches 'a' ; search:matches 'b' }",
        "{ ?s search:matches 'a' . ?t search:matches 'b' }",
        "{ <urn:s> search:matches 'a' }",
        "{ ?s search:matches 'a' ; search:limit 0 }",
        f"{{ ?s search:matches 'a' ; search:limit {MOST_RESULTS + 1} }}",
        "{ ?s search:matches 'a' ; search:limit 1.5 }",
        "{ ?s search:matches 'a' ; search:language '1' }",
        "{ ?s search:matches 'a' ; search:label ?s }",
        "{ ?s search:matches 'a' ; search:other ?o }",
        "{ ?s search:matches 'a' FILTER(true) }",
        "{ ?s search:matches 'a' SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "{ { ?s search:matches 'a' } }",
        f"{{ ?s search:matches '{'a' * 201}' }}",
        "{ ?s search:matches 'a'",
        "?s",
    ],
)
def test_search_that_is_written_otherwise_is_refused_with_its_place(block: str) -> None:
    with pytest.raises(Problem) as refused:
        expanded(f"{PREFIXES}\nSELECT * {{ {SEARCH} {block}", never)

    assert (refused.value.kind, refused.value.where["line"]) == ("syntax", 2)
    assert "search:matches" in refused.value.hint


@pytest.mark.parametrize(
    "query",
    [
        f'ASK {{ ?s ?p "{SEARCH} {{ ?s search:matches 1 }}" }}',
        f"ASK {{ ?s ?p '''{SEARCH} {{''' }}",
        f"ASK {{ ?s ?p <{SERVICE}> }} # {SEARCH} {{ ?s search:matches 'a' }}",
        "ASK { ?s ?p ?o }",
    ],
)
def test_search_in_a_string_or_a_remark_is_none(query: str) -> None:
    assert expanded(query, never) == query


def test_a_query_searches_only_some_times() -> None:
    search = f"{SEARCH} {{ ?s search:matches 'a' }} "

    with pytest.raises(Problem) as refused:
        expanded(f"{PREFIXES} SELECT * {{ {search * (MOST_SEARCHES + 1)} }}", one)

    assert refused.value.kind == "limit"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_label_comes_through_as_it_is(label: str) -> None:
    query = f"{SEARCH} {{ ?thing search:matches 'a' ; search:label ?label }}"
    found = [Found(f"{ID}x", label, "", 1)]

    text = expanded(f"{PREFIXES} SELECT ?label {{ {query} }}", lambda wanted: found)

    rows = ox.Store().query(text)
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["label"].value for row in rows] == [label]


@given(st.lists(st.sampled_from(PARTS), max_size=14))
def test_no_service_passes_that_stood_beside_a_search(parts: list[str]) -> None:
    query = f"{PREFIXES} SELECT * {{ {' '.join(parts)} }}"
    try:
        text = expanded(query, one)
    except Problem:
        return

    if not outline(text).fetches:
        with contextlib.suppress(SyntaxError):
            ox.Store().query(text)  # an engine that saw a SERVICE would ask, and fail
