"""ROR dumps in every wrapping, and records that cannot be used."""

import gzip
import json
import zipfile

import pytest

from kg.errors import DataError, Problems
from kg.matching.records import NameKind, Status, from_json, to_json
from kg.matching.ror import read_ror


def entry(key="https://ror.org/02bzfsy61", **changes):
    place = {"country_code": "PL", "country_name": "Poland", "name": "Bialystok"}
    return {
        "id": key,
        "names": [
            {"value": "PB", "types": ["acronym"], "lang": "pl"},
            {"value": "Bialystok University of Technology", "types": ["ror_display", "label"],
             "lang": "en"},
        ],
        "locations": [{"geonames_id": 776069, "geonames_details": place}],
        "relationships": [{"type": "parent", "id": "https://ror.org/000000001", "label": "x"}],
        "external_ids": [{"type": "isni", "all": ["0000 0000 9787 2307"], "preferred": None}],
        "links": [{"type": "website", "value": "https://pb.example"}],
        "types": ["education"],
        "established": 1949,
        "status": "active",
        **changes,
    }  # fmt: skip


def written(path, text):
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("v1-ror-data.json", "[1, 2, 3]")
            archive.writestr("v1-ror-data_schema_v2.json", text)
            archive.writestr("v1-ror-data.csv", "id\n")
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["dump.json", "dump.jsonl", "dump.jsonl.gz", "dump.zip"])
@pytest.mark.parametrize("form", ["array", "indented", "lines"])
def test_every_wrapping_gives_the_same_records(tmp_path, name, form):
    entries = [entry(), entry("https://ror.org/00d7xrm67")]
    texts = {
        "array": json.dumps(entries),
        "indented": json.dumps(entries, indent=4, ensure_ascii=False),
        "lines": "".join(json.dumps(one) + "\n" for one in entries),
    }

    records = list(read_ror(written(tmp_path / name, texts[form])))

    assert [record.id for record in records] == [one["id"] for one in entries]


def test_a_record_keeps_what_matching_and_enrichment_need(tmp_path):
    (record,) = read_ror(written(tmp_path / "dump.json", json.dumps([entry()])))

    assert record.label == "Bialystok University of Technology"
    assert (record.country, record.city, record.status) == ("PL", "Bialystok", Status.ACTIVE)
    assert record.names[1].kind is NameKind.ACRONYM
    assert record.parents == ("https://ror.org/000000001",)
    assert record.external_ids == (("isni", "0000 0000 9787 2307"),)
    assert from_json(to_json(record)) == record


@pytest.mark.parametrize(
    "changes",
    [
        {"names": []}, {"names": [{"value": "", "types": ["label"]}]}, {"names": None},
        {"names": [{"value": 7, "types": ["label"]}]}, {"id": "https://example.org/1"},
        {"id": None}, {"status": "gone"}, {"locations": [{}]}, {"locations": 3},
        {"relationships": [{"type": "parent"}]}, {"established": "1949"}, {"types": [None]},
        {"external_ids": [{"type": "isni"}]}, {"links": ["https://pb.example"]},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_record_is_named_and_the_others_are_read(tmp_path, changes):
    bad = {**entry(), **changes}
    text = json.dumps(entry("https://ror.org/00d7xrm67")) + "\n" + json.dumps(bad)
    records = []

    with pytest.raises(Problems) as caught:
        records.extend(read_ror(written(tmp_path / "dump.jsonl", text)))

    assert len(records) == 0 or records[0].id == "https://ror.org/00d7xrm67"
    assert "dump.jsonl:2: record 2 (" in str(caught.value)


@pytest.mark.parametrize("text", ["7", '"x"', "null", '{"name": "old", "id": "x"}'])
def test_what_is_no_record_of_schema_v2_is_named(tmp_path, text):
    with pytest.raises(Problems, match="record 1"):
        list(read_ror(written(tmp_path / "dump.json", text)))


@pytest.mark.parametrize("text", ["{", "[{]", "nonsense", "[" * 100 + "nil", '{"a": ' * 100_000])
def test_what_is_not_json_is_named(tmp_path, text):
    with pytest.raises(DataError, match="record 1 is not JSON"):
        list(read_ror(written(tmp_path / "dump.json", text)))


@pytest.mark.parametrize(
    "data",
    [
        b"\x1f\x8bnot gzip",
        b"PK\x03\x04not zip",
        b"\xff\xfe",
        gzip.compress(b"[" * 99, mtime=0)[:-9],
    ],
    ids=["gzip", "zip", "text", "cut off"],
)
def test_a_damaged_file_is_one_error(tmp_path, data):
    path = tmp_path / "dump.gz"
    path.write_bytes(data)

    with pytest.raises(DataError, match=r"dump\.gz"):
        list(read_ror(path))


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        list(read_ror(tmp_path / "none.json"))


def test_an_archive_without_json_is_an_error(tmp_path):
    with zipfile.ZipFile(tmp_path / "dump.zip", "w") as archive:
        archive.writestr("readme.txt", "")

    with pytest.raises(DataError, match="holds no JSON"):
        list(read_ror(tmp_path / "dump.zip"))
