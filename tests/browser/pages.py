"""The pages that there are, by name: what the tests visit, and what pictures are taken of."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

ARTICLE = "2020-12-04-uasr-executive-board"
QUERY = """PREFIX up: <https://w3id.org/unipact/ontology#>
SELECT ?alliance WHERE { ?alliance a up:Alliance } ORDER BY ?alliance LIMIT 5"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site over the shipped corpus.

    Attributes:
        name: how a test or a picture is called.
        path: where it is.
        ready: what is there when its scripts have run.
        is_small: it comes with less than 200 kB.
    """

    name: str
    path: str
    ready: str = "html.scripted"
    is_small: bool = True


PAGES = (
    Page("home", "/"),
    Page("search", "/search?q=polytechnic"),
    Page("search-nothing", "/search?q=polytechnic+zzzz"),
    Page("articles", "/articles"),
    Page("article", f"/article/{ARTICLE}"),
    Page("university", "/doc/spbpu"),
    Page("alliance", "/doc/uasr"),
    Page("person", "/doc/arseniev"),
    Page("statement", f"/doc/{ARTICLE}/spbpu-committee"),
    Page("graphs", "/graph/authority"),
    Page("ontology", "/ontology"),
    Page("term", "/ontology/Membership"),
    Page("scheme", "/concept/status"),
    Page("concept", "/concept/status/ended"),
    Page("editor", "/sparql", "[data-sparql][data-ready]", is_small=False),
    Page("answer", f"/sparql?query={quote(QUERY)}", ".yasr a.iri", is_small=False),
    Page("explore", "/explore"),
    Page("network", "/explore/network", "[data-network][data-ready]"),
    Page("map", "/explore/map", ".zooming"),
    Page("timeline", "/explore/timeline", ".zooming"),
    Page("data", "/download"),
    Page("releases", "/releases"),
    Page("release", "/releases/latest"),
    Page("report", "/releases/latest/report"),
    Page("api", "/docs"),
    Page("problems", "/problems"),
    Page("health", "/health"),
)
