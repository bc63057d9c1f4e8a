"""What crawlers ask for: robots.txt, sitemaps (sitemaps.org), the icon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, redirect, request

from server.pages.naming import kept
from server.pages.origin import origin
from server.problems import Problem
from server.site import Site

_MOST: Final = 50_000  # addresses in one sitemap, by the protocol
_PAGES: Final = ("/", "/explore", "/articles", "/ontology", "/download", "/releases", "/docs")
_CLOSED: Final = ("/sparql", "/search", "/store", "/language", "/releases/*/diff")
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def routes(site: Site) -> Blueprint:
    """Return the routes for crawlers."""
    blueprint = Blueprint("crawling", __name__)

    @blueprint.get("/robots.txt")
    def robots() -> Response:
        closed = "".join(f"Disallow: {path}\n" for path in _CLOSED)
        text = f"User-agent: *\n{closed}\nSitemap: {origin(site)}/sitemap.xml\n"
        return _kept(Response(text, content_type="text/plain; charset=utf-8"))

    @blueprint.get("/sitemap.xml")
    def sitemap() -> Response:
        parts = _parts(site)
        if parts == 1:
            return _urls(site, 1)
        found = (f"{origin(site)}/sitemap-{number}.xml" for number in range(1, parts + 1))
        return _xml("sitemapindex", "sitemap", found)

    @blueprint.get("/sitemap-<int:number>.xml")
    def part(number: int) -> Response:
        if not 1 <= number <= _parts(site):
            hint = "all of them are listed in /sitemap.xml"
            raise Problem("not-found", "there is no such sitemap", hint=hint)
        return _urls(site, number)

    @blueprint.get("/favicon.ico")
    def icon() -> Response:
        return redirect("/static/icon.svg", 301)  # type: ignore[return-value]

    return blueprint


def _parts(site: Site) -> int:
    """Return how many sitemaps there are; the first one holds the pages of the site itself, too."""
    base = site.current().manifest.base
    things = int(kept(site, "sitemap-count", base=base)[0]["things"][1])
    return max(1, -(-(things + len(_PAGES)) // _MOST))


def _urls(site: Site, number: int) -> Response:
    """Return a sitemap; each holds one part of the things, in order."""
    before = (number - 1) * _MOST - len(_PAGES)
    first, size = max(0, before), _MOST + min(0, before)
    terms = {"first": str(first), "size": str(size), "base": site.current().manifest.base}
    rows = site.service.read(site.job("sitemap", "csv", **terms)).decode().splitlines()[1:]
    addresses = site.addresses()
    found = (addresses.path(row.strip('"')) for row in rows)
    paths = [path for path in found if path and path not in _PAGES]
    here = origin(site)
    own = _PAGES if number == 1 else ()
    return _xml("urlset", "url", (f"{here}{path}" for path in (*own, *paths)))


def _xml(root: str, element: str, addresses: Iterable[str]) -> Response:
    lines = (f"<{element}><loc>{escape(address)}</loc></{element}>\n" for address in addresses)
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n'
        f"{''.join(lines)}</{root}>\n"
    )
    return _kept(Response(body, content_type="application/xml"))


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
