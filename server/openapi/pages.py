"""Routes that only pages have, and what pages are made of."""

from __future__ import annotations

from typing import Final

from server.openapi.operation import Operation, Parameter
from server.openapi.schemas import OBJECT, TEXT

PAGE: Final = Parameter("page", "Which page.", {"type": "integer", "minimum": 1})
_RELEASE: Final = Parameter("name", "The id of a release, or `latest`.", TEXT, place="path")
_WITH: Final = Parameter("with", "The release to compare with; else the one before.", TEXT)
_PATCH: Final = {"text/rdf-patch": TEXT, "application/rdf-patch": TEXT}
PAGES: Final[tuple[Operation, ...]] = (
    Operation(
        "/articles",
        "All articles, in pages.",
        {"text/html": TEXT},
        parameters=(
            Parameter("sort", "By what.", {"enum": ["date", "title", "publisher", "facts"]}),
            Parameter("direction", "Upwards or downwards.", {"enum": ["up", "down"]}),
            PAGE,
        ),
        problems=("bad-request", "not-found", "busy"),
    ),
    Operation(
        "/releases",
        "The releases there are, in pages, the newest first.",
        {"text/html": TEXT, "application/json": OBJECT},
        parameters=(PAGE,),
        problems=("bad-request", "not-found", "not-acceptable"),
    ),
    Operation(
        "/releases/<name>",
        "A release: what it holds, who made it, and by what change.",
        {"text/html": TEXT, "application/json": OBJECT},
        parameters=(_RELEASE,),
        problems=("not-found", "gone", "not-acceptable"),
    ),
    Operation(
        "/releases/<name>/report",
        "What the check of a release by its shapes found (SHACL).",
        {"text/html": TEXT, "application/json": OBJECT, "text/turtle": TEXT},
        parameters=(_RELEASE,),
        others={304: "The client has it already."},
        problems=("not-found", "gone", "not-acceptable", "busy"),
    ),
    Operation(
        "/releases/<name>/diff",
        "What a release changed: as RDF Patch, as counts, or as a page.",
        {**_PATCH, "text/html": TEXT, "application/json": OBJECT},
        parameters=(
            _RELEASE,
            _WITH,
            Parameter("format", "patch, json or html; it wins over Accept.", TEXT),
            Parameter("graph", "Only this kind of graph, on the page.", TEXT),
            Parameter("side", "Only one side, on the page.", {"enum": ["", "added", "removed"]}),
            PAGE,
        ),
        problems=("bad-request", "not-found", "gone", "not-acceptable", "result-too-large", "busy"),
    ),
    Operation(
        "/releases/<name>/diff.rdfp",
        "What a release changed, as RDF Patch.",
        _PATCH,
        parameters=(_RELEASE, _WITH),
        problems=("not-found", "gone", "result-too-large", "busy"),
    ),
    Operation("/docs", "All routes, with an example of each.", {"text/html": TEXT}),
    Operation(
        "/robots.txt",
        "What crawlers may read.",
        {"text/plain": TEXT},
        others={304: "The client has it already."},
    ),
    Operation(
        "/sitemap.xml",
        "The pages of all things, or where the parts of that list are.",
        {"application/xml": TEXT},
        others={304: "The client has it already."},
        problems=("busy",),
    ),
    Operation(
        "/sitemap-<int:number>.xml",
        "One part of the pages of all things.",
        {"application/xml": TEXT},
        parameters=(Parameter("number", "Which part.", {"type": "integer"}, place="path"),),
        others={304: "The client has it already."},
        problems=("not-found", "busy"),
    ),
    Operation("/favicon.ico", "Where the icon is.", {}, others={301: "The icon."}),
    Operation(
        "/ontology/<name>",
        "A term of the ontology: what it means, what holds it, how often it is used, samples.",
        {"text/html": TEXT},
        parameters=(Parameter("name", "The local name of the term.", TEXT, place="path"),),
        others={303: "The ontology, for who wants RDF."},
        problems=("not-found", "not-acceptable", "busy"),
    ),
    Operation(
        "/sparql/completions",
        "Classes, properties or prefixes for an editor: at most 500, and whether there are more.",
        {"application/json": OBJECT},
        parameters=(
            Parameter("kind", "Of what.", {"enum": ["class", "property", "prefix"]}, required=True),
            Parameter("q", "The beginning of a word of the name or the label.", TEXT),
        ),
        others={304: "The client has this answer already."},
        problems=("bad-request", "busy"),
    ),
    Operation(
        "/language",
        "Keeps a reader's choice of language for the pages, and leads back.",
        {},
        parameters=(
            Parameter("to", "The language: en, ru or zh.", TEXT),
            Parameter("back", "The path to lead back to.", TEXT),
        ),
        others={303: "Where the reader was."},
    ),
    Operation(
        "/static/built/<name>",
        "A script or style of the pages; its name changes with its content.",
        {"*/*": {}},
        parameters=(Parameter("name", "Its name.", TEXT, place="path"),),
        others={206: "The part that was asked for.", 304: "The client has it already."},
        problems=("not-found", "range"),
    ),
)
