"""Rules derive plain triples and edges; what is only said by somebody is kept apart."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.data import ontology_dir
from kg.errors import OntologyError, Problems
from kg.iris import Iris
from kg.releases.stores import fill
from kg.rules import derive, load_rules

UP = "https://w3id.org/unipact/ontology#"
GRAPH = "https://w3id.org/unipact/graph/"
PREFIXES = f"PREFIX up: <{UP}>\nPREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
EDGES = f"""# Derives: partners. From: partnerships.
{PREFIXES}CONSTRUCT {{
  ?fact up:yields [ rdf:subject ?a ; rdf:predicate up:partnerOf ; rdf:object ?b ]
}} WHERE {{ ?fact up:party ?a , ?b FILTER(?a != ?b) }}
"""


def store_of(folder: Path, *triples: str) -> ox.Store:
    lines = sorted(f"{triple} <{GRAPH}article/x> .\n" for triple in triples)
    (folder / "data.nq").write_text("".join(lines), encoding="utf-8")
    return fill(folder / "store", folder / "data.nq")


def rules_of(folder: Path, *texts: str):
    (folder / "rules").mkdir()
    for number, text in enumerate(texts):
        (folder / "rules" / f"{number:02}.rq").write_text(text, encoding="utf-8")
    return load_rules(folder / "rules")


def partnership(fact: str, *, said: bool = False) -> list[str]:
    parties = [f"<urn:{fact}> <{UP}party> <urn:{party}>" for party in "ab"]
    return parties + ([f"<urn:{fact}> <{UP}accordingTo> <urn:s>"] if said else [])


def run(folder: Path, rules, *triples: str):
    store = store_of(folder, *triples)
    return store, list(derive(rules, store, Iris()))


def graphs_of_edge(quads) -> set[str]:
    return {quad.graph[len(GRAPH) + 1 : -1] for quad in quads if "partnerOf" in quad.predicate}


def test_an_edge_leads_back_to_the_fact_that_yields_it(tmp_path):
    store, _ = run(tmp_path, rules_of(tmp_path, EDGES), *partnership("fact"))

    assert store.query(
        PREFIXES + "ASK { <urn:a> up:partnerOf <urn:b> . <urn:fact> up:yields ?e ."
        " ?e a rdf:Statement ; rdf:subject <urn:a> ; rdf:predicate up:partnerOf ;"
        " rdf:object <urn:b> }"
    )


def test_an_edge_that_rests_on_somebodys_words_alone_stands_apart(tmp_path):
    _, quads = run(tmp_path, rules_of(tmp_path, EDGES), *partnership("fact", said=True))

    assert {quad.graph for quad in quads} == {f"<{GRAPH}derived-attributed>"}


def test_an_edge_with_both_kinds_of_support_stands_in_both_graphs(tmp_path):
    facts = [*partnership("one"), *partnership("two", said=True)]
    _, quads = run(tmp_path, rules_of(tmp_path, EDGES), *facts)

    assert graphs_of_edge(quads) == {"derived", "derived-attributed"}


def test_what_a_rule_derives_is_visible_to_the_next(tmp_path):
    query = "CONSTRUCT { ?a up:friendOf ?b } WHERE { ?a up:partnerOf ?b }"
    after = f"# Derives: friends.\n{PREFIXES}{query}"
    _, quads = run(tmp_path, rules_of(tmp_path, EDGES, after), *partnership("fact"))

    assert sum("friendOf" in quad.predicate for quad in quads) == 2


def test_what_is_stated_already_is_not_derived_again(tmp_path):
    same = "# Derives: the same.\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"

    assert run(tmp_path, rules_of(tmp_path, same), *partnership("fact"))[1] == []


def test_derived_quads_come_in_the_same_order_each_time(tmp_path):
    facts = [line for number in range(20) for line in partnership(f"f{number}")]
    (tmp_path / "again").mkdir()

    first = run(tmp_path, rules_of(tmp_path, EDGES), *facts)[1]

    assert first == run(tmp_path / "again", load_rules(tmp_path / "rules"), *facts)[1]
    assert first == sorted(first)


def test_concepts_in_rules_follow_the_base_of_the_release(tmp_path):
    concept = "<https://w3id.org/unipact/concept/a/b>"
    rule = f"# Derives: x.\nCONSTRUCT {{ ?s <urn:p:q> {concept} }} WHERE {{ ?s ?p ?o }}"
    store = store_of(tmp_path, "<urn:a> <urn:b:c> <urn:d>")

    (quad,) = derive(rules_of(tmp_path, rule), store, Iris("https://example.org/"))

    assert quad.object == "<https://example.org/concept/a/b>"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("?s <urn:p:q> []", "a blank node in the result"),
        ("?s up:yields [ rdf:subject ?s ; rdf:object ?o ]", "lacks its subject, predicate"),
        ("[] rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o", "no fact that yields it"),
        ("?s up:yields [ rdf:subject ?s ; rdf:predicate 'x' ; rdf:object ?o ]", "is no edge"),
    ],
)
def test_a_rule_with_other_blank_nodes_is_refused(template, message, tmp_path):
    rule = f"# Derives: rubbish.\n{PREFIXES}CONSTRUCT {{ {template} }} WHERE {{ ?s ?p ?o }}"

    with pytest.raises(OntologyError, match=message) as caught:
        run(tmp_path, rules_of(tmp_path, rule), "<urn:a> <urn:b:c> <urn:d>")

    assert caught.value.where.file.endswith("00.rq")


def test_all_rules_that_cannot_be_used_are_named(tmp_path):
    wrong = ["CONSTRUCT WHERE { ?s ?p ?o }", "# Derives: x.\nASK {}", "# Derives: x.\nCONSTRUCT {"]

    with pytest.raises(Problems) as caught:
        rules_of(tmp_path, *wrong)

    assert [error.what.split(":")[0] for error in caught.value.errors] == [
        "the rule does not say what it derives",
        "the rule is not a CONSTRUCT query",
        "not a SPARQL query",
    ]


def test_every_shipped_rule_says_what_it_derives_and_from_what():
    rules = load_rules(ontology_dir() / "rules")

    assert len(rules) >= 19
    assert [r.name for r in rules if "Derives:" not in r.caption or "From:" not in r.caption] == []
