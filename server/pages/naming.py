"""What things are called, in the reader's language; and answers kept as long as their release."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph

from server.languages import language, preference
from server.site import Site

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the language that it is in; "" when that is not told."""

    text: str
    language: str = ""


def kept(site: Site, name: str, **terms: str) -> list[Row]:
    """Return the rows of one of this server's own SELECT queries, kept while the release is.

    Terms are as for `Site.job`; all rows up to `MOST_ROWS` come back.

    Raises:
        Problem: no worker is free, or it takes too long.
    """
    found = json.loads(site.service.read(site.job(name, "rows", **terms)))
    names = found["variables"]
    return [
        {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
        for row in found["rows"]
    ]


def best_names(rows: Iterable[Row], *, of: str, name: str) -> dict[str, Name]:
    """Return the name of each IRI in the column `of` that fits the reader best."""
    wanted = language()
    found: dict[str, Name] = {}
    for row in rows:
        if name not in row or row[of][0] != "iri":
            continue
        one = Name(row[name][1], row[name][3])
        known = found.get(row[of][1])
        if known is None or _fit(one, wanted) < _fit(known, wanted):
            found[row[of][1]] = one
    return found


def class_names(site: Site) -> dict[str, str]:
    """Return class → what the ontology calls it."""
    return {
        iri: name.text
        for iri, name in best_names(kept(site, "class-names"), of="class", name="name").items()
    }


def names_of(site: Site, iris: Iterable[str]) -> dict[str, Name]:
    """Return the names of things; those without any are left out. At most some hundred at once."""
    these = sorted({term for iri in iris if (term := _encoded(iri))})
    if not these:
        return {}
    rows = kept(site, "names", these=" ".join(these))
    return best_names(rows, of="thing", name="name")


def short_names_of(site: Site, iris: Iterable[str]) -> dict[str, Name]:
    """Return the short names of things that have one, such as SPbPU; for drawings."""
    these = sorted({term for iri in iris if (term := _encoded(iri))})
    rows = kept(site, "short-names", these=" ".join(these)) if these else []
    known = [row for row in rows if preference(row["name"][3], language())[0] < 3]
    return best_names(known, of="thing", name="name")


def _fit(name: Name, wanted: str) -> tuple[tuple[int, str], str]:
    return preference(name.language, wanted), name.text


def _encoded(iri: str) -> str:
    """Return an IRI so that it can stand in a query, "" when it cannot."""
    try:
        return str(pyoxigraph.NamedNode(iri))
    except ValueError:
        return ""
