"""Long tables in pages: which part is shown, and where the others are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import request

from server.problems import Problem

_MOST: Final = 10**6  # pages


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of several; pages are counted from 1."""

    page: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """The first row on it, from 0."""
        return (self.page - 1) * self.size

    @property
    def end_row(self) -> int:
        """The row after the last one on it, from 0."""
        return min(self.first_row + self.size, self.total)

    def link(self, page: int) -> str:
        """Return the address of another page, all else being equal."""
        values = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
        return f"{request.path}?{urlencode([*values, ('page', str(page))])}"


def asked_page() -> int:
    """Return the page that the request asks for.

    Raises:
        Problem: it is no number.
    """
    written = request.args.get("page", "1")
    if not (written.isascii() and written.isdigit() and 1 <= int(written[:9]) <= _MOST):
        raise Problem("bad-request", "page is a number from 1", where={"in": "page"})
    return int(written)


def paging(total: int, *, size: int) -> Paging:
    """Return the page that the request asks for, of so many rows.

    Raises:
        Problem: there is no such page.
    """
    found = Paging(asked_page(), size, total)
    if found.page > found.last:
        hint = f"the last page is {found.last}"
        raise Problem("not-found", "there is no such page", where={"in": "page"}, hint=hint)
    return found
