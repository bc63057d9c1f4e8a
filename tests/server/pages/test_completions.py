"""What the editor completes from: our own classes, properties and prefixes."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

UP = "https://w3id.org/unipact/ontology#"


def completed(
    client: FlaskClient, kind: str, q: str = "", lang: str = "en"
) -> list[dict[str, Any]]:
    response = client.get("/sparql/completions", query_string={"kind": kind, "q": q, "lang": lang})
    assert response.status_code == 200
    found: list[dict[str, Any]] = response.json["completions"]  # type: ignore[index]
    return found


def test_class_is_found_by_the_beginning_of_its_name(reader: FlaskClient) -> None:
    assert completed(reader, "class", "uni")[0] == {"iri": f"{UP}University", "label": "university"}


@pytest.mark.parametrize(("q", "lang"), [("УНИВЕР", "ru"), ("大学", "zh"), ("Universitý", "en")])
def test_term_is_found_in_the_language_of_the_reader(
    reader: FlaskClient, q: str, lang: str
) -> None:
    assert f"{UP}University" in [one["iri"] for one in completed(reader, "class", q, lang)]


def test_property_is_found_by_words_of_its_name(reader: FlaskClient) -> None:
    found = [one["iri"] for one in completed(reader, "property", "member of")]

    assert f"{UP}memberOf" in found


def test_terms_of_other_vocabularies_that_are_used_are_known(reader: FlaskClient) -> None:
    classes = {one["iri"] for one in completed(reader, "class")}
    properties = {one["iri"] for one in completed(reader, "property")}

    assert "http://www.w3.org/ns/org#Membership" in classes
    assert "http://www.w3.org/2004/02/skos/core#prefLabel" in properties
    assert not classes & properties


def test_all_terms_come_when_nothing_is_sought(reader: FlaskClient) -> None:
    response = reader.get("/sparql/completions?kind=property")

    assert response.json is not None
    assert "more" not in response.json
    assert len(response.json["completions"]) > 100


def test_prefixes_have_their_namespaces(reader: FlaskClient) -> None:
    assert {"prefix": "up", "iri": UP} in completed(reader, "prefix")
    assert {one["prefix"] for one in completed(reader, "prefix", "sk")} == {"skos"}


@pytest.mark.parametrize("query", ["", "kind=entity", f"kind=class&q={'x' * 201}"])
def test_what_cannot_be_completed_is_refused(reader: FlaskClient, query: str) -> None:
    response = reader.get(f"/sparql/completions?{query}", headers={"Accept": "application/json"})

    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"


def test_terms_that_a_client_has_are_not_sent_again(reader: FlaskClient) -> None:
    tag = reader.get("/sparql/completions?kind=class").headers["ETag"]

    again = reader.get("/sparql/completions?kind=class", headers={"If-None-Match": tag})

    assert again.status_code == 304
