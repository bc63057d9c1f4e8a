"""What OpenRefine sends, byte for byte as it encodes forms, is answered as it expects.

OpenRefine asks ten rows at a time by POST; a column's guessed types and those typed by hand come as
one string, columns that are mapped to properties as `properties` with `p` members beside `pid`.
"""

from __future__ import annotations

import json
from urllib.parse import quote_plus

import pytest
from flask.testing import FlaskClient

from tests.server.reconciling.conftest import ID, UP

TYPE = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
NAMES = [
    "St. Petersburg Polytechnic University", "Politecnico di Milano", "Tsinghua University",
    "Xi'an Jiaotong University", "Hong Kong Polytechnic University", "Санкт-Петербург",
    "圣彼得堡彼得大帝理工大学", "Graz University of Technology & Co + 50%",
    '"quoted" = name', "Łódź",
]  # fmt: skip


def encoded(name: str, content: object) -> bytes:
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"{name}={quote_plus(written)}".encode()


def test_ten_rows_at_a_time_are_answered_by_their_keys(service: FlaskClient) -> None:
    queries = {
        f"q{n}": {"query": name, "limit": 6, "type": "", "type_strict": "should"}
        for n, name in enumerate(NAMES)
    }

    response = service.post("/reconcile", data=encoded("queries", queries), headers=TYPE)

    assert response.status_code == 200, response.text
    assert list(response.json) == list(queries)
    assert response.json["q0"]["result"][0]["match"]


def test_guess_of_types_asks_for_names_alone(service: FlaskClient) -> None:
    queries = {f"q{n}": {"query": name, "limit": 3} for n, name in enumerate(NAMES)}

    answer = service.post("/reconcile", data=encoded("queries", queries), headers=TYPE).json

    guessed = [one["type"][0]["id"] for found in answer.values() for one in found["result"][:1]]
    assert max(set(guessed), key=guessed.count) == f"{UP}University"


def test_columns_mapped_to_properties_come_with_names_of_their_own(service: FlaskClient) -> None:
    asked = {
        "query": "Polytechnic of Milan",
        "type": f"{UP}University",
        "type_strict": "should",
        "properties": [{"p": "country", "pid": f"{UP}country", "v": "Italy"}],
    }

    response = service.post("/reconcile", data=encoded("queries", {"q0": asked}), headers=TYPE)

    assert response.json["q0"]["result"][0]["id"] == f"{ID}polimi"


def test_columns_are_added_from_reconciled_cells(service: FlaskClient) -> None:
    asked = {
        "ids": [f"{ID}spbpu", f"{ID}polimi"],
        "properties": [{"id": f"{UP}country"}, {"id": f"{UP}place", "settings": {"limit": 0}}],
    }

    rows = service.post("/reconcile", data=encoded("extend", asked), headers=TYPE).json["rows"]

    assert rows[f"{ID}polimi"][f"{UP}country"][0]["name"] == "Italy"


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/"])
def test_address_works_with_and_without_a_slash(service: FlaskClient, path: str) -> None:
    assert service.get(path, headers={"Accept": "*/*"}).json["versions"] == ["0.2"]


def test_any_site_may_ask(service: FlaskClient) -> None:
    response = service.options("/reconcile", headers={"Origin": "https://refine.example"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
