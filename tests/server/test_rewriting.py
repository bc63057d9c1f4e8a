"""What is rewritten, what is left alone, and that our own questions keep their answers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import InputError
from server.sparql.cells import rows
from server.sparql.rewriting import ALL, rewrite, switches
from server.sparql.statistics import Statistics

COMPETENCY = sorted((Path(__file__).parents[1] / "competency").glob("*.rq"))
OPTIONAL = "OPTIONAL { ?v <p:q> ?o }"


@pytest.fixture(scope="module")
def statistics(seeds_store: ox.Store) -> Statistics:
    return Statistics(lambda query: rows(seeds_store.query(query), 1000))


@pytest.mark.parametrize(
    "bound",
    [
        "BIND(<x:y> AS ?v)",
        "bind ( <x:y> as $v )",
        "VALUES ?v { <x:y> }",
        "VALUES (?v) { (<x:y>) }",
        "?v <a:b> ?c FILTER(?v = <x:y>)",
        "?v <a:b> ?c FILTER(<x:y> = ?v)",
        "?v <a:b> ?c FILTER sameTerm(?v, <x:y>)",
    ],
)
def test_constant_stands_in_the_optional(bound: str) -> None:
    changed = rewrite(f"SELECT * {{ {bound} {OPTIONAL} }}")

    assert "<x:y>  <p:q> ?o" in changed


@pytest.mark.parametrize(
    "pattern",
    [
        "?v <p:q> ?o",
        "?o <p:q> ?v",
        "<a:b> ?v ?o",
        "{ ?v <p:q> ?o } UNION { ?o <p:q> ?v }",
        "GRAPH ?g { ?v <p:q> ?o }",
        "OPTIONAL { ?v <p:q> ?o FILTER(?o != ?v) }",
        "OPTIONAL { ?v <p:q> ?o OPTIONAL { ?v ?r ?s } }",
        "?v <p:q> [ <p:r> ?v ] ; <p:s>/<p:t>+ (1 ?v)",
    ],
)
def test_triples_take_the_constant(pattern: str) -> None:
    changed = rewrite(f"SELECT * {{ BIND(<x:y> AS ?v) {pattern} }}")

    kept = pattern.count("FILTER")
    assert changed.count("?v") == 1 + kept
    assert changed.count("<x:y>") == 1 + pattern.count("?v") - kept


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?v <p:q> ?o }",
        "SELECT * { BIND(?w AS ?v) OPTIONAL { ?v <p:q> ?o } }",
        "SELECT * { VALUES ?v { <x:y> <x:z> } OPTIONAL { ?v <p:q> ?o } }",
        "SELECT * { VALUES ?v { UNDEF } ?v <p:q> ?o }",
        "SELECT * { BIND(<x:y> AS ?v) ?v <p:q>* ?o }",
        "SELECT * { BIND(<x:y> AS ?v) ?v <p:q>? ?o }",
        "SELECT * { BIND(<x:y> AS ?v) MINUS { ?v <p:q> ?o } }",
        "SELECT * { BIND(<x:y> AS ?v) FILTER EXISTS { ?v <p:q> ?o } }",
        "SELECT * { BIND(<x:y> AS ?v) FILTER(EXISTS { ?v <p:q> ?o }) }",
        "SELECT * { BIND(<x:y> AS ?v) { SELECT * { ?v <p:q> ?o } } }",
        "SELECT * { BIND(<x:y> AS ?v) { ?v <p:q> ?o FILTER(?v != ?o) } }",
        "SELECT * { BIND(<x:y> AS ?v) OPTIONAL { OPTIONAL { ?v <p:q> ?o } ?v ?r ?s } }",
        "SELECT * { BIND(<x:y> AS ?v) GRAPH ?v { ?v <p:q> ?o } }",
        "SELECT * { OPTIONAL { ?v <p:q> ?o } FILTER(?v = <x:y>) }",
        "SELECT * { ?v <p:q> ?o FILTER(?v = <x:y> || ?o = 1) }",
        "SELECT * { ?v <p:q> ?o FILTER(?v != <x:y>) }",
        "CONSTRUCT { ?v <p:q> ?o } { BIND(<x:y> AS ?v) }",
        "SELECT * { BIND(<x:y> AS ?v) SERVICE <s:s> { ?v <p:q> ?o } }",
        "SELECT * { BIND(<x:y> AS ?v) ?v <p:q> ?o FILTER(?o<?v&&?v>?o) }",
        "SELECT * { BIND(<x:y> AS ?v) \\u003fv <p:q> ?o }",
        "SELECT * { BIND(<x:y> AS ?v) ?v <p:q> ?o ",
        "SELECT * { BIND(<x:y> AS ?v) ?v <p:q> ?o )}",
        "BIND(<x:y> AS ?v) ?v",
        "VALUES",
        "{" * 400,
    ],
)
def test_text_stays_when_it_is_not_certain(query: str) -> None:
    assert rewrite(query) == query


SEVERAL = "OPTIONAL { ?v <p:q> ?o ; <p:r> ?s }"


@pytest.mark.parametrize(
    "before",
    [
        "<a:b> <p:q> ?v",
        "?v <p:q> <a:b>",
        '?v <p:q> "x"@en ; <p:r> ?w .',
        "?v <p:q> 5 .",
        "?v a <a:b> . ?v <p:q> <a:b> OPTIONAL { ?v <p:s> ?t }",
        "VALUES ?v { <a:b> <a:c> }",
    ],
)
def test_optional_of_several_triples_is_matched_row_by_row(before: str) -> None:
    changed = rewrite(f"SELECT * {{ {before} {SEVERAL} }}", names=frozenset({"optionals"}))

    assert changed == f"SELECT * {{ {before} LATERAL {{ {SEVERAL} }} }}"


@pytest.mark.parametrize(
    "pattern",
    [
        f"?v a <a:b> {SEVERAL}",
        f"?v <p:q> ?w {SEVERAL}",
        f"{SEVERAL} ?v <p:q> <a:b>",
        "<a:b> <p:q> ?v OPTIONAL { ?v <p:q> ?o }",
        "<a:b> <p:q> ?v OPTIONAL { ?v <p:q> ?o ; <p:r>* ?s }",
        "<a:b> <p:q> ?v OPTIONAL { ?v <p:q> ?o ; <p:r> ?s FILTER NOT EXISTS { ?v <p:r> ?x } }",
        "<a:b> <p:q> ?v OPTIONAL { ?v <p:q> ?o ; <p:r> ?s FILTER(!BOUND(?w)) }",
        "<a:b> <p:q> ?v OPTIONAL { ?v <p:q> ?o ; <p:r> ?s OPTIONAL { ?s <p:r> ?x } }",
        "<a:b> <p:q> ?v OPTIONAL { { ?v <p:q> ?o ; <p:r> ?s } }",
        "<a:b> <p:q> ?v OPTIONAL { SELECT * { ?v <p:q> ?o ; <p:r> ?s } }",
        f"FILTER EXISTS {{ <a:b> <p:q> ?v {SEVERAL} }}",
    ],
)
def test_other_optionals_stay(pattern: str) -> None:
    query = f"SELECT * {{ {pattern} }}"

    assert rewrite(query, names=frozenset({"optionals"})) == query


def test_constant_keeps_its_distance_to_words_that_follow() -> None:
    changed = rewrite("PREFIX x: <x:> SELECT * { BIND(x:y AS ?v) ?o <p:q> ?v.OPTIONAL{?v ?p ?z} }")

    assert "<p:q>  x:y .OPTIONAL{ x:y  ?p ?z}" in changed


@pytest.mark.parametrize("file", COMPETENCY, ids=lambda file: file.stem)
def test_question_has_the_same_answer_when_rewritten(
    file: Path, seeds_store: ox.Store, statistics: Statistics
) -> None:
    query = file.read_text(encoding="utf-8")
    changed = rewrite(query, statistics=statistics)

    assert changed == query or _answer(seeds_store, changed) == _answer(seeds_store, query)


def _answer(store: ox.Store, query: str) -> object:
    result = rows(store.query(query), 100_000)
    return {**result, "rows": Counter(map(str, result.get("rows", [])))}


def test_switch_names_the_rewritings() -> None:
    assert switches("all") == ALL
    assert switches("off") == switches("") == frozenset()
    assert switches("constants") == {"constants"}


def test_unknown_switch_is_told() -> None:
    with pytest.raises(InputError, match="no rewriting 'konstants'"):
        switches("constants,konstants")


def test_nothing_is_rewritten_when_it_is_off(statistics: Statistics) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ BIND(<x:y> AS ?v) {OPTIONAL} }}"

    assert rewrite(query, statistics=statistics, names=frozenset()) == query
