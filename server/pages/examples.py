"""Example queries, as files: the question on the first line, the theme on the second."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

_THEME: Final = "# theme: "


@dataclass(frozen=True, slots=True)
class Example:
    """A question, what it is about, and the query that answers it."""

    question: str
    query: str
    theme: str = ""

    @property
    def link(self) -> str:
        """The page with its answer."""
        return "/sparql?" + urlencode({"query": self.query})


def by_theme(examples: Iterable[Example]) -> dict[str, list[Example]]:
    """Return examples by their themes, in the order in which themes come up."""
    found: dict[str, list[Example]] = {}
    for theme, these in groupby(examples, lambda example: example.theme):
        found.setdefault(theme, []).extend(these)
    return found


def read(text: str) -> Example:
    r"""Return the example in a file; the line of the theme is no part of its query.

    >>> read("# Is it?\n# theme: doubt\nASK {}\n")
    Example(question='Is it?', query='# Is it?\nASK {}\n', theme='doubt')
    """
    question, __, rest = text.partition("\n")
    theme, __, query = rest.partition("\n")
    if not theme.startswith(_THEME):
        return Example(question.lstrip("# "), text)
    return Example(question.lstrip("# "), f"{question}\n{query}", theme.removeprefix(_THEME))


def _read_all() -> tuple[Example, ...]:
    files = sorted((Path(__file__).parent / "example_queries").glob("*.rq"))
    return tuple(read(file.read_text(encoding="utf-8")) for file in files)


EXAMPLES: Final = _read_all()
