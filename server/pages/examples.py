"""Example queries, as files with the question on their first line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the query that answers it."""

    question: str
    query: str

    @property
    def link(self) -> str:
        """The page with its answer."""
        return "/sparql?" + urlencode({"query": self.query})


def _read() -> tuple[Example, ...]:
    files = sorted((Path(__file__).parent / "example_queries").glob("*.rq"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    return tuple(Example(text.split("\n", 1)[0].lstrip("# "), text) for text in texts)


EXAMPLES: Final = _read()
