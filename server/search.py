"""Things of a release by their names: what the reconciliation service and SPARQL's search share."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from kg.releases.labels import Hit, matches
from server.problems import Problem
from server.sparql.textsearch import Found, Wanted

LOOKED_AT: Final = 10_000  # labels that are looked at for one search, the heaviest things' first


def things(
    search_db: Path,
    text: str,
    *,
    limit: int,
    skip: int = 0,
    keep: Callable[[Hit], bool] = lambda hit: True,
) -> list[Hit]:
    """Return the first name that matches of each thing, heaviest first, of those that are kept.

    Raises:
        Problem: the index cannot be read.
    """
    found: dict[str, Hit] = {}
    try:
        for hit in islice(matches(search_db, text), LOOKED_AT):
            if hit.iri not in found and keep(hit):
                found[hit.iri] = hit
                if len(found) == skip + limit:
                    break
    except sqlite3.Error as error:
        raise Problem("no-release", "the label index cannot be read") from error
    return list(found.values())[skip:]


def by_name(search_db: Path, wanted: Wanted) -> tuple[Found, ...]:
    """Return what a search in SPARQL finds; remembered, as long as the index is the same.

    Raises:
        Problem: the index cannot be read.
    """
    return _found(search_db, edition(search_db), wanted)


def edition(search_db: Path) -> tuple[int, int]:
    """Return what tells an index from another one in its place, as a written release gets once.

    Raises:
        Problem: there is none.
    """
    try:
        status = search_db.stat()
    except OSError as error:
        raise Problem("no-release", "the label index cannot be read") from error
    return status.st_ino, status.st_mtime_ns


@lru_cache(maxsize=64)
def _found(search_db: Path, edition: tuple[int, int], wanted: Wanted) -> tuple[Found, ...]:
    def keep(hit: Hit) -> bool:
        tag, asked = hit.language.lower(), wanted.language.lower()
        return not asked or tag == asked or tag.startswith(f"{asked}-")

    hits = things(search_db, wanted.text, limit=wanted.limit, keep=keep)
    return tuple(Found(hit.iri, hit.label, hit.language, hit.weight) for hit in hits)
