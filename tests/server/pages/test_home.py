"""The home page tells in a minute what is in the graph."""

from __future__ import annotations

import json
import re

from flask import Flask
from flask.testing import FlaskClient

from kg.releases import Release
from server.pages.picture import picture
from server.site import Site


def described(text: str) -> dict[str, object]:
    """Return what the page tells search engines."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def current(app: Flask) -> Release:
    site: Site = app.extensions["unipact"]
    return site.current()


def test_home_tells_how_many_things_of_each_kind_there_are(reader: FlaskClient) -> None:
    text = reader.get("/").text

    for number, kind in ((14, "universities"), (11, "people"), (4, "agreements")):
        assert re.search(rf"<b>{number}</b> {kind}", text)


def test_number_opens_a_query_for_just_those_things(reader: FlaskClient) -> None:
    found = re.search(r'<a href="(/sparql[^"]+)"><b>(\d+)</b> universities', reader.get("/").text)
    assert found

    rows = reader.get(found[1], headers={"Accept": "text/csv"}).text.splitlines()[1:]

    assert len(rows) == int(found[2])


def test_home_tells_how_much_is_only_planned(reader: FlaskClient) -> None:
    text = " ".join(reader.get("/").text.split())

    assert re.search(r"\d+ are only planned, proposed or hoped for", text)


def test_picture_links_organisations_by_their_names(reader: FlaskClient) -> None:
    text = reader.get("/").text

    assert re.search(r'href="/doc/spbpu" aria-label="[^"]*St. Petersburg Polytechnic Univ', text)
    assert text.count("<circle") >= 8


def test_home_lists_the_newest_article_first(reader: FlaskClient) -> None:
    found = re.findall(r'href="(/article/[^"]+)"', reader.get("/").text)

    assert found[0] == "/article/2022-06-10-aturc-summit"
    assert len(found) == 5


def test_search_engines_are_told_of_the_release_and_its_files(
    corpus: Flask, reader: FlaskClient
) -> None:
    dataset = described(reader.get("/").text)

    assert (dataset["@type"], dataset["version"]) == ("Dataset", current(corpus).id)
    assert any("/unipact.ttl" in file["contentUrl"] for file in dataset["distribution"])  # type: ignore[attr-defined]


def test_citation_names_release_and_licence(corpus: Flask, reader: FlaskClient) -> None:
    text = reader.get("/").text

    assert f"@misc{{unipact-{current(corpus).id}," in text
    assert f"Release {current(corpus).id}, 2022-06-10." in text


def test_citation_does_not_repeat_a_host_that_a_client_made_up(reader: FlaskClient) -> None:
    assert "evil.example" not in reader.get("/", headers={"Host": "evil.example"}).text


def test_picture_is_the_same_whatever_order_the_ties_come_in() -> None:
    ties = [("a", "b", "t"), ("c", "a", "t"), ("d", "e", "u"), ("b", "a", "t")]

    assert picture(ties, most=9) == picture(reversed(ties), most=9)


def test_picture_leaves_out_the_least_tied() -> None:
    ties = [("hub", name, "t") for name in "abcdef"] + [("a", "b", "t")]

    names = [node.name for node in picture(ties, most=3).nodes]

    assert names == ["a", "b", "hub"]


def test_picture_of_nothing_is_empty() -> None:
    assert picture([], most=5).nodes == ()
