"""Search: any name, any language, and the reader's own words for what was found."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.problems import Problem
from server.site import Site

JSON = {"Accept": "application/json"}


@pytest.mark.parametrize(
    ("code", "kind"), [("en", "university"), ("ru", "университет"), ("zh", "大学")]
)
def test_kind_is_in_the_language_of_the_reader(reader: FlaskClient, code: str, kind: str) -> None:
    found = reader.get(f"/search?q=spbpu&lang={code}", headers=JSON).json
    assert found is not None

    assert found["hits"][0]["kind"] == kind
    assert f'<span class="kind">{kind}</span>' in reader.get(f"/search?q=spbpu&lang={code}").text


def test_thing_is_shown_by_its_name_in_the_language_of_the_reader(reader: FlaskClient) -> None:
    text = reader.get("/search?q=SPbPU&lang=ru").text

    assert "Санкт-Петербургский политехнический университет Петра Великого</a>" in text
    assert '<bdi lang="en">SPbPU</bdi>' in text


def test_name_in_another_script_is_found(reader: FlaskClient) -> None:
    assert "/doc/spbpu" in reader.get("/search?q=彼得大帝").text


def test_question_without_an_answer_gets_advice(reader: FlaskClient) -> None:
    text = reader.get("/search?q=polytechnic+xyzzy").text

    assert "Nothing has a name with all of these words" in text
    assert 'href="/search?q=polytechnic"' in text


def test_page_says_that_there_are_more(reader: FlaskClient) -> None:
    few = reader.get("/search?q=s&limit=3").text
    all_of_them = reader.get("/search?q=polimi").text

    assert few.count('class="hit"') == 3
    assert "limit=100" in few
    assert "limit=100" not in all_of_them


def test_question_is_shown_as_text(reader: FlaskClient) -> None:
    text = reader.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").text

    assert "<script>alert" not in text


def test_names_are_found_when_no_worker_is_free(
    corpus: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*args: object, **more: object) -> bytes:
        raise Problem("busy", "all query processes are taken")

    site: Site = corpus.extensions["unipact"]
    monkeypatch.setattr(type(site.service), "read", busy)

    assert "/doc/spbpu" in reader.get("/search?q=spbpu").text
