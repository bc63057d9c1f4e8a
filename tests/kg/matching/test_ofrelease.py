"""Records of a release: its named things, with names, classes and places."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.matching.ofrelease import Location, records
from kg.matching.records import NameKind, Record
from kg.releases.labels import write_index

UP = "https://w3id.org/unipact/ontology#"
LABELS = f"""\
<urn:a>\ten\tpref\t{UP}University\tŁódź University of Technology
<urn:a>\tpl\tpref\t{UP}University\tPolitechnika Łódzka
<urn:a>\ten\talt\t{UP}University\tTUL
<urn:a>\ten\talt\t{UP}University\tLodz Tech
<urn:b>\ten\tpref\t\tNothing is said of what it is
<urn:c>\ten\tpref\thttp://www.w3.org/2002/07/owl#Class\ta class
<urn:d>\ten\tpref\thttp://www.w3.org/2004/02/skos/core#Concept\ta concept
<urn:e>\ten\tpref\thttp://www.w3.org/1999/02/22-rdf-syntax-ns#Statement {UP}Identity\ta decision
"""
BROADER = {f"{UP}University": [f"{UP}Organization"], f"{UP}Organization": [f"{UP}Entity"]}


@pytest.fixture
def found(tmp_path: Path) -> list[Record]:
    (tmp_path / "labels").write_text(LABELS, encoding="utf-8")
    (tmp_path / "references").write_text("", encoding="utf-8")
    index = tmp_path / "search.db"
    write_index(tmp_path / "labels", tmp_path / "references", index, work=tmp_path)
    locations = {"urn:a": Location("PL", "Poland", "Łódź")}
    return list(records(index, locations=locations, broader=BROADER))


def test_only_things_are_records(found: list[Record]) -> None:
    assert [record.id for record in found] == ["urn:a"]


def test_english_label_is_shown(found: list[Record]) -> None:
    assert found[0].label == "Łódź University of Technology"


def test_short_name_in_capitals_is_an_acronym(found: list[Record]) -> None:
    kinds = {name.text: name.kind for name in found[0].names}

    assert (kinds["TUL"], kinds["Lodz Tech"]) == (NameKind.ACRONYM, NameKind.ALIAS)


def test_kinds_are_classes_with_all_above_them_and_words(found: list[Record]) -> None:
    classes = [f"{UP}University", f"{UP}Organization", f"{UP}Entity"]

    assert found[0].kinds == (*classes, "university", "organization", "entity")


def test_place_is_that_of_the_thing(found: list[Record]) -> None:
    assert (found[0].country, found[0].country_name, found[0].city) == ("PL", "Poland", "Łódź")


def test_index_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        list(records(tmp_path / "none.db", locations={}, broader={}))
