"""What the page on writing shows is what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import unipact
from kg.releases import Releases
from server.access.tokens import Tokens
from tests.kg.changes.written import copy
from tests.server.curl import curl
from tests.server.writing.curator import writable

PAGE = (Path(__file__).parents[3] / "docs" / "writing.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^\$ (curl .*)\n# (\d{3}) (\S+)$", PAGE, re.M)
SCOPES = ["write:graph=authority", "write:graph=https://example.org/notes"]


@pytest.fixture(scope="module")
def served(
    seeds_release: unipact.OpenRelease, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, str]]:
    """The shipped corpus, writable, and the token of the page."""
    shipped = Releases(seeds_release.path.parent)
    releases = copy(shipped, tmp_path_factory.mktemp("documented") / "releases")
    _, token = Tokens(releases.root).create("anna", SCOPES)
    with writable(releases.root) as app:
        yield app, token


@pytest.mark.xdist_group("docs/writing")
def test_commands_in_the_docs_get_what_they_say_one_after_the_other(
    served: tuple[Flask, str],
) -> None:
    app, token = served
    answers = [curl(app.test_client(), command, TOKEN=token) for command, _, _ in SHOWN]

    got = [(str(answer.status_code), answer.mimetype) for answer in answers]

    assert got == [
        (status, media_type.replace("-", "text/html") if media_type == "-" else media_type)
        for _, status, media_type in SHOWN
    ]


def test_every_command_is_tried() -> None:
    assert len(SHOWN) == PAGE.count("$ curl") == 13
