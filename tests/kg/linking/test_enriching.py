"""What others say of linked records stands apart, with source and licence."""

from __future__ import annotations

import pytest

from kg.errors import DataError
from kg.iris import Iris
from kg.linking.enriching import read_external, said_by_ror, write

ENTRY = {
    "id": "https://ror.org/02x1pa065",
    "names": [
        {"value": "University of Northport", "types": ["ror_display", "label"], "lang": "en"},
        {"value": "UNP", "types": ["acronym"], "lang": None},
    ],
    "locations": [{"geonames_details": {"country_code": "AT", "lat": 47.1, "lng": 15}}],
    "established": 1899,
    "relationships": [
        {"type": "parent", "id": "https://ror.org/0163nx011"},
        {"type": "related", "id": "https://ror.org/0000"},
    ],
}


def said(entries=(ENTRY,), wanted=(ENTRY["id"],)):
    return {
        predicate.rpartition("/")[2].rpartition("#")[2].rstrip(">"): value
        for _, predicate, value in said_by_ror(entries, wanted, source="ROR v1")
    }


def test_names_place_year_and_parent_of_a_record_are_taken():
    found = said()

    assert found["prefLabel"] == '"University of Northport"@en'
    assert found["altLabel"] == '"UNP"'
    assert found["addressCountry"] == '"AT"'
    assert found["foundingDate"] == '"1899"'
    assert found["latitude"].startswith('"47.1"')
    assert found["longitude"].startswith('"15.0"')
    assert found["subOrganizationOf"] == "<https://ror.org/0163nx011>"


def test_record_names_its_source_and_licence():
    found = said()

    assert found["source"] == '"ROR v1"'
    assert "publicdomain/zero" in "".join(found.values())


def test_records_that_nobody_links_to_are_left_out():
    assert said(wanted=()) == {}


def test_what_is_written_is_read_into_a_graph_of_its_own(tmp_path):
    count = write(tmp_path / "ror.nt", said_by_ror([ENTRY], [ENTRY["id"]], source="ROR"))

    quads = list(read_external(tmp_path, Iris()))

    assert len(quads) == count
    assert {quad.graph for quad in quads} == {"<https://w3id.org/unipact/graph/external>"}


@pytest.mark.parametrize(
    "line",
    [
        "<https://w3id.org/unipact/id/mit> <http://a/b> <http://c/d> .",
        "_:a <http://a/b> <http://c/d> .",
        "rubbish",
    ],
)
def test_our_own_entities_blank_nodes_and_rubbish_are_refused(tmp_path, line):
    (tmp_path / "x.nt").write_text(line + "\n")

    with pytest.raises(DataError):
        list(read_external(tmp_path, Iris()))
