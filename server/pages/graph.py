"""The page about a named graph: how large it is, what it holds, where it comes from."""

from __future__ import annotations

from typing import Final

from flask import Response

from server.pages.entity.said import encoded, mentioned, names, read
from server.pages.entity.statements import parts
from server.pages.naming import kept
from server.pages.paging import paging
from server.responses import page
from server.site import Site

_SIZE: Final = 60  # subjects
_LARGE: Final = 100_000  # triples
_MEANINGS: Final = ("evidence", "mentions", "authority", "links", "ontology", "derived",
                    "derived-attributed", "provenance", "article")  # fmt: skip


def show(site: Site, iri: str) -> Response:
    """Return the page about a graph that the release has.

    Raises:
        Problem: it has no such page.
    """
    this = encoded(iri)
    counts = _counts(site, this)
    pages = paging(counts.get("things", _SIZE), size=_SIZE)
    rows = kept(site, "graph-subjects", this=this, size=str(_SIZE), first=str(pages.first_row))
    classes = kept(site, "graph-classes", this=this)
    said = read(site, [iri]).get(iri)
    subjects = [row["thing"][1] for row in rows]
    others = mentioned([said]) if said else ()
    called = names(site, [*subjects, *(row["class"][1] for row in classes), *others])
    return page(
        "graph.html",
        iri=iri,
        meaning=_meaning(site, iri),
        counts=counts,
        subjects=[(one, called.of(one)) for one in subjects],
        classes=[
            (row["class"][1], called.of(row["class"][1]), int(row["things"][1])) for row in classes
        ],
        parts=parts(said, called) if said else (),
        paging=pages,
    )


def _counts(site: Site, this: str) -> dict[str, int]:
    """Return how large a graph is; the things in a very large one are not counted."""
    rows = kept(site, "graph-counts", this=this)
    if int(rows[0]["triples"][1]) <= _LARGE:
        rows += kept(site, "graph-things", this=this)
    return {name: int(cell[1]) for row in rows for name, cell in row.items()}


def _meaning(site: Site, iri: str) -> str:
    """Return the kind of graph: a word of `_MEANINGS`, "" of others."""
    path = iri.removeprefix(f"{site.current().manifest.base}graph/")
    last = path.rpartition("/")[2]
    if path.startswith("article/"):
        return last if path.count("/") > 1 and last in _MEANINGS else "article"
    return path if path in _MEANINGS else ""
