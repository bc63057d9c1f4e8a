"""Candidates for names: the likest first, and a certain match only where the matcher is certain."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from tests.server.reconciling.conftest import ID, UP, Reconcile


def ids(candidates: list[dict[str, object]]) -> list[str]:
    return [str(one["id"]).removeprefix(ID) for one in candidates]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Peter the Great Saint Petersburg Polytechnic University", "spbpu"),
        ("Санкт-Петербургский политехнический университет Петра Великого", "spbpu"),
        ("圣彼得堡彼得大帝理工大学", "spbpu"),
        ("Politecnico di Milano", "polimi"),
    ],
)
def test_name_in_any_language_is_a_match(reconcile: Reconcile, name: str, expected: str) -> None:
    best = reconcile(name, type=f"{UP}University")[0]

    assert (best["id"], best["match"]) == (ID + expected, True)


def test_misspelt_name_is_found(reconcile: Reconcile) -> None:
    assert ids(reconcile("Sant Petersburg Politechnic University"))[0] == "spbpu"


@pytest.mark.parametrize("name", ["Polytechnic University", "SPPU", "University", "Milan"])
def test_name_that_tells_too_little_is_no_match(reconcile: Reconcile, name: str) -> None:
    assert not any(one["match"] for one in reconcile(name))


def test_person_is_never_a_match(reconcile: Reconcile, service: FlaskClient) -> None:
    asked = {"prefix": "a", "type": "up:Person"}
    people = service.get("/reconcile/suggest/entity", query_string=asked).json["result"]

    found = [reconcile(person["name"], type="up:Person") for person in people]

    assert [one[0]["name"] for one in found] == [person["name"] for person in people] != []
    assert not any(one["match"] for candidates in found for one in candidates)


def test_nothing_like_it_gives_no_candidates(reconcile: Reconcile) -> None:
    assert reconcile("Xqzwv Kjhgf") == []


def test_at_most_one_candidate_is_a_match_and_scores_fall(reconcile: Reconcile) -> None:
    found = reconcile("Hong Kong Polytechnic University", limit=20)

    scores = [one["score"] for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    assert sum(one["match"] for one in found) <= 1


def test_candidate_tells_type_place_and_features(reconcile: Reconcile) -> None:
    best = reconcile("Politecnico di Milano")[0]

    assert best["type"] == [{"id": f"{UP}University", "name": "university"}]
    assert best["description"] == "Milan, Italy"
    assert {"id": "letters", "value": 1.0} in best["features"]


def test_type_sorts_out_all_others(reconcile: Reconcile) -> None:
    assert ids(reconcile("Milan", type="up:City")) == ["milan"]
    assert "milan" not in ids(reconcile("Milan", type="up:University"))


@pytest.mark.parametrize(("strictness", "found"), [("any", True), ("all", False), ("should", True)])
def test_several_types_count_as_asked(reconcile: Reconcile, strictness: str, found: bool) -> None:
    types = ["up:University", "up:City"]

    candidates = reconcile("Politecnico di Milano", type=types, type_strict=strictness)

    assert bool(candidates) == found


def test_superclass_has_all_that_are_kinds_of_it(reconcile: Reconcile) -> None:
    assert ids(reconcile("Politecnico di Milano", type="up:Organization"))[0] == "polimi"


@pytest.mark.parametrize(
    "value",
    ["Italy", "ITALY", "IT", "Италия", {"id": f"{ID}italy", "name": "Italy"}, ["x", "Italy"]],
)
def test_country_that_agrees_raises_the_score(reconcile: Reconcile, value: object) -> None:
    alone = reconcile("Milan Polytechnic")[0]

    best = reconcile("Milan Polytechnic", properties=[{"pid": "country", "v": value}])[0]

    assert best["id"] == alone["id"] == f"{ID}polimi"
    assert best["score"] > alone["score"]


def test_country_that_differs_takes_the_match_away(reconcile: Reconcile) -> None:
    wrong = [{"pid": f"{UP}country", "v": "Russia"}]

    found = reconcile("Politecnico di Milano", type="up:University", properties=wrong)

    assert ids(found) == ["polimi"]
    assert not found[0]["match"]


def test_property_that_is_not_known_of_a_candidate_leaves_its_score(reconcile: Reconcile) -> None:
    alone = reconcile("Politecnico di Milano")[0]

    found = reconcile("Politecnico di Milano", properties=[{"pid": "up:edtf", "v": "2016"}])[0]

    assert (found["score"], found["match"]) == (alone["score"], alone["match"])


@pytest.mark.parametrize(
    ("pid", "value", "expected"),
    [
        ("schema:identifier", "ror:02x91aj62", "spbpu"),
        ("skos:exactMatch", "https://ror.org/02x91aj62", "spbpu"),
        ("up:place", "MILAN", "polimi"),
        ("up:place", {"id": f"{ID}milan"}, "polimi"),
    ],
)
def test_properties_alone_find_things(
    reconcile: Reconcile, pid: str, value: object, expected: str
) -> None:
    found = reconcile(properties=[{"pid": pid, "v": value}], type="up:University")

    assert ids(found) == [expected]
    assert not found[0]["match"]


def test_names_are_in_the_language_of_who_asks(service: FlaskClient) -> None:
    response = service.get(
        "/reconcile?query=Politecnico+di+Milano", headers={"Accept-Language": "ru"}
    )

    assert response.json["result"][0]["type"][0]["name"] == "университет"
    assert "Accept-Language" in response.headers["Vary"]


def test_single_query_is_a_name_or_json(service: FlaskClient) -> None:
    bare = service.get("/reconcile", query_string={"query": "Milan"}).json
    json_too = service.get(
        "/reconcile", query_string={"query": json.dumps({"query": "Milan"})}
    ).json

    assert bare == json_too
    assert ids(bare["result"])[0] == "milan"


def test_get_and_post_answer_alike(service: FlaskClient) -> None:
    asked = {"queries": json.dumps({"a": {"query": "Milan"}, "b": {"query": "Graz"}})}

    got = service.get("/reconcile", query_string=asked)
    posted = service.post("/reconcile", data=asked)

    assert got.json == posted.json
    assert set(got.json) == {"a", "b"}
    assert got.headers["Access-Control-Allow-Origin"] == "*"


def test_empty_batch_has_an_empty_answer(service: FlaskClient) -> None:
    assert service.post("/reconcile", data={"queries": "{}"}).json == {}
