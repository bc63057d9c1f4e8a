"""The history: what releases there are, what each changed, and the way back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import unipact
from kg.changes.patch import PatchReader, delta_of
from kg.releases import Releases
from kg.settings import Settings
from server.access.tokens import Tokens
from server.app import create_app
from server.limits import Limits
from server.pages.reports import read_report
from tests.kg.changes.written import AUTHORITY, copy, insert, write

PAGE = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
HOSTILE = "<script>alert(1)</script> \N{RIGHT-TO-LEFT OVERRIDE} \N{HEBREW LETTER SHIN}"


@pytest.fixture(scope="module")
def history(
    seeds_release: unipact.OpenRelease, tmp_path_factory: pytest.TempPathFactory
) -> Releases:
    """A build, a university added to it, and a change with a hostile name."""
    folder = tmp_path_factory.mktemp("history") / "releases"
    releases = copy(Releases(seeds_release.path.parent), folder)
    new = 'id:gamma a up:University ; skos:prefLabel "Gamma College"@en .'
    insert(releases, new, AUTHORITY, by="anna", operation="INSERT DATA")
    write(releases, f'INSERT DATA {{ GRAPH ex:g {{ ex:x skos:prefLabel "{HOSTILE}" }} }}', by="bob")
    return releases


@pytest.fixture(scope="module")
def app(history: Releases) -> Iterator[Flask]:
    limits = Limits(query_workers=1, writable="on")
    app = create_app(history.root, Settings(), limits=limits)
    yield app
    app.extensions["unipact"].close()


@pytest.fixture(scope="module")
def chain(history: Releases) -> tuple[str, str, str]:
    """The ids of the releases, the oldest first."""
    last = history.current()
    middle = history.get(last.manifest.parent)
    return middle.manifest.parent, middle.id, last.id


def bearer(history: Releases, scope: str) -> dict[str, str]:
    _, token = Tokens(history.root).create("a test", [scope])
    return {"Authorization": f"Bearer {token}"}


def test_list_has_all_releases_the_newest_first(
    client: FlaskClient, chain: tuple[str, str, str]
) -> None:
    text = client.get("/releases", headers=PAGE).text

    found = re.findall(r'<th scope="row".*?/releases/([0-9a-f]{16})', text)
    assert tuple(reversed(found)) == chain


def test_list_tells_programs_who_wrote_what(
    client: FlaskClient, chain: tuple[str, str, str]
) -> None:
    found = client.get("/releases", headers=JSON).json
    assert found is not None

    assert (found["current"], found["total"]) == (chain[2], 3)
    assert [one["written"] and one["written"]["by"] for one in found["releases"]] == [
        "bob", "anna", None,
    ]  # fmt: skip


def test_page_of_a_release_tells_what_it_holds(
    client: FlaskClient, chain: tuple[str, str, str]
) -> None:
    text = client.get(f"/releases/{chain[1]}", headers=PAGE).text

    assert all(told in text for told in ("anna", "INSERT DATA", "dumps pending", "not in force"))
    assert f'href="/releases/{chain[0]}"' in text


def test_release_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    for name in ("0123456789abcdef", "..", "current", "abc"):
        assert client.get(f"/releases/{name}", headers=PAGE).status_code == 404


def test_page_of_a_change_shows_what_it_added_by_name(
    client: FlaskClient, chain: tuple[str, str, str]
) -> None:
    text = client.get(f"/releases/{chain[1]}/diff", headers=PAGE).text

    assert '<a href="/doc/gamma">Gamma College</a>' in text
    assert re.search(r"university</a></th><td class=\"number\">1</td>", text)


def test_what_was_removed_is_named_though_it_is_gone(
    client: FlaskClient, chain: tuple[str, str, str]
) -> None:
    text = client.get(f"/releases/{chain[0]}/diff?with={chain[2]}", headers=PAGE).text

    assert "Gamma College" in text
    assert 'class="minus"' in text
    assert 'class="plus"' not in text


def test_hostile_name_is_shown_as_text(client: FlaskClient, chain: tuple[str, str, str]) -> None:
    text = client.get(f"/releases/{chain[2]}/diff", headers=PAGE).text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize("accept", ["text/rdf-patch", "application/rdf-patch", "*/*"])
def test_patch_is_what_the_change_came_to(
    client: FlaskClient, chain: tuple[str, str, str], accept: str
) -> None:
    response = client.get(f"/releases/{chain[1]}/diff", headers={"Accept": accept})

    delta = delta_of(PatchReader("answer").operations(io.StringIO(response.text)))
    assert any("Gamma College" in quad.object for quad in delta.added)
    assert not delta.removed
    assert "rdf-patch" in response.content_type


def test_patch_has_an_address_of_its_own(client: FlaskClient, chain: tuple[str, str, str]) -> None:
    direct = client.get(f"/releases/{chain[1]}/diff.rdfp", headers=PAGE)

    assert direct.mimetype == "text/rdf-patch"
    assert f"{chain[0]}-{chain[1]}.rdfp" in direct.headers["Content-Disposition"]


def test_counts_are_for_programs(client: FlaskClient, chain: tuple[str, str, str]) -> None:
    found = client.get(f"/releases/{chain[1]}/diff", headers=JSON).json
    assert found is not None

    assert (found["from"], found["to"], found["removed"]) == (*chain[:2], 0)
    assert found["graphs"]["authority"]["added"] == 2


def test_statements_are_those_of_the_side_and_graph_asked_for(
    client: FlaskClient, chain: tuple[str, str, str]
) -> None:
    address = f"/releases/{chain[1]}/diff?graph=authority&side="

    added = client.get(address + "added", headers=PAGE).text
    removed = client.get(address + "removed", headers=PAGE).text

    assert added.count('<tr class="plus">') == 2
    assert '<tr class="' not in removed


def test_first_release_has_nothing_to_be_compared_with(
    client: FlaskClient, chain: tuple[str, str, str]
) -> None:
    response = client.get(f"/releases/{chain[0]}/diff")

    assert response.status_code == 404
    assert "?with=" in response.json["hint"]  # type: ignore[index]


def test_report_says_what_was_found_and_about_what(reader: FlaskClient, corpus: Flask) -> None:
    release = corpus.extensions["unipact"].current()
    report = read_report(release)
    assert report is not None

    text = reader.get(f"/releases/{release.id}/report").text

    assert "Every fact passed its shapes" in text
    assert report.findings
    assert all(re.search(rf'<td class="number">{one.things}</td>', text) for one in report.findings)


def test_report_comes_as_shacl_too(reader: FlaskClient) -> None:
    response = reader.get(
        "/releases/latest/report", headers={"Accept": "text/turtle"}, buffered=True
    )

    assert response.mimetype == "text/turtle"
    assert "sh:ValidationReport" in response.text


def test_release_without_a_report_has_none(client: FlaskClient, history: Releases) -> None:
    folder = history.current().report_dir
    hidden = folder.rename(folder.with_name("elsewhere"))
    try:
        assert client.get("/releases/latest/report", headers=PAGE).status_code == 404
    finally:
        hidden.rename(folder)


def test_release_is_activated_and_back(
    client: FlaskClient, history: Releases, chain: tuple[str, str, str]
) -> None:
    admin = bearer(history, "admin")

    back = client.post(f"/releases/{chain[0]}/activate", headers=admin)
    there = client.get("/releases", headers=JSON).json["current"]  # type: ignore[index]
    again = client.post(f"/releases/{chain[2]}/activate", headers=admin)

    assert (back.status_code, there) == (200, chain[0])
    assert again.headers["X-Release"] == chain[2]


def test_release_is_activated_only_when_the_expected_one_is_in_force(
    client: FlaskClient, history: Releases, chain: tuple[str, str, str]
) -> None:
    headers = bearer(history, "admin") | {"If-Match": f'"{chain[0]}"'}

    assert client.post(f"/releases/{chain[1]}/activate", headers=headers).status_code == 412


@pytest.mark.parametrize(("scope", "status"), [("", 401), ("write:graph=*", 403), ("links", 403)])
def test_activation_needs_the_scope_admin(
    client: FlaskClient, history: Releases, chain: tuple[str, str, str], scope: str, status: int
) -> None:
    headers = bearer(history, scope) if scope else {}

    assert client.post(f"/releases/{chain[0]}/activate", headers=headers).status_code == status


def test_release_that_is_not_there_is_not_activated(client: FlaskClient, history: Releases) -> None:
    response = client.post("/releases/0123456789abcdef/activate", headers=bearer(history, "admin"))

    assert response.status_code == 404


def test_releases_too_large_to_compare_are_left_to_the_command_line(
    client: FlaskClient, history: Releases, chain: tuple[str, str, str], tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.pages.comparing._LARGEST", 10)
        response = client.get(f"/releases/{chain[2]}/diff?with={chain[0]}&format=json")

    assert response.status_code == 422
    assert f"unipact releases diff {chain[0]} {chain[2]}" in response.json["hint"]  # type: ignore[index]
