"""Built files: which names stand for what, how they are sent, and what happens without them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.assets import Assets, routes
from server.world import World

CHUNK = {"file": "shared-A1.js", "integrity": "sha384-chunk"}
STYLE = {"file": "search-C3.css", "integrity": "sha384-style"}
MANIFEST = {
    "sources": "0",
    "assets": {
        "search.js": {
            "file": "search-B2.js", "integrity": "sha384-search", "module": True,
            "styles": [STYLE], "needs": [CHUNK],
        },
        "tables.js": {
            "file": "tables-D4.js", "integrity": "sha384-tables", "module": True,
            "styles": [], "needs": [CHUNK],
        },
        "theme.js": {
            "file": "theme-E5.js", "integrity": "sha384-theme", "module": False,
            "styles": [], "needs": [],
        },
    },
}  # fmt: skip


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    for name in ("shared-A1.js", "search-B2.js", "search-C3.css", "tables-D4.js", "theme-E5.js"):
        (tmp_path / name).write_text(f"/* {name} */", encoding="utf-8")
    (tmp_path / "search-B2.js.gz").write_bytes(gzip.compress(b"/* search-B2.js */"))
    (tmp_path / "secret.js").write_text("not in the manifest", encoding="utf-8")
    return tmp_path


@pytest.fixture
def client(built: Path) -> FlaskClient:
    app = Flask("built", static_folder=None)
    app.register_blueprint(routes(Assets.read(built)))
    return app.test_client()


def test_head_loads_styles_and_shared_parts_once_and_lets_only_the_theme_block(built: Path) -> None:
    head = Assets.read(built).head("theme.js", "search.js", "tables.js").splitlines()

    assert [line for line in head if "rel=" in line] == [
        '<link rel="stylesheet" href="/static/built/search-C3.css" integrity="sha384-style">',
        '<link rel="modulepreload" href="/static/built/shared-A1.js" integrity="sha384-chunk">',
    ]
    assert [line.split(" src")[0] for line in head if "src=" in line] == [
        "<script", '<script type="module"', '<script type="module"',
    ]  # fmt: skip


def test_names_that_are_not_built_stand_for_nothing(tmp_path: Path) -> None:
    assets = Assets.read(tmp_path)

    assert (assets.url("search.js"), assets.integrity("search.js")) == ("", "")
    assert assets.head("theme.js", "search.js") == ""
    assert "search.js" not in assets
    assert World.read(assets) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"assets": {"a.js": {}}}', '{"assets": 1}'])
def test_broken_manifest_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")

    assert not Assets.read(tmp_path).known


def test_file_is_kept_for_good(client: FlaskClient) -> None:
    response = client.get("/static/built/search-B2.js", buffered=True)

    assert response.text == "/* search-B2.js */"
    assert response.mimetype == "text/javascript"
    assert {"max-age=31536000", "public", "immutable"} <= set(
        response.headers["Cache-Control"].split(", ")
    )


def test_file_is_sent_compressed_to_who_takes_that(client: FlaskClient) -> None:
    response = client.get(
        "/static/built/search-B2.js", headers={"Accept-Encoding": "gzip, br"}, buffered=True
    )

    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.data) == b"/* search-B2.js */"
    assert response.mimetype == "text/javascript"
    assert response.headers["Vary"] == "Accept-Encoding"


def test_encoding_that_is_refused_is_not_used(client: FlaskClient) -> None:
    response = client.get(
        "/static/built/search-B2.js", headers={"Accept-Encoding": "gzip;q=0"}, buffered=True
    )

    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize(
    "name", ["secret.js", "manifest.json", "..%2f..%2fapp.py", "search-B2.js.gz"]
)
def test_only_what_the_manifest_names_is_sent(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/built/{name}").status_code == 404


def test_places_are_where_the_outlines_are() -> None:
    world = World.of(
        {
            "viewBox": [0, 7, 960, 418],
            "projection": {"centre": 11, "scale": 175.478, "x": 480, "y": 249.598},
            "countries": [],
        }
    )

    # what d3-geo gives for the same projection
    assert world.place(116.4, 39.9) == pytest.approx((739.387, 126.065), abs=0.01)
    assert world.place(-169.5, 66) == pytest.approx((853.435, 49.784), abs=0.01)
    assert world.place(11, 0) == (480, 249.598)
