"""What the page on serving shows is what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import unipact
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits
from server.openapi import OPERATIONS
from tests.server.curl import curl

DOCS = Path(__file__).parents[2] / "docs"
SHOWN = re.findall(
    r"^\$ (curl .*)\n# (\d{3}) (\S+)$", (DOCS / "serving.md").read_text(encoding="utf-8"), re.M
)


@pytest.fixture(scope="module")
def seeds_app(seeds_release: unipact.OpenRelease) -> Iterator[Flask]:
    """The shipped corpus, served."""
    app = create_app(seeds_release.path.parent, Settings(), limits=Limits(query_workers=1))
    yield app
    app.extensions["unipact"].pool.close()


@pytest.mark.parametrize(("command", "status", "media_type"), SHOWN)
def test_command_in_the_docs_gets_what_they_say(
    seeds_app: Flask, command: str, status: str, media_type: str
) -> None:
    response = curl(seeds_app.test_client(), command)

    assert (response.status_code, response.mimetype) == (int(status), media_type)


def test_every_command_in_the_docs_is_tried() -> None:
    assert len(SHOWN) == (DOCS / "serving.md").read_text(encoding="utf-8").count("$ curl") == 27


@pytest.mark.parametrize("path", sorted({operation.path for operation in OPERATIONS}))
def test_route_is_in_the_docs(path: str) -> None:
    assert f"| `{path}` |" in (DOCS / "serving.md").read_text(encoding="utf-8")
