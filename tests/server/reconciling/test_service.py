"""What the service says of itself, suggestions, previews and values of properties."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.server.reconciling.conftest import ID, UP

SPBPU = f"{ID}spbpu"
ARTICLE = "https://w3id.org/unipact/article/"


def suggested(service: FlaskClient, kind: str, **asked: str) -> list[dict[str, Any]]:
    response = service.get(f"/reconcile/suggest/{kind}", query_string=asked)
    assert response.status_code == 200, response.text
    return response.json["result"]  # type: ignore[index, no-any-return]


def values(service: FlaskClient, ids: list[str], *properties: dict[str, Any]) -> dict[str, Any]:
    asked = json.dumps({"ids": ids, "properties": list(properties)})
    response = service.post("/reconcile", data={"extend": asked})
    assert response.status_code == 200, response.text
    return response.json  # type: ignore[return-value]


def test_manifest_tells_spaces_limits_and_addresses(service: FlaskClient) -> None:
    manifest = service.get("/reconcile").json

    assert manifest["versions"] == ["0.2"]
    assert (manifest["identifierSpace"], manifest["schemaSpace"]) == (ID, UP)
    assert manifest["batchSize"] == 50
    assert manifest["view"]["url"] == "http://localhost/reconcile/view?id={{id}}"


def test_manifest_never_repeats_a_host_that_a_client_made_up(service: FlaskClient) -> None:
    assert "evil.example" not in service.get("/reconcile", headers={"Host": "evil.example"}).text


def test_every_address_of_the_manifest_answers(service: FlaskClient) -> None:
    manifest = service.get("/reconcile").json
    one = {"entity": SPBPU, "type": f"{UP}University", "property": f"{UP}country"}

    addresses = [manifest["preview"]["url"].replace("{{id}}", SPBPU)]
    for kind, place in manifest["suggest"].items():
        flyout = place["flyout_service_url"] + place["flyout_service_path"]
        addresses.append(place["service_url"] + place["service_path"] + "?prefix=un")
        addresses.append(flyout.replace("${id}", one[kind].replace("#", "%23")))
    propose = manifest["extend"]["propose_properties"]
    addresses.append(propose["service_url"] + propose["service_path"] + "?type=up:University")

    assert [service.get(address).status_code for address in addresses] == [200] * 8


def test_view_leads_to_the_page(service: FlaskClient) -> None:
    response = service.get("/reconcile/view", query_string={"id": SPBPU})

    assert (response.status_code, response.headers["Location"]) == (303, "/doc/spbpu")


@pytest.mark.parametrize("id", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_view_leads_nowhere_else(service: FlaskClient, id: str) -> None:
    assert service.get("/reconcile/view", query_string={"id": id}).status_code == 404


def test_things_are_suggested_as_people_type_them(service: FlaskClient) -> None:
    found = suggested(service, "entity", prefix="САНКТ пет", type="up:City")

    assert [(one["id"], one["notable"][0]["name"]) for one in found] == [
        (f"{ID}saint-petersburg", "city")
    ]


def test_things_suggested_are_no_classes_and_no_concepts(service: FlaskClient) -> None:
    found = suggested(service, "entity", prefix="un")

    assert found
    assert all(one["id"].startswith((ID, ARTICLE)) for one in found)


def test_cursor_goes_on_where_the_suggestions_ended(service: FlaskClient) -> None:
    first = [one["id"] for one in suggested(service, "entity", prefix="u")]

    later = [one["id"] for one in suggested(service, "entity", prefix="u", cursor="3")]

    assert len(first) == 10
    assert later[:7] == first[3:]


@pytest.mark.parametrize(
    ("kind", "prefix", "expected"),
    [
        ("type", "univ", "University"),
        ("type", "大学", "University"),
        ("type", "Университет", "University"),
        ("property", "country", "country"),
        ("property", "所属国家", "country"),
    ],
)
def test_types_and_properties_are_suggested_by_name(
    service: FlaskClient, kind: str, prefix: str, expected: str
) -> None:
    assert UP + expected in [one["id"] for one in suggested(service, kind, prefix=prefix)]


def test_type_suggested_tells_what_it_is_a_kind_of(service: FlaskClient) -> None:
    found = suggested(service, "type", prefix="university")[0]

    assert f"{UP}Organization" in [one["id"] for one in found["broader"]]
    assert found["description"]


@pytest.mark.parametrize(
    ("kind", "id", "words"),
    [
        ("entity", SPBPU, "Saint Petersburg"),
        ("type", f"{UP}University", "degrees"),
        ("property", f"{UP}country", "country"),
    ],
)
def test_flyout_tells_what_it_is(service: FlaskClient, kind: str, id: str, words: str) -> None:
    found = service.get(f"/reconcile/flyout/{kind}", query_string={"id": id}).json

    assert found["id"] == id
    assert words in found["html"]


def test_preview_may_stand_in_a_frame_anywhere_and_runs_nothing(service: FlaskClient) -> None:
    response = service.get("/reconcile/preview", query_string={"id": SPBPU})

    assert "X-Frame-Options" not in response.headers
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert not re.search(r"<script|\son\w+=|javascript:", response.text)
    assert "St. Petersburg Polytechnic University" in response.text


def test_no_other_page_may_stand_in_a_frame(service: FlaskClient) -> None:
    response = service.get("/reconcile/preview", query_string={"id": f"{ID}nothing"})

    assert (response.status_code, response.headers["X-Frame-Options"]) == (404, "DENY")


def test_values_of_properties_come_with_names(service: FlaskClient) -> None:
    found = values(service, [SPBPU, f"{ID}nothing"], {"id": "up:country"}, {"id": f"{UP}place"})

    assert [one["id"] for one in found["meta"]] == ["up:country", f"{UP}place"]
    assert found["meta"][0]["type"]["id"] == f"{UP}Country"
    assert found["rows"][SPBPU]["up:country"] == [{"id": f"{ID}russia", "name": "Russia"}]
    assert found["rows"][f"{ID}nothing"] == {"up:country": [], f"{UP}place": []}


def test_settings_choose_how_many_values_in_which_language_and_form(service: FlaskClient) -> None:
    found = values(
        service,
        [SPBPU],
        {"id": "skos:prefLabel", "settings": {"language": "zh"}},
        {"id": "up:partnerOf", "settings": {"limit": "1"}},
        {"id": "up:country", "settings": {"content": "id"}},
    )["rows"][SPBPU]

    assert found["skos:prefLabel"] == [{"str": "圣彼得堡彼得大帝理工大学"}]
    assert len(found["up:partnerOf"]) == 1
    assert found["up:country"] == [{"str": f"{ID}russia"}]


def test_days_and_numbers_keep_their_types(service: FlaskClient) -> None:
    article = f"{ARTICLE}2020-05-28-shanghai-office-digest"

    found = values(service, [article], {"id": "dcterms:issued"})["rows"][article]

    assert found["dcterms:issued"] == [{"date": "2020-05-28T00:00:00"}]


def test_properties_proposed_are_those_that_things_of_the_type_have(service: FlaskClient) -> None:
    asked = {"type": "up:University", "limit": "12"}

    found = service.get("/reconcile/properties", query_string=asked).json

    assert (found["type"], found["limit"]) == ("up:University", 12)
    assert f"{UP}country" in [one["id"] for one in found["properties"]]
    assert f"{UP}edtf" not in [one["id"] for one in found["properties"]]
