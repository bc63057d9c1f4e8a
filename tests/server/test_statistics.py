"""What statistics answer is what the engine answers."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest

from server.sparql.cells import rows
from server.sparql.rewriting import rewrite
from server.sparql.statistics import MOST_TERMS, Statistics

PREFIXES = (
    "PREFIX up: <https://w3id.org/unipact/ontology#> PREFIX skos: "
    "<http://www.w3.org/2004/02/skos/core#> "
)
KNOWN = [
    "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "select(count(?b)as ?all){?a ?b ?c.}",
    "SELECT (COUNT(*) AS ?n) { ?s a up:University }",
    "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a up:University }",
    "SELECT (COUNT(*) AS ?n) { ?s a <x:nothing> }",
    "SELECT (COUNT(?o) AS ?n) { ?s skos:prefLabel ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s <x:nothing> ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s a ?class }",
    "SELECT DISTINCT ?p WHERE { ?s ?p ?o }",
    "SELECT DISTINCT $class { ?thing a ?class } ORDER BY STR(?class)",
    "SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY DESC(?p) LIMIT 5 OFFSET 2 # the end",
    "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) ?c",
    "SELECT (COUNT(DISTINCT ?s) AS ?n) ?c { ?s a ?c } GROUP BY ?c",
    "SELECT ?p (COUNT(?s) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?n ?p LIMIT 3",
]
LEFT_ALONE = [
    "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c }",
    "SELECT (COUNT(*) AS ?n) { ?s ?s ?o }",
    "SELECT (COUNT(?x) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p <x:y> }",
    "SELECT (COUNT(*) AS ?n) { <x:y> ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM <x:y> { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT DISTINCT ?s { ?s ?p ?o }",
    "SELECT DISTINCT ?o { ?s ?p ?o }",
    "SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY ?s",
    "SELECT ?p { ?s ?p ?o }",
    "SELECT ?p (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(*) > 9)",
    "BASE <https://w3id.org/../> SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/a/../b> }",
    "SELECT (COUNT(*) AS ?n) { ?s a unknown:prefix }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } LIMIT 0",
]


@pytest.fixture(scope="module")
def statistics(seeds_store: ox.Store) -> Statistics:
    return of(seeds_store)


def of(store: ox.Store) -> Statistics:
    counted = Statistics(lambda query: rows(store.query(query), MOST_TERMS))
    counted.predicates()
    counted.classes()
    return counted


@pytest.mark.parametrize("query", KNOWN)
def test_statistics_answer_as_the_engine_does(
    query: str, statistics: Statistics, seeds_store: ox.Store
) -> None:
    changed = rewrite(PREFIXES + query, statistics=statistics)

    assert "VALUES" in changed
    expected = rows(seeds_store.query(PREFIXES + query), 10_000)
    found = rows(seeds_store.query(changed), 10_000)
    assert found["variables"] == expected["variables"]
    assert Counter(map(str, found["rows"])) == Counter(map(str, expected["rows"]))


@pytest.mark.parametrize("query", [query for query in KNOWN if "ORDER BY" in query])
def test_order_is_the_one_asked_for(
    query: str, statistics: Statistics, seeds_store: ox.Store
) -> None:
    changed = rewrite(PREFIXES + query, statistics=statistics)

    assert rows(seeds_store.query(changed), 100) == rows(seeds_store.query(PREFIXES + query), 100)


@pytest.mark.parametrize("query", LEFT_ALONE)
def test_other_queries_go_to_the_engine(query: str, statistics: Statistics) -> None:
    assert rewrite(PREFIXES + query, statistics=statistics) == PREFIXES + query


def test_dataset_of_the_request_has_no_statistics() -> None:
    assert rewrite(KNOWN[0], statistics=None) == KNOWN[0]


def test_more_predicates_than_are_kept_are_left_to_the_engine() -> None:
    many = {"rows": [], "more": True}

    statistics = Statistics(lambda query: many)

    assert rewrite(KNOWN[0], statistics=statistics) == KNOWN[0]


def test_class_that_is_no_iri_is_left_to_the_engine() -> None:
    odd = {"rows": [[["literal", "x", "", ""], ["literal", "1", "", ""]]], "more": False}

    assert Statistics(lambda query: odd).classes() is None


def test_empty_dataset_has_no_classes() -> None:
    store = ox.Store()

    changed = rewrite("SELECT DISTINCT ?c { ?s a ?c }", statistics=of(store))

    assert rows(store.query(changed), 9)["rows"] == []


def test_counting_all_for_one_class_is_not_worth_it(seeds_store: ox.Store) -> None:
    fresh = Statistics(lambda query: rows(seeds_store.query(query), MOST_TERMS))
    query = f"{PREFIXES} SELECT (COUNT(*) AS ?n) {{ ?s a up:University }}"

    assert rewrite(query, statistics=fresh) == query
