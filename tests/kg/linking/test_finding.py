"""What is found for entities becomes rows, and what people decided stays."""

from __future__ import annotations

import pytest

from kg.errors import SourceError
from kg.linking.client import Client
from kg.linking.entities import Entity, entities, sentence
from kg.linking.finding import Writer, in_index, in_source
from kg.linking.sources import RorApi
from kg.linking.sssom import Decision, start
from kg.matching.index import Index
from kg.matching.records import Name, NameKind, Record
from kg.releases import Releases

from .fake import Fake, serving

BASE = "https://w3id.org/unipact/"
ROR = "https://ror.org/"
NORTHPORT = Record(
    id=f"{ROR}02x1pa065",
    names=(Name("Northport University of Technology"), Name("NUT", NameKind.ACRONYM)),
    country="AT",
    city="Northport",
    kinds=("education",),
)
LAKESIDE = Record(
    id=f"{ROR}0163nx011",
    names=(Name("Lakeside Medical College"),),
    country="PL",
    kinds=("education",),
)


def entity(name, *others, country="AT", classes=("University", "Organization")):
    names = tuple((text, "en") for text in (name, *others))
    key = name.lower().replace(" ", "-")
    return Entity(f"{BASE}id/{key}", names, frozenset(classes), country=country)


@pytest.fixture
def writer():
    return Writer(base=BASE, date="2026-01-02", source_version="v1", within=ROR)


@pytest.fixture
def mappings(tmp_path):
    return start(tmp_path / "ror.sssom.tsv", "ror", ROR)


@pytest.fixture(scope="module")
def look():
    return in_index(Index.build([NORTHPORT, LAKESIDE]))


def test_what_is_sure_is_a_close_match_with_its_tool_and_version(look, writer, mappings):
    found = look(entity("Northport University of Technology"))

    (row,) = writer.with_found(mappings, [found]).rows

    assert (row.decision, row.object) == (Decision.ACCEPTED, NORTHPORT.id)
    assert row.predicate.endswith("closeMatch")
    assert not row.reviewed
    assert row.says("object_source_version") == "v1"
    assert "letters 1.00" in row.says("comment")


def test_what_nobody_knows_is_recorded_as_no_match(look, writer, mappings):
    (row,) = writer.with_found(mappings, [look(entity("Quite Another Thing"))]).rows

    assert row.decision is Decision.NONE
    assert row.says("mapping_date") == "2026-01-02"


def test_person_is_never_accepted_by_machine(writer, mappings):
    index = Index.build([Record(id=f"{ROR}x", names=(Name("Jo Doe"),), kinds=("person",))])
    found = in_index(index)(entity("Jo Doe", classes=("Person",)))

    rows = writer.with_found(mappings, [found]).rows

    assert Decision.ACCEPTED not in {row.decision for row in rows}


def test_names_that_lead_to_two_records_are_for_review(look, writer, mappings):
    found = look(
        entity("Northport University of Technology", "Lakeside Medical College", country="")
    )

    rows = writer.with_found(mappings, [found]).rows

    assert {row.decision for row in rows} <= {Decision.REVIEW, Decision.NONE}


def test_decision_of_a_person_stays_and_is_not_asked_again(look, writer, mappings):
    one = entity("Northport University of Technology")
    cells = {
        "subject_id": "unipact:northport-university-of-technology",
        "predicate_id": "skos:exactMatch",
        "object_id": "ror:000000000",
        "reviewer_label": "Anna",
    }
    decided = mappings.with_rows([mappings.row(cells)])

    again = writer.with_found(decided, [look(one)])

    assert not writer.wants(one, decided)
    assert decided.rows[0] in again.rows


def test_rejected_record_is_not_proposed_again(look, writer, mappings):
    one = entity("Northport University of Technology")
    cells = {
        "subject_id": "unipact:northport-university-of-technology",
        "predicate_id": "skos:exactMatch",
        "predicate_modifier": "Not",
        "object_id": mappings.curie(NORTHPORT.id),
        "reviewer_label": "Anna",
    }
    rejected = mappings.with_rows([mappings.row(cells)])

    again = writer.with_found(rejected, [look(one)])

    assert writer.wants(one, rejected)
    assert [row.decision for row in again.rows] == [Decision.REJECTED]


def test_looking_again_replaces_what_the_machine_wrote(look, writer, mappings):
    one = entity("Northport University of Technology")
    first = writer.with_found(mappings, [look(one)])

    second = writer.with_found(first, [look(one)])

    assert second.rows == first.rows


def test_source_that_fails_is_told_and_nothing_is_made_up():
    with serving(Fake(lambda path, values: {"items": 5})) as fake:
        look = in_source(RorApi(Client(pause=0), fake.url))

        with pytest.raises(SourceError):
            look(entity("Northport University of Technology"))


def test_entities_of_a_release_come_with_names_country_and_a_sentence(seeds_release):
    release = Releases(seeds_release.path.parent).current()
    found = {one.iri.rpartition("/")[2]: one for one in entities(release)}

    polyu = found["polyu"]
    assert polyu.label == "Hong Kong Polytechnic University"
    assert (polyu.kind, polyu.country, polyu.city) == ("university", "HK", "Hong Kong")
    assert "Hong Kong Polytechnic University" in polyu.sentence
    assert found["arseniev"].kind == "person"


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("One came. Two went.", 0, "One came."),
        ("One came. Two went.", 18, "Two went."),
        ("一来了。二走了。", 5, "二走了。"),
        ("Title\nOne came", 7, "One came"),
        ("x" * 1000, 500, "x" * 400),
    ],
)
def test_sentence_around_a_position(text, position, expected):
    assert sentence(text, position) == expected
