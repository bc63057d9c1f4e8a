"""Curated entities from Turtle."""

import pickle

import pytest

from kg.articles.authority import Authority
from kg.errors import Problems
from kg.iris import Iris

PREFIXES = """
@prefix id: <https://w3id.org/unipact/id/> .
@prefix up: <https://w3id.org/unipact/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
RING = 'id:ring a up:Alliance ; skos:prefLabel "Ring"@en ; skos:altLabel "RING" .\n'


def load(folder, *files, iris=None):
    for number, content in enumerate(files):
        (folder / f"{number}.ttl").write_text(PREFIXES + content, encoding="utf-8")
    return Authority.load(folder, iris=iris or Iris())


def test_entity_has_its_classes_and_all_its_names(tmp_path):
    entity = load(tmp_path, RING).entities["ring"]

    assert (entity.classes, entity.labels) == (("Alliance",), ("RING", "Ring"))


def test_files_together_say_what_an_entity_is(tmp_path):
    more = 'id:ring skos:hiddenLabel "Rng"@EN ; up:place id:town .\n'
    town = 'id:town a up:City ; skos:prefLabel "T" .'

    authority = load(tmp_path, RING, more + town)

    assert list(authority.entities) == ["ring", "town"]
    assert '"Rng"@en' in {quad.object for quad in authority.about(["ring"])}


def test_parts_of_an_entity_go_with_it(tmp_path):
    authority = load(tmp_path, RING + '<https://w3id.org/unipact/id/ring#begin> up:edtf "2016" .')

    assert len({quad.subject for quad in authority.about(["ring"])}) == 2
    assert list(authority.about(["unknown"])) == []


def test_quads_are_sorted_whatever_the_order_of_files(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    town = 'id:town a up:City ; skos:prefLabel "T" .'

    one = list(load(tmp_path / "a", RING, town).quads())
    other = list(load(tmp_path / "b", town, RING).quads())

    assert one == other
    assert len(one) == 5


def test_iris_move_to_another_base_but_the_ontology_stays(tmp_path):
    authority = load(tmp_path, RING, iris=Iris("https://kg.example.org/"))

    subjects = {quad.subject for quad in authority.quads()}
    assert subjects == {"<https://kg.example.org/id/ring>"}
    assert "<https://w3id.org/unipact/ontology#Alliance>" in {q.object for q in authority.quads()}


def test_name_of_an_unnamed_entity_is_not_looked_for(tmp_path):
    guests = 'id:guests a up:Group ; skos:prefLabel "guests" ; up:unnamed true .'

    assert load(tmp_path, guests).names.bearer("guests") is None


def test_survives_the_way_to_another_process(tmp_path):
    authority = load(tmp_path, RING)

    copy = pickle.loads(pickle.dumps(authority))

    assert list(copy.quads()) == list(authority.quads())
    assert copy.names.bearer("ring") == "ring"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id:ring a up:Alliance", "not Turtle"),
        ('id:ring skos:prefLabel "Ring" .', "has no class"),
        ("id:ring a up:Alliance .", "has no label"),
        ("<https://example.org/ring> a up:Alliance .", "does not begin with"),
        ("id:Ring_One a up:Alliance .", "cannot stand in an IRI"),
        ("<https://w3id.org/unipact/id/a/b> a up:Alliance .", "cannot stand in an IRI"),
        ("[] a up:Alliance .", "blank node"),
        (RING + "id:ring up:place [] .", "blank node"),
    ],
)
def test_bad_authority_is_refused_with_its_file(tmp_path, content, message):
    with pytest.raises(Problems) as caught:
        load(tmp_path, content)

    assert message in str(caught.value)
    assert "0.ttl" in str(caught.value)


def test_all_errors_of_all_files_are_reported(tmp_path):
    with pytest.raises(Problems) as caught:
        load(tmp_path, "id:a a up:City .", "[] a up:City .", "id:b a")

    assert len(caught.value.errors) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('id:ring a up:Aliance ; skos:prefLabel "R" .', "did you mean 'Alliance'?"),
        (RING + "id:ring up:plase id:town .", "did you mean 'place'?"),
        (
            RING + "id:ring up:kind <https://w3id.org/unipact/concept/event-kind/conferense> .",
            "did",
        ),
    ],
)
def test_term_that_the_ontology_does_not_have_is_refused(tmp_path, ontology, content, message):
    load(tmp_path, content)

    with pytest.raises(Problems) as caught:
        Authority.load(tmp_path, iris=Iris(), ontology=ontology)

    assert message in str(caught.value)


def test_classes_of_other_vocabularies_are_left_alone(tmp_path, ontology):
    load(tmp_path, RING + "id:ring a <https://schema.org/Thing> .")

    assert Authority.load(tmp_path, iris=Iris(), ontology=ontology).entities["ring"]
