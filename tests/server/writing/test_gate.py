"""What would break the shapes is refused with the report; what was broken before hinders nobody."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.releases import Releases
from tests.server.writing.curator import AUTHORITY, BASE, curator, problem, writable

NAMELESS = "id:nameless a up:University ."
SH = "http://www.w3.org/ns/shacl#"
MEDIA = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


@pytest.mark.parametrize("accept", ["", "*/*", "application/problem+json", "application/json"])
def test_violation_is_told_as_a_problem(anna, unchanged, accept):
    reply = anna.sends(Accept=accept).insert(NAMELESS, AUTHORITY)

    assert problem(reply) == "422 invalid"
    assert reply.content_type == "application/problem+json"
    assert {result["focus"] for result in reply.json["report"]} == {f"{BASE}id/nameless"}
    assert all(result["message"] for result in reply.json["report"])
    assert "nameless" in reply.json["hint"]
    assert anna.holds(AUTHORITY)
    assert not anna.ask("id:nameless ?p ?o")


@pytest.mark.parametrize("type", MEDIA)
def test_violation_is_told_as_a_report_in_rdf(anna, unchanged, type):
    reply = anna.sends(Accept=type).insert(NAMELESS, AUTHORITY)

    triples = [quad.triple for quad in ox.parse(reply.data, format=MEDIA[type])]
    said = {(triple.predicate.value, triple.object) for triple in triples}
    assert reply.status_code == 422
    assert reply.content_type.startswith(type)
    assert "Accept" in reply.headers["Vary"]
    assert (f"{SH}focusNode", ox.NamedNode(f"{BASE}id/nameless")) in said
    assert any(name == f"{SH}conforms" and value.value == "false" for name, value in said)


def test_graph_that_is_sent_whole_is_held_to_the_shapes(anna, unchanged):
    held = anna.holds(AUTHORITY)

    reply = anna.put(AUTHORITY, f"<{BASE}id/alpha> a <{BASE}ontology#University> .")

    assert problem(reply) == "422 invalid"
    assert anna.holds(AUTHORITY) == held


def test_page_is_given_to_who_likes_pages(anna, unchanged):
    reply = anna.sends(Accept="text/html").insert(NAMELESS, AUTHORITY)

    assert (reply.status_code, reply.mimetype) == (422, "text/html")


def test_mend_of_what_was_broken_before_is_taken(releases: Releases):
    _break(releases.current().store_path)
    with writable(releases.root) as app:
        anna = curator(app)
        replies = [
            anna.insert('id:new a up:University ; skos:prefLabel "New"@en .', AUTHORITY),
            anna.update(
                f'DELETE DATA {{ GRAPH <{AUTHORITY}> {{ id:alpha skos:prefLabel "B"@en }} }}'
            ),
            anna.insert('id:alpha skos:prefLabel "C"@en .', AUTHORITY),
        ]

    assert [reply.status_code for reply in replies] == [200, 200, 422]


def _break(path: Path) -> None:
    """Give something two names behind everybody's back, the merge kept in step."""
    store = ox.Store(str(path))
    label = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    wrong = (ox.NamedNode(f"{BASE}id/alpha"), label, ox.Literal("B", language="en"))
    store.extend([ox.Quad(*wrong), ox.Quad(*wrong, ox.NamedNode(AUTHORITY))])
    store.flush()


def test_purged_name_does_not_come_back(releases: Releases):
    name = f"{BASE}id/someone"
    releases.record_purged([name])
    with writable(releases.root) as app:
        anna = curator(app)
        before = anna.release()

        replies = [
            anna.insert("id:someone ex:age 30"),
            anna.put("https://example.org/own", f"<urn:a> <urn:b> <{name}> ."),
        ]

        assert [problem(reply) for reply in replies] == ["409 unwritable"] * 2
        assert "purged" in replies[0].json["detail"]
        assert anna.release() == before
