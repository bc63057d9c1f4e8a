"""The data page: files, checksums, description, and what is still being made."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

import unipact
from kg.releases import Releases
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits
from tests.kg.changes.written import copy, insert

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def written(
    seeds_release: unipact.OpenRelease, tmp_path_factory: pytest.TempPathFactory
) -> Releases:
    """A build, and a change whose dumps have not been made."""
    folder = tmp_path_factory.mktemp("pending") / "releases"
    releases = copy(Releases(seeds_release.path.parent), folder)
    insert(releases, "ex:a ex:b ex:c")
    return releases


@pytest.fixture(scope="module")
def app(written: Releases) -> Iterator[Flask]:
    app = create_app(written.root, Settings(), limits=Limits(query_workers=1))
    yield app
    app.extensions["unipact"].close()


def test_every_file_of_the_listing_is_on_the_page_with_its_checksum(reader: FlaskClient) -> None:
    listing = reader.get("/download", headers={"Accept": "application/json"}).json
    assert listing is not None
    text = reader.get("/download").text

    assert len(listing["files"]) > 10
    for name, file in listing["files"].items():
        assert f'href="/download/{listing["release"]}/{name}"' in text
        assert file["sha256"] in text


def test_links_of_the_page_lead_somewhere(reader: FlaskClient) -> None:
    text = reader.get("/download").text
    found = {
        link.partition("#")[0] for link in re.findall(r'href="(/(?:download|releases)[^"]*)"', text)
    }

    wrong = {link for link in found if reader.get(link, buffered=True).status_code != 200}

    assert len(found) > 15
    assert wrong == set()


def test_page_says_that_newer_dumps_are_being_made(client: FlaskClient, written: Releases) -> None:
    current = written.current()

    text = client.get("/download", headers=PAGE).text

    assert "its dumps are still being made" in text
    assert f'href="/releases/{current.id}"' in text
    assert f'href="/download/{current.manifest.parent}/unipact.ttl"' in text


def test_page_of_a_pending_release_says_so(client: FlaskClient, written: Releases) -> None:
    text = client.get(f"/download/{written.current().id}", headers=PAGE).text

    assert "still being made" in text


def test_examples_do_not_repeat_a_host_that_a_client_made_up(reader: FlaskClient) -> None:
    assert "evil.example" not in reader.get("/download", headers={"Host": "evil.example"}).text
