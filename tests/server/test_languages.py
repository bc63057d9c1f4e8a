"""Pages speak the reader's language."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from server.languages import LANGUAGES, best

HTML = {"Accept": "text/html"}


def heading(client: FlaskClient, path: str = "/", **headers: str) -> str:
    found = re.search(r'<html lang="(\w+)">', client.get(path, headers={**HTML, **headers}).text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("ru", "ru"), ("zh-CN,zh;q=0.9", "zh"), ("de, ru;q=0.5, en;q=0.4", "ru"), ("de", "en"),
     ("", "en"), ("x" * 1000, "en")],
)  # fmt: skip
def test_language_is_the_first_that_the_reader_accepts(client, accepted, expected):
    assert heading(client, **{"Accept-Language": accepted}) == expected


def test_address_wins_over_choice_and_choice_over_browser(client):
    client.set_cookie("lang", "zh")

    assert heading(client, **{"Accept-Language": "ru"}) == "zh"
    assert heading(client, "/?lang=ru", **{"Accept-Language": "en"}) == "ru"
    assert heading(client, "/?lang=xx") == "zh"


def test_choice_is_kept_and_leads_back(client):
    response = client.get("/language?to=ru&back=/search?q=x")

    assert (response.status_code, response.headers["Location"]) == (303, "/search?q=x")
    assert heading(client) == "ru"


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/x", "evil", "\\\\evil"])
def test_choice_never_leads_to_another_site(client, back):
    response = client.get("/language", query_string={"to": "ru", "back": back})

    assert re.fullmatch(r"/(x|evil)?", response.headers["Location"])


@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {"en"}))
def test_words_of_every_page_are_translated(client, code):
    page = client.get(f"/?lang={code}", headers=HTML)

    assert "Skip to the content" not in page.text
    assert page.headers["Content-Language"] == code


def test_best_name_is_in_the_readers_language_else_in_english_else_any():
    names = [("Mailand", "de"), ("Milan", "en"), ("Милан", "ru"), ("Milano", "it")]

    assert best(names, "ru") == "Милан"
    assert best(names, "zh") == "Milan"
    assert best(names[::3], "zh") == "Mailand"
    assert best([], "zh") == ""
