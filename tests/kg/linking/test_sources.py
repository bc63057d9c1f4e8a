"""Other knowledge bases, as their APIs answer (shortened), become records of one form."""

from __future__ import annotations

import json

import pytest

from kg.errors import SourceError
from kg.linking.client import Client
from kg.linking.sources import Reconciliation, RorApi, Sparql, Wikidata
from kg.matching.records import Mention, NameKind

from .fake import Fake, serving

ENTITY = "http://www.wikidata.org/entity/"


def snak(value):
    return {"mainsnak": {"datavalue": {"value": value}}, "rank": "normal"}


def item(key, label, claims=None, aliases=None):
    return {
        "id": key,
        "labels": {"en": {"language": "en", "value": label}},
        "aliases": {"en": [{"language": "en", "value": text} for text in aliases or ()]},
        "claims": claims or {},
    }


ITEMS = {
    "Q10": item(
        "Q10",
        "University of Northport",
        {
            "P31": [snak({"id": "Q3918"})],
            "P17": [snak({"id": "Q40"})],
            "P159": [snak({"id": "Q11"})],
            "P571": [snak({"time": "+1899-02-19T00:00:00Z"})],
            "P749": [snak({"id": "Q12"}), {**snak({"id": "Q13"}), "rank": "deprecated"}],
            "P6782": [snak("02x1pa065")],
            "P999": [{"mainsnak": {"snaktype": "novalue"}}],
        },
        ["UNP", "Northport University"],
    ),
    "Q11": item("Q11", "Northport"),
    "Q40": item("Q40", "Austria", {"P297": [snak("AT")]}),
}


def wikidata(path, values):
    if values["action"] == "wbsearchentities":
        return {"search": [{"id": "Q10"}, {"id": "P5"}] if values["language"] == "en" else []}
    return {
        "entities": {
            key: ITEMS.get(key, {"id": key, "missing": ""}) for key in values["ids"].split("|")
        }
    }


def test_item_of_wikidata_becomes_a_record():
    with serving(Fake(wikidata)) as fake:
        (record,) = Wikidata(Client(pause=0), fake.url).candidates(Mention("Northport"))

    assert record.id == f"{ENTITY}Q10"
    assert record.label == "University of Northport"
    assert {name.text for name in record.names if name.kind is NameKind.ACRONYM} == {"UNP"}
    assert (record.country, record.country_name, record.city) == ("AT", "Austria", "Northport")
    assert record.established == 1899
    assert record.parents == (f"{ENTITY}Q12",)
    assert record.external_ids == (("ror", "https://ror.org/02x1pa065"),)


def test_wikidata_that_refuses_is_told_in_its_words():
    with serving(Fake(lambda path, values: {"error": {"info": "too many ids"}})) as fake:
        with pytest.raises(SourceError) as raised:
            Wikidata(Client(pause=0), fake.url).candidates(Mention("Northport"))

    assert "too many ids" in raised.value.hint


ROR_ITEM = {
    "id": "https://ror.org/02x1pa065",
    "names": [
        {"value": "University of Northport", "types": ["ror_display", "label"], "lang": "en"}
    ],
    "locations": [
        {"geonames_id": 1, "geonames_details": {"country_code": "AT", "name": "Northport"}}
    ],
    "status": "active",
    "types": ["education"],
    "relationships": [],
    "links": [],
    "external_ids": [],
    "established": 1899,
}


def test_registry_is_asked_for_the_quoted_name_and_its_items_are_records():
    with serving(Fake(lambda path, values: {"number_of_results": 1, "items": [ROR_ITEM]})) as fake:
        (record,) = RorApi(Client(pause=0), fake.url).candidates(Mention('a "b" \\ c'))

    assert record.id == "https://ror.org/02x1pa065"
    assert fake.seen[0][1]["query"].count('"') == 2


def test_service_of_the_reconciliation_api_gives_names_and_kinds():
    entry = {"id": "Q10", "name": "University of Northport", "score": 90, "match": False,
             "type": [{"id": "Q3918", "name": "university"}, "Q1"]}  # fmt: skip
    with serving(Fake(lambda path, values: {"q0": {"result": [entry]}})) as fake:
        source = Reconciliation(Client(pause=0), fake.url, "Wikidata", ENTITY)

        (record,) = source.candidates(Mention("Университет"))

    assert record.id == f"{ENTITY}Q10"
    assert record.kinds == ("Q3918", "Q1")
    assert json.loads(fake.seen[0][1]["queries"])["q0"]["query"] == "Университет"


def test_rows_of_a_sparql_endpoint_become_records_and_the_name_stays_a_string():
    def cell(value):
        return {"type": "literal", "value": value}

    rows = [
        {"item": cell("http://a/1"), "name": cell("One"), "country": cell("AT")},
        {"item": cell("http://a/1"), "name": cell("Eins"), "language": cell("de")},
        {"item": cell("http://a/2"), "name": cell("Two")},
    ]
    with serving(Fake(lambda path, values: {"results": {"bindings": rows}})) as fake:
        query = "SELECT ?item ?name { ?item rdfs:label ?name FILTER(STR(?name) = $name) }"
        source = Sparql(Client(pause=0), fake.url, query, "other")

        records = list(source.candidates(Mention('x" } DROP ALL #\n')))

    assert [record.id for record in records] == ["http://a/1", "http://a/2"]
    assert [name.text for name in records[0].names] == ["One", "Eins"]
    assert r'= "x\" } DROP ALL #\n")' in fake.seen[0][1]["query"]


@pytest.mark.parametrize("answer", [[], {}, {"items": 1}, {"q0": {}}, {"results": []}, "x", None,
                                    {"search": [1]}, {"items": [{"id": 5}]}])  # fmt: skip
def test_answer_of_another_form_is_an_error_in_words(answer):
    with serving(Fake(lambda path, values: answer)) as fake:
        client = Client(pause=0)
        for source in (
            RorApi(client, fake.url),
            Wikidata(client, fake.url),
            Reconciliation(client, fake.url, "some", "x"),
            Sparql(client, fake.url, "$name", "some"),
        ):
            with pytest.raises(SourceError):
                list(source.candidates(Mention("x")))
