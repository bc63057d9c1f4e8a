"""The page about one thing: what a reader sees of names, statements, evidence, links and time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from kg.settings import Settings
from server.app import create_app
from server.limits import Limits
from tests.server.conftest import publish

PAGE = {"Accept": "text/html"}
TEXT = "First line.\n\nBefore it. SPbPU was an observer from 2016. After it.\n"
WORDS = "SPbPU was an observer from 2016"
EVIL = '<img src=x onerror="alert(1)">\u202e'
START = TEXT.index(WORDS)
DATA = f"""
PREFIX up: <https://w3id.org/unipact/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX sssom: <https://w3id.org/sssom/>
PREFIX semapv: <https://w3id.org/semapv/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
BASE <https://w3id.org/unipact/>
INSERT DATA {{
  GRAPH <graph/ontology> {{
    <ontology> a owl:Ontology .
    up:Fact a owl:Class ; rdfs:label "fact"@en .
    up:Membership a owl:Class ; rdfs:subClassOf up:Fact ; rdfs:label "membership"@en, "членство"@ru .
    up:Statement a owl:Class ; rdfs:subClassOf up:Fact ; rdfs:label "statement"@en .
    up:University a owl:Class ; rdfs:label "university"@en, "университет"@ru ;
      skos:definition "It teaches."@en ; skos:closeMatch <https://schema.org/CollegeOrUniversity> .
    up:member a owl:ObjectProperty ; rdfs:label "member"@en ; rdfs:range up:University .
    <concept/status/ended> a skos:Concept ; skos:inScheme <concept/status> ;
      skos:prefLabel "ended"@en, "завершено"@ru ; skos:definition "It was real for some time."@en .
    <concept/status> a skos:ConceptScheme ; skos:prefLabel "Status"@en .
    <concept/status/planned> a skos:Concept ; skos:inScheme <concept/status> ; skos:prefLabel "planned"@en .
  }}
  GRAPH <graph/authority> {{
    <id/spbpu> a up:University ; skos:prefLabel "Polytechnic"@en, "Политех"@ru ; skos:altLabel "SPbPU" .
    <id/uasr> a up:Alliance ; skos:prefLabel "Alliance"@en .
    <id/evil> a up:University ; skos:prefLabel '{EVIL}' ; skos:altLabel "{"long " * 2000}" .
    <id/rector> a up:Person ; skos:prefLabel "The Rector"@en .
  }}
  GRAPH <graph/links> {{
    <id/spbpu> skos:exactMatch <https://ror.org/02x91aj62> ; skos:closeMatch <javascript:alert(1)> .
    <id/spbpu#link-1> a owl:Axiom ; owl:annotatedSource <id/spbpu> ;
      owl:annotatedProperty skos:exactMatch ; owl:annotatedTarget <https://ror.org/02x91aj62> ;
      sssom:confidence 0.97 ; sssom:reviewer_label "A. Reviewer" ;
      sssom:mapping_justification semapv:ManualMappingCuration .
  }}
  GRAPH <graph/article/a> {{
    <article/a> a up:Article ; dcterms:title "A meeting"@en ; dcterms:issued "2020-12-04"^^xsd:date .
    <id/a/observer> a up:Membership ; up:member <id/spbpu> ; up:organization <id/uasr> ;
      up:status <concept/status/ended> ; up:begin <id/a/observer#begin> ; up:reportedIn <article/a> ;
      up:certainty <concept/certainty/probable> ; up:accordingTo <id/rector> ;
      up:conflictsWith <id/a/member> ; up:evidence <article/a#observer> .
    <id/a/observer#begin> a up:Date ; up:edtf "2016" ; up:earliest "2016-01-01"^^xsd:date ;
      up:latest "2016-12-31"^^xsd:date ; up:printed "from 2016" .
    <id/a/member> a up:Membership ; up:member <id/spbpu>, <id/evil> ; up:organization <id/uasr> ;
      up:status <concept/status/planned> ; up:reportedIn <article/a> .
  }}
  GRAPH <graph/article/a/evidence> {{
    <article/a#observer> a up:Passage, up:RestatedPassage ; oa:hasSource <article/a> ;
      oa:hasSelector <article/a#observer.quote>, <article/a#observer.position> ;
      up:restates <article/a#observer.original> .
    <article/a#observer.quote> oa:exact "{WORDS}" .
    <article/a#observer.position> oa:start {START} ; oa:end {START + len(WORDS)} .
    <article/a#observer.original> oa:hasSelector <article/a#observer.original.position> .
    <article/a#observer.original.position> oa:start 410 ; oa:end 442 .
  }}
  GRAPH <graph/derived> {{
    <id/a/observer> a up:Fact ; up:reality <concept/reality/actual> ; up:involves <id/spbpu>, <id/uasr> ;
      up:earliest "2016-01-01"^^xsd:date ; up:yields <id/a/observer#yields-1> .
    <id/a/observer#yields-1> rdf:subject <id/spbpu> ; rdf:predicate up:memberOf ; rdf:object <id/uasr> .
    <id/a/member> a up:Fact ; up:reality <concept/reality/prospective> ; up:involves <id/spbpu>, <id/uasr>, <id/evil> .
    <id/spbpu> up:memberOf <id/uasr> .
    <id/a/member> up:involves <javascript:alert(2)> .
  }}
}}
"""  # noqa: E501
MANY = 130


def many() -> str:
    """More statements than a page shows at once."""
    facts = "".join(
        f"<id/a/s{n}> a up:Statement, up:Fact ; up:speaker <id/uasr> ; up:involves <id/uasr> ;"
        f' up:earliest "{1900 + n}-01-01"^^xsd:date .\n'
        for n in range(MANY)
    )
    return DATA.rstrip().removesuffix("}") + f"GRAPH <graph/article/b> {{ {facts} }} }}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("entity")
    release = publish(folder / "releases", folder / "work", many())
    (release.path / "texts").mkdir()
    (release.path / "texts" / "a.txt").write_text(TEXT, encoding="utf-8")
    app = create_app(folder / "releases", Settings(), limits=Limits(query_workers=1))
    yield app.test_client()
    app.extensions["unipact"].close()


def shown(client: FlaskClient, path: str) -> str:
    """Return a page without the spaces between its tags."""
    response = client.get(path, headers=PAGE)
    assert response.status_code == 200, response.text
    return re.sub(r"\s+", " ", response.text)


def test_evidence_stands_in_its_paragraph(client: FlaskClient) -> None:
    text = shown(client, "/doc/spbpu")

    assert f"Before it. <mark>{WORDS}</mark>. After it.</blockquote>" in text
    assert "First line" not in text
    assert "restated" in text
    assert "characters 410–442 of the original" in text
    assert 'href="/article/a#passage-observer"' in text


def test_statement_tells_status_date_speaker_and_certainty(client: FlaskClient) -> None:
    text = shown(client, "/doc/spbpu")

    assert '<span class="status actual">ended</span>' in text
    assert '<span class="status prospective">planned</span>' in text
    assert "since 2016" in text
    assert "according to" in text
    assert "The Rector" in text
    assert "probable" in text


def test_contradictions_stand_side_by_side(client: FlaskClient) -> None:
    text = shown(client, "/doc/a/observer")

    assert "Others say otherwise" in text
    assert 'class="status prospective">planned' in text.partition("Others say otherwise")[2]


def test_links_out_tell_how_they_were_found(client: FlaskClient) -> None:
    text = shown(client, "/doc/spbpu")

    assert 'href="https://ror.org/02x91aj62"' in text
    assert "A. Reviewer" in text
    assert "0.97" in text
    assert 'id="link-1"' in text
    assert 'href="javascript:' not in text


def test_names_follow_the_reader(client: FlaskClient) -> None:
    text = shown(client, "/doc/spbpu?lang=ru")

    assert '<h1><bdi lang="ru">Политех</bdi>' in text
    assert "членство" in text
    assert ">завершено<" in text


def test_tie_leads_to_the_fact_behind_it(client: FlaskClient) -> None:
    assert 'class="because" href="/doc/a/observer"' in shown(client, "/doc/spbpu")


def test_fact_shows_what_follows_from_it(client: FlaskClient) -> None:
    text = shown(client, "/doc/a/observer")

    assert 'id="yields-1"' in text
    assert "What follows from it" in text


def test_neighbours_and_time_are_drawn(client: FlaskClient) -> None:
    text = shown(client, "/doc/spbpu")

    assert text.count("<svg") == 2
    assert '<rect class="span actual' in text


def test_hostile_names_are_text(client: FlaskClient) -> None:
    text = shown(client, "/doc/evil")

    assert "<img" not in text
    assert "&lt;img src=x" in text
    assert '<details class="long"><summary>' in text


def test_long_lists_are_told_and_paged(client: FlaskClient) -> None:
    overview = shown(client, "/doc/uasr")
    second = shown(client, "/doc/uasr?kind=Statement&page=2")

    assert "All 130, newest first" in overview
    assert second.count('class="says"') == 50
    assert 'rel="next"' in second
    assert ">1979<" not in second


def test_pages_of_a_list_hold_every_statement_once(client: FlaskClient) -> None:
    pages = [shown(client, f"/doc/uasr?kind=Statement&page={n}") for n in (1, 2, 3)]

    links = r'permalink"><a href="(/doc/a/s\d+)"'
    found = [one for page in pages for one in re.findall(links, page)]
    assert len(found) == len(set(found)) == MANY


@pytest.mark.parametrize("query", ["kind=Gift", "as=nothing", "kind=Statement&page=9"])
def test_list_that_is_not_there_is_a_problem(client: FlaskClient, query: str) -> None:
    assert client.get(f"/doc/uasr?{query}", headers=PAGE).status_code == 404


def test_search_engines_are_told_what_it_is(client: FlaskClient) -> None:
    text = client.get("/doc/spbpu", headers=PAGE).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)

    assert found is not None
    told = json.loads(found[1])
    assert told["@type"] == "CollegeOrUniversity"
    assert told["sameAs"] == ["https://ror.org/02x91aj62"]


def test_concept_tells_meaning_and_use(client: FlaskClient) -> None:
    text = shown(client, "/concept/status/ended")

    assert "It was real for some time." in text
    assert "/doc/a/observer" in text


def test_scheme_lists_concepts_with_uses(client: FlaskClient) -> None:
    text = shown(client, "/concept/status")

    assert 'href="/concept/status/ended"' in text
    assert '<td data-value="1">1</td>' in text


def test_graph_tells_its_size_and_things(client: FlaskClient) -> None:
    text = shown(client, "/graph/article/a")

    assert "What one article says." in text
    assert 'href="/doc/a/observer"' in text


def test_ontology_tells_of_every_term(client: FlaskClient) -> None:
    text = shown(client, "/ontology")

    assert '<tr id="University">' in text
    assert "It teaches." in text
    assert "университет" in text
    assert 'data-filters="terms"' in text
    assert "<svg" in text


def test_term_has_samples(client: FlaskClient) -> None:
    text = shown(client, "/ontology/University")

    assert 'href="/doc/spbpu"' in text
    assert "schema:CollegeOrUniversity" in text


def test_unknown_term_is_a_problem(client: FlaskClient) -> None:
    assert client.get("/ontology/Nothing", headers=PAGE).status_code == 404


def test_term_leads_programs_to_the_ontology(client: FlaskClient) -> None:
    response = client.get("/ontology/University", headers={"Accept": "text/turtle"})

    assert (response.status_code, response.headers["Location"]) == (303, "/ontology")
