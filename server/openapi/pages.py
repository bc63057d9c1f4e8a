"""Routes that only pages have, and what pages are made of."""

from __future__ import annotations

from typing import Final

from server.openapi.operation import Operation, Parameter
from server.openapi.schemas import TEXT

PAGES: Final[tuple[Operation, ...]] = (
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
