"""The page of queries: it works without scripts, and gives the editor what it needs."""

from __future__ import annotations

import ast
import re
import shlex
from html import unescape

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.pages.examples import EXAMPLES, Example, by_theme
from server.pages.snippets import ANSWER, GRAPH, ROWS, Asked, snippets

ASK_FOR = "SELECT ?name WHERE { ?u a <https://w3id.org/unipact/ontology#University> } LIMIT 3"
ENDPOINT = "https://example.org/sparql"


def answered(client: FlaskClient, query: str) -> str:
    return client.get("/sparql", query_string={"query": query}).text


def code(text: str, name: str) -> str:
    """Return the code in a language, as the page shows it."""
    found = re.search(rf"<h3>{name}</h3>.*?<pre[^>]*>(.*?)</pre>", text, re.S)
    assert found is not None
    return unescape(found[1])


def test_form_holds_an_example_when_nothing_was_asked(reader: FlaskClient) -> None:
    text = reader.get("/sparql").text

    field = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", text, re.S)
    assert field is not None
    assert unescape(field[1]).strip() == EXAMPLES[0].query.strip()


def test_form_gives_the_editor_its_addresses(reader: FlaskClient) -> None:
    text = reader.get("/sparql").text

    assert '<form action="/sparql" class="query" data-plain-query>' in text
    for told in ('endpoint="/sparql"', 'completions="/sparql/completions"', 'search="/search"'):
        assert f"data-{told}" in text
    assert 'data-base="https://w3id.org/unipact/"' in text


def test_form_comes_in_the_language_of_its_address(reader: FlaskClient) -> None:
    response = reader.get("/sparql?lang=ru")

    assert response.status_code == 200
    assert "Кто партнёры" in response.text


def test_examples_stand_under_their_themes(reader: FlaskClient) -> None:
    text = reader.get("/sparql").text

    assert len(EXAMPLES) >= 12
    assert all(example.theme and f'href="{example.link}"'.replace("&", "&amp;") in text
               for example in EXAMPLES)  # fmt: skip
    assert len(by_theme(EXAMPLES)) >= 8


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question[:40])
def test_example_finds_something_in_the_corpus(reader: FlaskClient, example: Example) -> None:
    found = reader.get("/sparql", query_string={"query": example.query, "format": "json"}).json

    assert found is not None
    assert found["results"]["bindings"]
    assert example.query.startswith(f"# {example.question}\n")
    assert "# theme" not in example.query


def test_result_is_a_table_with_downloads_and_a_permalink(reader: FlaskClient) -> None:
    text = answered(reader, ASK_FOR)

    assert ">3 rows</h2>" in text
    links = re.findall(r'href="(/sparql\?query=[^"]*)"', text)
    assert {unescape(link).partition("&format=")[2] for link in links} >= {"csv", "json", ""}


def test_triples_that_a_select_names_are_rows_not_a_graph(reader: FlaskClient) -> None:
    text = answered(
        reader, "SELECT ?subject ?predicate ?object { ?subject ?predicate ?object } LIMIT 1"
    )

    assert "format=csv" in text
    assert "format=ttl" not in text


def test_query_comes_as_code_that_can_be_run(reader: FlaskClient) -> None:
    text = answered(reader, ASK_FOR)

    words = shlex.split(code(text, "cURL"))
    assert f"query={ASK_FOR}" in words
    for name in ("Python, SPARQLWrapper", "Python, rdflib"):
        ast.parse(code(text, name))
    assert ASK_FOR in code(text, "JavaScript")
    assert ASK_FOR in code(text, "R")


def test_error_shows_the_line_with_a_caret_below_the_place(reader: FlaskClient) -> None:
    response = reader.get(
        "/sparql", query_string={"query": "SELECT * {\n  ?s ?p <b> .\n} LIMITT 3"}
    )

    assert response.status_code == 400
    assert "<pre>} LIMITT 3\n  ^</pre>" in response.text
    assert "line 3, column 3" in response.text


def test_query_that_means_harm_is_shown_as_text(reader: FlaskClient) -> None:
    text = answered(reader, '</textarea><script>alert("1")</script>')

    assert "<script>alert" not in text


@given(st.text(alphabet="ab\\\"'`$\n\r{}é🙂 ", max_size=40), st.sampled_from([ROWS, ANSWER, GRAPH]))
def test_code_holds_the_query_unchanged(query: str, gives: str) -> None:
    found = snippets(Asked(query, ENDPOINT, gives))

    assert f"query={query}" in shlex.split(found["cURL"])
    for name in ("Python, SPARQLWrapper", "Python, rdflib"):
        held = [
            node.value
            for node in ast.walk(ast.parse(found[name]))
            if isinstance(node, ast.Constant)
        ]
        assert query in held
