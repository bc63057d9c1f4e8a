"""What the page on reconciling shows is what comes back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.reconciling import asked
from tests.server.curl import curl

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "reconciling.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^\$ (curl .*)\n# (\d{3}) (\S+)$", PAGE, re.M)
SEARCHES = re.findall(
    r"```search\n(.*?)```", (DOCS / "querying.md").read_text(encoding="utf-8"), re.S
)


@pytest.mark.parametrize(("command", "status", "media_type"), SHOWN)
def test_command_gets_what_the_page_says(
    service: FlaskClient, command: str, status: str, media_type: str
) -> None:
    response = curl(service, command)

    assert (response.status_code, response.mimetype) == (int(status), media_type)


def test_every_command_is_tried() -> None:
    assert len(SHOWN) == PAGE.count("$ curl") == 11


@pytest.mark.parametrize(
    "name",
    ["MOST_QUERIES", "MOST_CANDIDATES", "MOST_CONSTRAINTS", "MOST_VALUES", "MOST_IDS",
     "MOST_PROPERTIES", "LONGEST"],
)  # fmt: skip
def test_limit_is_in_the_page(name: str) -> None:
    assert f"| {getattr(asked, name)} |" in PAGE


@pytest.mark.parametrize("query", SEARCHES)
def test_search_in_the_docs_has_an_answer(service: FlaskClient, query: str) -> None:
    response = service.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})

    assert response.status_code == 200
    assert len(response.text.splitlines()) > 1


def test_docs_show_a_search() -> None:
    assert len(SEARCHES) == 1
