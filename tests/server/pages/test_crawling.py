"""Crawlers learn what there is, and what to leave alone."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client: FlaskClient, path: str) -> list[str]:
    """Return the addresses of a sitemap."""
    root = ElementTree.fromstring(client.get(path).text)
    return [found.text or "" for found in root.iter(f"{SITEMAP}loc")]


def test_sitemap_has_entities_and_articles_each_once(reader: FlaskClient) -> None:
    found = addresses(reader, "/sitemap.xml")

    assert "http://localhost/doc/spbpu" in found
    assert sum("/article/" in address for address in found) == 5
    assert len(set(found)) == len(found) > 180


def test_sitemap_leads_to_pages_that_are_there(reader: FlaskClient) -> None:
    found = [
        address.removeprefix("http://localhost") for address in addresses(reader, "/sitemap.xml")
    ]

    checked = [path for path in found if path.startswith(("/doc/", "/article/"))][::25]

    assert {reader.get(path).status_code for path in checked} == {200}


def test_long_list_comes_in_parts_that_make_the_whole(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = addresses(reader, "/sitemap.xml")
    monkeypatch.setattr("server.pages.crawling._MOST", 100)

    index = addresses(reader, "/sitemap.xml")
    parts = [addresses(reader, part.removeprefix("http://localhost")) for part in index]

    assert len(index) > 2
    assert max(map(len, parts)) <= 100
    assert [address for part in parts for address in part] == whole


def test_part_that_is_not_there_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/sitemap-2.xml").status_code == 404


def test_sitemap_is_not_sent_again(reader: FlaskClient) -> None:
    tag = reader.get("/sitemap.xml").headers["ETag"]

    assert reader.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 304


def test_robots_are_kept_from_queries_and_led_to_the_sitemap(reader: FlaskClient) -> None:
    text = reader.get("/robots.txt").text

    assert "Disallow: /sparql\n" in text
    assert "Sitemap: http://localhost/sitemap.xml" in text


def test_icon_is_found_where_browsers_look(reader: FlaskClient) -> None:
    response = reader.get("/favicon.ico", follow_redirects=True, buffered=True)

    assert response.mimetype == "image/svg+xml"


@pytest.mark.parametrize("path", ["/nothing", "/doc/nobody"])
def test_page_that_is_not_there_offers_a_search(reader: FlaskClient, path: str) -> None:
    response = reader.get(path)

    assert response.status_code == 404
    assert 'action="/search"' in response.text.partition("<main")[2]
