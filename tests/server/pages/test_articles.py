"""The list of articles: complete, sorted as asked, in pages."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient


def listed(client: FlaskClient, query: str = "") -> list[str]:
    """Return the articles of a page of the list, in order."""
    text = client.get(f"/articles{query}").text
    return re.findall(r'<th scope="row".*?href="/article/([^"]+)"', text, re.S)


def test_list_has_all_articles_the_newest_first(reader: FlaskClient) -> None:
    found = listed(reader)

    assert len(found) == 5
    assert [slug[:10] for slug in found] == sorted((slug[:10] for slug in found), reverse=True)


def test_list_shows_publisher_and_number_of_facts(reader: FlaskClient) -> None:
    text = reader.get("/articles").text

    assert text.count("SPbPU International Office") == 5
    assert ">72</td>" in text


@pytest.mark.parametrize("by", ["title", "publisher", "facts", "date"])
def test_list_is_sorted_both_ways(reader: FlaskClient, by: str) -> None:
    up = listed(reader, f"?sort={by}&direction=up")
    down = listed(reader, f"?sort={by}&direction=down")

    assert sorted(up) == sorted(down)
    assert len(up) == 5
    assert up != down or by == "publisher"


def test_page_that_is_not_there_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/articles?page=2").status_code == 404


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=²", "sort=size", "direction=left"])
def test_question_that_makes_no_sense_is_refused(reader: FlaskClient, query: str) -> None:
    assert reader.get(f"/articles?{query}").status_code == 400
