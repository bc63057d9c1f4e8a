"""What goes out compressed, and what stays as it is."""

from __future__ import annotations

import gzip

import pytest
import zstandard
from flask import Flask, Response
from flask.testing import FlaskClient

from server import compressing

TEXT = "one line of a page\n" * 100


def small_app() -> Flask:
    app = Flask(__name__)
    compressing.attach(app)

    @app.get("/tagged")
    def tagged() -> Response:
        response = Response(TEXT, content_type="text/html; charset=utf-8")
        response.set_etag("x")
        return response

    @app.post("/written")
    def written() -> Response:
        response = Response(TEXT, content_type="application/json")
        response.set_etag("release")
        return response

    @app.get("/streamed")
    def streamed() -> Response:
        return Response(iter([TEXT, TEXT]), content_type="text/html")

    @app.get("/picture")
    def picture() -> Response:
        return Response(TEXT.encode(), content_type="image/png")

    return app


def unpacked(body: bytes, coding: str) -> bytes:
    return (
        gzip.decompress(body) if coding == "gzip" else zstandard.ZstdDecompressor().decompress(body)
    )


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_page_comes_in_the_coding_that_a_client_takes(coding: str) -> None:
    plain = small_app().test_client().get("/tagged")
    packed = small_app().test_client().get("/tagged", headers={"Accept-Encoding": coding})

    assert packed.headers["Content-Encoding"] == coding
    assert packed.content_length == len(packed.data) < len(plain.data) / 3
    assert unpacked(packed.data, coding) == plain.data
    assert packed.vary.to_header() == plain.vary.to_header() == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_page_comes_plain_to_who_takes_no_coding(accepted: str) -> None:
    answer = small_app().test_client().get("/tagged", headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers
    assert answer.text == TEXT


def test_tag_of_a_compressed_page_names_no_bytes() -> None:
    client = small_app().test_client()

    assert client.get("/tagged").headers["ETag"] == '"x"'
    packed = client.get("/tagged", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["ETag"] == 'W/"x"'


def test_answer_to_a_write_keeps_its_tag() -> None:
    answer = small_app().test_client().post("/written", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["ETag"] == '"release"'
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/streamed", "/picture"])
def test_streams_and_pictures_stay_as_they_are(path: str) -> None:
    answer = small_app().test_client().get(path, headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers


def test_style_sheet_is_compressed_and_found_unchanged_again(client: FlaskClient) -> None:
    takes = {"Accept-Encoding": "gzip"}
    first = client.get("/static/site.css", headers=takes, buffered=True)

    assert first.headers["Content-Encoding"] == "gzip"
    assert (
        gzip.decompress(first.data).decode() == client.get("/static/site.css", buffered=True).text
    )
    again = {**takes, "If-None-Match": first.headers["ETag"]}
    assert client.get("/static/site.css", headers=again, buffered=True).status_code == 304


def test_part_of_a_file_is_sent_plain(client: FlaskClient) -> None:
    part = {"Accept-Encoding": "gzip", "Range": "bytes=0-1999"}
    answer = client.get("/static/site.css", headers=part, buffered=True)

    assert answer.status_code == 206
    assert "Content-Encoding" not in answer.headers
    assert len(answer.data) == 2000


def test_head_tells_what_get_would(client: FlaskClient) -> None:
    takes = {"Accept-Encoding": "zstd", "Accept": "text/html"}
    got, asked = client.get("/health", headers=takes), client.head("/health", headers=takes)

    assert asked.headers["Content-Length"] == got.headers["Content-Length"]
    assert asked.headers["Content-Encoding"] == got.headers["Content-Encoding"] == "zstd"
