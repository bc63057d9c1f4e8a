"""What the page on serving shows is what comes back."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import unipact
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits
from server.openapi import OPERATIONS

DOCS = Path(__file__).parents[2] / "docs"
HERE = "http://127.0.0.1:8000"
SHOWN = re.findall(
    r"^\$ (curl .*)\n# (\d{3}) (\S+)$", (DOCS / "serving.md").read_text(encoding="utf-8"), re.M
)


@pytest.fixture(scope="module")
def seeds_app(seeds_release: unipact.OpenRelease) -> Iterator[Flask]:
    """The shipped corpus, served."""
    app = create_app(seeds_release.path.parent, Settings(), limits=Limits(query_workers=1))
    yield app
    app.extensions["unipact"].pool.close()


def ask(client: FlaskClient, command: str) -> tuple[int, str]:
    """Do what a `curl` command does; return status and media type."""
    words = iter(shlex.split(command)[1:])
    method, path, follow, in_url = "", "", False, False
    headers: dict[str, str] = {}
    fields: dict[str, str] = {}
    body: bytes | None = None
    for word in words:
        match word:
            case "-G":
                in_url = True
            case "-L":
                follow = True
            case "-O" | "-J":
                pass
            case "-X":
                method = next(words)
            case "-r":
                headers["Range"] = f"bytes={next(words)}"
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d" | "--data-urlencode":
                name, _, value = next(words).partition("=")
                fields[name] = value
            case "--data-binary":
                body = next(words).encode()
            case _:
                assert word.startswith(HERE), word
                path = word.removeprefix(HERE)
    sends = bool(body or fields) and not in_url
    response = client.open(
        path,
        method=method or ("POST" if sends else "GET"),
        query_string=fields if in_url else None,
        data=(body or fields) if sends else None,
        headers=headers,
        follow_redirects=follow,
        buffered=True,
    )
    return response.status_code, response.mimetype


@pytest.mark.parametrize(("command", "status", "media_type"), SHOWN)
def test_command_in_the_docs_gets_what_they_say(
    seeds_app: Flask, command: str, status: str, media_type: str
) -> None:
    assert ask(seeds_app.test_client(), command) == (int(status), media_type)


def test_every_command_in_the_docs_is_tried() -> None:
    assert len(SHOWN) == (DOCS / "serving.md").read_text(encoding="utf-8").count("$ curl") == 24


@pytest.mark.parametrize("path", sorted({operation.path for operation in OPERATIONS}))
def test_route_is_in_the_docs(path: str) -> None:
    assert f"| `{path}` |" in (DOCS / "serving.md").read_text(encoding="utf-8")
