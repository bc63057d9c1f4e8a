"""/releases: the releases there are, what each holds, and what its check found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, request, send_file

from kg.errors import ReleaseError
from kg.prefixes import VOCABULARIES
from kg.releases import Release
from server.downloads import find
from server.pages.citing import citation, licence_name
from server.pages.naming import Name, class_names, names_of
from server.pages.origin import origin
from server.pages.paging import paging
from server.pages.reports import read_report
from server.problems import Problem
from server.responses import as_json, page
from server.site import Site
from server.sparql.negotiation import HTML, PLAIN_JSON, TURTLE, choose

_SIZE: Final = 50


def routes(site: Site) -> Blueprint:
    """Return the routes of the history."""
    blueprint = Blueprint("releases", __name__)

    @blueprint.get("/releases")
    def listing() -> Response:
        media = choose((PLAIN_JSON, HTML), request.headers.get("Accept", ""))
        names = newest_first(site)
        pages = paging(len(names), size=_SIZE)
        shown = _opened(site, names[pages.first_row : pages.end_row])
        current = site.current().id
        if media.name == "html":
            return page("releases.html", shown=shown, current=current, paging=pages, made=made)
        response = as_json(
            {
                "current": current,
                "total": pages.total,
                "releases": [described(one, current=current) for one in shown],
            }
        )
        response.vary.add("Accept")
        return response

    @blueprint.get("/releases/<name>")
    def one(name: str) -> Response:
        media = choose((PLAIN_JSON, HTML), request.headers.get("Accept", ""))
        release, current = chosen(site, name), site.current().id
        if media.name == "html":
            return _page(site, release, current)
        response = as_json(described(release, current=current))
        response.vary.add("Accept")
        return response

    @blueprint.get("/releases/<name>/report")
    def report(name: str) -> Response:
        media = choose((PLAIN_JSON, TURTLE, HTML), request.headers.get("Accept", ""))
        release = chosen(site, name)
        if media.name == "html":
            return _report_page(site, release)
        file = release.report_dir / ("report.ttl" if media.name == "turtle" else "report.json")
        if not file.is_file():
            raise _unreported(release)
        response = send_file(file, mimetype=media.type, conditional=True)
        response.headers["Cache-Control"] = "public, no-cache"
        response.vary.add("Accept")
        return response

    return blueprint


def chosen(site: Site, name: str) -> Release:
    """Return a release by its full id, or the one in force as `latest`, its dumps made or not.

    Raises:
        Problem: there is none of that name (404), or it was withdrawn (410).
    """
    return site.current() if name == "latest" else find(site, name)


def newest_first(site: Site) -> list[str]:
    """Return the ids of all releases, the newest made first."""
    found = []
    for name in site.releases.ids():
        try:
            written = (site.releases.root / name / "manifest.json").stat().st_mtime_ns
        except OSError:  # it is being removed
            continue
        found.append((-written, name))
    return [name for _, name in sorted(found)]


def before(site: Site, release: Release) -> str:
    """Return the release that this one was made from, or else the one made before it; "": none."""
    if release.manifest.parent:
        return release.manifest.parent
    names = newest_first(site)
    later = names.index(release.id) + 1 if release.id in names else len(names)
    return names[later] if later < len(names) else ""


def made(release: Release) -> str:
    """Return when a release was made, UTC."""
    if release.manifest.written:
        return release.manifest.written.when
    moment = datetime.fromtimestamp(release.made, UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def described(release: Release, *, current: str) -> dict[str, Any]:
    """Return what a release is, for programs."""
    manifest = release.manifest
    return {
        "id": release.id,
        "current": release.id == current,
        "created": manifest.created,
        "made": made(release),
        "articles": manifest.articles,
        "entities": manifest.entities,
        "triples": manifest.triples,
        "quads": manifest.quads,
        "graphs": dict(manifest.graphs),
        "validated": manifest.validated,
        "parent": manifest.parent or None,
        "written": asdict(manifest.written) if manifest.written else None,
        "pending": manifest.pending,
        "licence": manifest.licence,
    }


def _page(site: Site, release: Release, current: str) -> Response:
    previous = before(site, release)
    return page(
        "release.html",
        shown=release,
        current=current,
        made=made(release),
        previous=previous if previous in site.releases.ids() else "",
        report=read_report(release),
        licence=licence_name(release.manifest.licence),
        citation=citation(release, address=f"{origin(site)}/releases/{release.id}"),
    )


def _report_page(site: Site, release: Release) -> Response:
    report = read_report(release)
    if report is None:
        raise _unreported(release)
    names = _named(site, [iri for one in report.findings[:20] for iri in one.first])
    up = VOCABULARIES["up"]
    kinds = {iri.removeprefix(up): name for iri, name in class_names(site).items()}
    return page("report.html", shown=release, report=report, names=names, kinds=kinds)


def _named(site: Site, iris: Sequence[str]) -> dict[str, Name]:
    found = names_of(site, iris)
    return {iri: found.get(iri, Name(site.addresses().short(iri))) for iri in iris}


def _opened(site: Site, names: Sequence[str]) -> list[Release]:
    """Open releases; those that are damaged, or just went, are left out."""
    found = []
    for name in names:
        try:
            found.append(Release.open(site.releases.root / name))
        except ReleaseError:
            continue
    return found


def _unreported(release: Release) -> Problem:
    return Problem("not-found", f"release {release.id} has no report of a check")
