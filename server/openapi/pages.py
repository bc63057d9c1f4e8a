"""Routes that only pages have, and what pages are made of."""

from __future__ import annotations

from typing import Final

from server.openapi.operation import Operation, Parameter
from server.openapi.schemas import TEXT

PAGE: Final = Parameter("page", "Which page.", {"type": "integer", "minimum": 1})
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
