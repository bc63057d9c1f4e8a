"""The network, the map and the timeline: what they show, leave out, and give away."""

from __future__ import annotations

import csv
import io
import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

SVG = "{http://www.w3.org/2000/svg}"


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).text)))


def plain(text: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", text).split())


def test_overview_leads_to_the_three_views(reader: FlaskClient) -> None:
    text = reader.get("/explore").text

    for view in ("network", "map", "timeline"):
        assert f'<a href="/explore/{view}">' in text
    assert text.count("<svg") == 3


def test_network_has_a_circle_and_a_row_for_each_thing(reader: FlaskClient) -> None:
    text = reader.get("/explore/network").text
    shown = re.search(r"All (\d+) things are shown", text)
    assert shown

    circles = re.findall(r'<a href="/doc/[^"]+"><title>[^<]+</title><circle class="dot', text)
    assert len(circles) == int(shown[1])
    assert text.count("around=") >= int(shown[1])


def test_network_for_scripts_is_the_one_of_the_page(reader: FlaskClient) -> None:
    source = re.search(r'data-src="([^"]+)"', reader.get("/explore/network?tie=partnership").text)
    assert source
    data = reader.get(source[1]).json

    assert {edge["kind"] for edge in data["edges"]} == {"partnership"}
    ends = {edge[end] for edge in data["edges"] for end in ("source", "target")}
    assert ends == {node["id"] for node in data["nodes"]}
    assert all(node["page"].startswith("/doc/") for node in data["nodes"])


def test_planned_tie_is_told_from_an_actual_one(reader: FlaskClient) -> None:
    agreements = {
        (row["one_name"], row["two_name"]): row["reality"]
        for row in rows(reader, "/explore/network.csv?tie=agreement")
    }
    shandong = "Shandong University of Railway Transport"

    assert agreements[shandong, "St. Petersburg Polytechnic University"] == "prospective"
    assert "actual" in agreements.values()


def test_filters_work_together(reader: FlaskClient) -> None:
    found = rows(reader, "/explore/network.csv?tie=agreement&reality=actual&from=2021&to=2021")

    assert [row["one_name"] for row in found] == ["Shanghai Maritime University"]


def test_alliance_leaves_only_its_members(reader: FlaskClient) -> None:
    found = rows(reader, "/explore/network.csv?alliance=uasr&tie=membership")

    assert {row["two"].rpartition("/")[2] for row in found} == {"uasr"}
    assert len(found) == 4


def test_country_leaves_ties_that_touch_it(reader: FlaskClient) -> None:
    found = rows(reader, "/explore/network.csv?country=poland&show=events")

    assert found
    assert all("bialystok-tech" in row["one"] + row["two"] for row in found)


def test_neighbourhood_grows_with_its_depth(reader: FlaskClient) -> None:
    near = rows(reader, "/explore/network.csv?around=uasr")
    far = rows(reader, "/explore/network.csv?around=uasr&depth=2")

    assert 0 < len(near) < len(far)


def test_people_come_when_asked_for(reader: FlaskClient) -> None:
    without = {row["tie"] for row in rows(reader, "/explore/network.csv")}
    with_them = {row["tie"] for row in rows(reader, "/explore/network.csv?show=people")}

    assert with_them - without == {"post"}


def test_unknown_thing_has_no_neighbourhood_but_a_page(reader: FlaskClient) -> None:
    response = reader.get("/explore/network?around=nobody")

    assert response.status_code == 200
    assert "Nothing in this release is tied like that" in response.text


@pytest.mark.parametrize(
    "query", ["tie=love", "show=x", "reality=x", "from=20", "from=2021&to=2020", "depth=9",
              "page=0", "from=٢٠٢٠"],
)  # fmt: skip
def test_question_that_cannot_be_is_told(reader: FlaskClient, query: str) -> None:
    response = reader.get(f"/explore/network?{query}")

    assert response.status_code == 400


def test_page_after_the_last_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/explore/timeline?page=99").status_code == 404


def test_hostile_question_comes_back_as_text(reader: FlaskClient) -> None:
    text = reader.get('/explore/network?around="><script>alert(1)</script>').text

    assert "<script>alert" not in text


def test_map_counts_organisations_of_a_city(reader: FlaskClient) -> None:
    places = {row["name"]: row for row in rows(reader, "/explore/map.csv")}

    assert int(places["Shanghai"]["organisations"]) == 3
    assert float(places["Graz"]["latitude"]) == 47.07


def test_map_tells_what_it_cannot_place(reader: FlaskClient) -> None:
    assert re.search(r"Of \d+ more the data do not tell", plain(reader.get("/explore/map").text))


def test_map_of_a_tie_has_only_those_that_it_ties(reader: FlaskClient) -> None:
    all_of = rows(reader, "/explore/map.csv")
    some = rows(reader, "/explore/map.csv?tie=partnership")

    assert 0 < len(some) < len(all_of)
    assert "Graz" not in {row["name"] for row in some}


def test_timeline_has_each_item_in_the_drawing_and_in_the_table(reader: FlaskClient) -> None:
    text = reader.get("/explore/timeline").text
    shown = re.search(r"All (\d+) dated things are shown", text)
    assert shown

    assert len(re.findall(r'<a [^>]*data-in="timeline"', text)) == int(shown[1])
    assert len(re.findall(r'<tr data-in="timeline"', text)) == int(shown[1])


def test_timeline_tells_the_words_of_the_article(reader: FlaskClient) -> None:
    text = plain(reader.get("/explore/timeline").text)

    assert "last winter" in text
    assert "2019-12-01 – 2020-02-29" in text


def test_timeline_of_a_year_leaves_out_what_was_over(reader: FlaskClient) -> None:
    found = rows(reader, "/explore/timeline.csv?from=2022")

    assert found
    assert all(not row["latest"] or row["latest"] >= "2022" or row["how"] != "when"
               for row in found)  # fmt: skip


def test_timeline_of_one_organisation(reader: FlaskClient) -> None:
    found = rows(reader, "/explore/timeline.csv?around=uasr")

    assert 0 < len(found) < len(rows(reader, "/explore/timeline.csv"))


@pytest.mark.parametrize("name", ["network", "timeline"])
def test_picture_is_a_whole_svg_that_needs_nothing_else(reader: FlaskClient, name: str) -> None:
    response = reader.get(f"/explore/{name}.svg")
    root = ElementTree.fromstring(response.text)

    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}style") is not None
    assert "http" not in re.sub(r'xmlns="[^"]+"', "", response.text)
    assert "attachment" in response.headers["Content-Disposition"]


def test_gexf_names_its_nodes(reader: FlaskClient) -> None:
    root = ElementTree.fromstring(reader.get("/explore/network.gexf").text)
    labels = {node.get("label") for node in root.iter("{http://gexf.net/1.3}node")}

    assert "St. Petersburg Polytechnic University" in labels


def test_names_come_in_the_language_of_the_reader(reader: FlaskClient) -> None:
    text = reader.get("/explore/network?lang=zh").text

    assert "圣彼得堡" in text


def test_form_keeps_what_was_asked(reader: FlaskClient) -> None:
    text = reader.get("/explore/network?tie=agreement&country=china&from=2020").text

    assert re.search(r'value="agreement" checked', text)
    assert re.search(r'value="china"[^>]* selected', text)
    assert 'name="from" type="text" inputmode="numeric" pattern="[0-9]{4}"' in text
    assert 'href="/explore/network.csv?tie=agreement&amp;country=china&amp;from=2020"' in text


def test_no_interface_text_is_left_in_english(reader: FlaskClient) -> None:
    for view in ("", "/network", "/map", "/timeline"):
        text = reader.get(f"/explore{view}?lang=ru").text

        assert "are shown" not in text
        assert "Download" not in text


def test_circle_leads_to_the_page_of_its_place(reader: FlaskClient) -> None:
    found = re.findall(r'<a href="(/doc/[^"]+)" data-in="map">', reader.get("/explore/map").text)

    assert "/doc/shanghai" in found
    assert all(reader.get(path).status_code == 200 for path in found)


@pytest.mark.parametrize("file", ["network.json", "network.csv", "map.csv", "timeline.svg"])
def test_file_with_names_is_kept_apart_by_language(reader: FlaskClient, file: str) -> None:
    assert "Accept-Language" in reader.get(f"/explore/{file}").headers["Vary"]
