"""/download: a release's files, whole or in ranges, named by their checksums; and VoID."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, redirect, request, send_file

from kg.errors import ReleaseError
from kg.releases import Release
from server.pages.origin import origin
from server.pages.reports import read_report
from server.problems import Problem
from server.responses import as_json, page
from server.site import Site
from server.sparql.negotiation import HTML, PLAIN_JSON, choose

_ID: Final = re.compile(r"[0-9a-f]{16}")
_MORE: Final = ("articles.jsonl", "retired.tsv", "void.ttl")
_CHECKSUMS: Final = "SHA256SUMS"
_YEAR: Final = 365 * 24 * 3600  # seconds


def routes(site: Site) -> Blueprint:
    """Return the routes of downloads."""
    blueprint = Blueprint("downloads", __name__)

    @blueprint.get("/download")
    @blueprint.get("/download/<name>")
    def listing(name: str = "latest") -> Response:
        release = find(site, name)
        media = choose((PLAIN_JSON, HTML), request.headers.get("Accept", ""))
        if media.name == "html":
            return page(
                "downloads.html",
                shown=release,
                name=name,
                files=offered(release),
                current=site.current().id,
                report=read_report(release),
                here=origin(site),
            )
        response = as_json(
            {
                "release": release.id,
                "created": release.manifest.created,
                "licence": release.manifest.licence,
                "checksums": f"/download/{name}/{_CHECKSUMS}",
                "files": offered(release),
            }
        )
        response.vary.add("Accept")
        return response

    @blueprint.get("/download/<name>/<file>")
    def download(name: str, file: str) -> Response:
        release, lasting = find(site, name), name != "latest"
        if file != _CHECKSUMS:
            return _sent(site, release, file, lasting=lasting)
        response = Response(checksums(release), content_type="text/plain; charset=utf-8")
        _may_be_kept(response, release, lasting=lasting)
        response.add_etag()
        response.make_conditional(request)
        return response

    @blueprint.after_request
    def tell(response: Response) -> Response:
        """Say which release is in force when its own dumps are still to be made."""
        try:
            current = site.current()
        except Problem:
            return response
        latest = (request.view_args or {}).get("name", "latest") == "latest"
        if latest and current.manifest.pending:
            response.headers["X-Pending-Release"] = current.id
        return response

    @blueprint.get("/.well-known/void")
    def void() -> Response:
        return redirect("/download/latest/void.ttl", 303)  # type: ignore[return-value]

    return blueprint


def find(site: Site, name: str) -> Release:
    """Return a release by its full id, or as `latest` the newest whose dumps are made.

    Raises:
        Problem: there is none of that name (404), or it was withdrawn (410).
    """
    if name == "latest":
        return _complete(site, site.current())
    if _ID.fullmatch(name):
        try:
            if name in site.releases.purged():
                raise Problem("gone", f"release {name} was withdrawn", hint="see /download/latest")
            return site.releases.get(name)
        except ReleaseError:
            pass  # told below, without the folder's name
    raise Problem(
        "not-found", "there is no such release", hint="the one in force: /download/latest"
    )


def _complete(site: Site, release: Release) -> Release:
    """Return the release itself, or while its dumps are being made, the last that has them."""
    if not release.manifest.pending:
        return release
    try:
        return site.releases.latest_complete()
    except ReleaseError as error:
        hint = "a written release has them after a while; try again"
        raise Problem("no-release", "no release has its dumps yet", hint=hint) from error


def offered(release: Release) -> dict[str, dict[str, object]]:
    """Return the files that can be had: name → size in bytes, checksum, type, what it holds."""
    found = {}
    for path, entry in sorted(release.manifest.files.items()):
        folder, _, name = path.rpartition("/")
        if folder == "dump" or path in _MORE:
            found[name] = {
                "size": entry.size,
                "sha256": entry.sha256,
                "media_type": _media_type(name, entry.media_type),
                "holds": entry.note or entry.holds,
            }
    return found


def checksums(release: Release) -> str:
    """Return what `sha256sum --check` reads."""
    lines = (f"{known['sha256']}  {name}\n" for name, known in offered(release).items())
    return "".join(lines)


def _sent(site: Site, release: Release, name: str, *, lasting: bool) -> Response:
    """Send a file that the manifest names; no other path can be reached."""
    known = offered(release)
    if name not in known:
        raise Problem("not-found", "this release has no such file", hint="see /download/latest")
    packed = f"{name}.gz" in known and _takes_gzip(str(known.get(f"{name}.gz", {}).get("sha256")))
    file = f"{name}.gz" if packed else name
    path: Path = release.path / file if file in _MORE else release.dump_dir / file
    digest = str(known[file]["sha256"])
    response = send_file(
        path,
        mimetype=str(known[name]["media_type"]),
        as_attachment=True,
        download_name=name if name in _MORE else _with_id(name, release.id),
        etag=digest,
        last_modified=_since(site, release, lasting=lasting),
        conditional=True,
    )
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if f"{name}.gz" in known:
        response.vary.add("Accept-Encoding")
    response.headers["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(digest)).decode()}:"
    response.headers["Link"] = f'<{release.manifest.licence}>; rel="license"'
    _may_be_kept(response, release, lasting=lasting)
    if request.method == "HEAD" or response.status_code == 304:
        response.close()  # no body is going to be read, and nobody else closes the file then
    return response


def _may_be_kept(response: Response, release: Release, *, lasting: bool) -> None:
    cache = f"public, max-age={_YEAR}, immutable" if lasting else "public, no-cache"
    response.headers["Cache-Control"] = cache
    response.headers["X-Release"] = release.id


def _takes_gzip(tag: str) -> bool:
    """Tell whether to send the compressed file in place of the plain one.

    A range is of the plain file, as most who ask for one expect; unless it goes on with a file
    that came compressed before (If-Range).
    """
    taken = request.accept_encodings
    if not 0 < taken.quality("gzip") or taken["gzip"] < taken.quality("identity"):
        return False
    return "Range" not in request.headers or request.headers.get("If-Range") == f'"{tag}"'


def _since(site: Site, release: Release, *, lasting: bool) -> datetime | None:
    """Return the release's date; for `latest`, when the release in force became it."""
    if lasting:
        created = release.manifest.created
        return datetime.fromisoformat(created).replace(tzinfo=UTC) if created else None
    moved = (site.releases.root / "current").lstat().st_mtime
    return datetime.fromtimestamp(moved, UTC)


def _with_id(name: str, id: str) -> str:
    """Return the name to save a file under: `unipact.ttl.gz` → `unipact-<id>.ttl.gz`."""
    stem, dot, suffixes = name.partition(".")
    return f"{stem}-{id}{dot}{suffixes}"


def _media_type(name: str, media_type: str) -> str:
    if name.endswith(".gz"):
        return "application/gzip"
    by_suffix = {"ttl": "text/turtle", "jsonl": "application/jsonl"}
    return media_type or by_suffix.get(name.rpartition(".")[2], "application/octet-stream")
