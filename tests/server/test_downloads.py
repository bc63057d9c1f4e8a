"""Files of a release: compressed on the way, checked, kept, and gone on with."""

from __future__ import annotations

import base64
import gzip
import hashlib
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.releases import Release
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits

GZIP = {"Accept-Encoding": "gzip"}
FILE = "/download/latest/unipact.nt"


def test_file_comes_from_a_folder_named_by_a_relative_path(
    releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(releases.parent)
    app = create_app(Path("releases"), Settings(), limits=Limits(query_workers=1))

    response = app.test_client().get(FILE, buffered=True)

    app.extensions["unipact"].pool.close()
    assert response.status_code == 200
    assert response.data


def test_plain_file_comes_compressed_to_who_can_read_it(client: FlaskClient) -> None:
    plain = client.get(FILE, buffered=True)
    packed = client.get(FILE, headers=GZIP, buffered=True)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.content_type == plain.content_type
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert ".nt.gz" not in packed.headers["Content-Disposition"]
    assert int(packed.headers["Content-Length"]) == len(packed.data)


@pytest.mark.parametrize("header", ["identity", "br", "gzip;q=0", "gzip;q=0.5, identity", ""])
def test_plain_file_comes_as_it_is_to_who_cannot(client: FlaskClient, header: str) -> None:
    response = client.get(FILE, headers={"Accept-Encoding": header}, buffered=True)

    assert "Content-Encoding" not in response.headers


def test_compressed_file_is_not_compressed_again(client: FlaskClient) -> None:
    response = client.get(f"{FILE}.gz", headers=GZIP, buffered=True)

    assert "Content-Encoding" not in response.headers
    assert gzip.decompress(response.data)


def test_range_is_of_the_plain_file(client: FlaskClient) -> None:
    whole = client.get(FILE, buffered=True).data

    part = client.get(FILE, headers={**GZIP, "Range": "bytes=5-9"}, buffered=True)

    assert (part.status_code, part.data) == (206, whole[5:10])
    assert "Content-Encoding" not in part.headers


def test_compressed_transfer_is_gone_on_with(client: FlaskClient) -> None:
    whole = client.get(FILE, headers=GZIP, buffered=True)
    again = {**GZIP, "Range": "bytes=20-", "If-Range": whole.headers["ETag"]}

    rest = client.get(FILE, headers=again, buffered=True)

    assert (rest.status_code, rest.data) == (206, whole.data[20:])
    assert rest.headers["Content-Encoding"] == "gzip"


def test_another_file_is_not_gone_on_with(client: FlaskClient) -> None:
    headers = {"Range": "bytes=5-9", "If-Range": '"of-another-release"'}

    assert client.get(FILE, headers=headers, buffered=True).status_code == 200


def test_file_of_a_release_has_the_date_of_its_data(client: FlaskClient, release: Release) -> None:
    response = client.get(f"/download/{release.id}/unipact.nt", buffered=True)

    assert response.headers["Last-Modified"] == "Fri, 04 Dec 2020 00:00:00 GMT"
    assert "immutable" in response.headers["Cache-Control"]


def test_latest_file_is_new_when_another_release_became_it(client: FlaskClient) -> None:
    old = {"If-Modified-Since": "Fri, 04 Dec 2020 00:00:00 GMT"}

    response = client.get(FILE, headers=old, buffered=True)

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, no-cache"


def test_digest_is_of_the_bytes_that_are_sent(client: FlaskClient) -> None:
    for headers in ({}, GZIP):
        response = client.get(FILE, headers=headers, buffered=True)

        digest = base64.b64encode(hashlib.sha256(response.data).digest()).decode()
        assert response.headers["Repr-Digest"] == f"sha-256=:{digest}:"


def test_head_has_the_headers_of_get(client: FlaskClient) -> None:
    head, get = client.head(FILE), client.get(FILE, buffered=True)

    names = ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Content-Disposition")
    assert [head.headers[name] for name in names] == [get.headers[name] for name in names]
    assert head.data == b""


def test_checksums_are_what_sha256sum_reads(
    client: FlaskClient, release: Release, tmp_path: Path
) -> None:
    sums = client.get(f"/download/{release.id}/SHA256SUMS", buffered=True).text
    names = [line.split("  ")[1] for line in sums.splitlines()]
    for name in names:
        content = client.get(f"/download/{release.id}/{name}", buffered=True).data
        (tmp_path / name).write_bytes(content)

    checked = subprocess.run(
        ["sha256sum", "--check", "--strict"],
        cwd=tmp_path, input=sums, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert checked.returncode == 0
    assert {"unipact.ttl", "unipact.nq.gz", "void.ttl"} <= set(names)


def test_listing_names_the_checksums(client: FlaskClient, release: Release) -> None:
    listing = client.get(f"/download/{release.id}").json

    assert listing is not None
    assert listing["checksums"] == f"/download/{release.id}/SHA256SUMS"
    assert "SHA256SUMS" in client.get("/download", headers={"Accept": "text/html"}).text
