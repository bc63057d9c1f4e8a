"""The queries that the reconciliation service itself asks, and how terms are written into them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph

from server.problems import Problem
from server.site import Site

Row = Mapping[str, Any]


def rows(site: Site, name: str, **terms: str) -> list[Row]:
    """Return the rows of a query, kept while the release is; a row has the cells that are bound.

    Raises:
        Problem: there are too many rows, no worker is free, or it takes too long.
    """
    found = json.loads(site.service.read(site.job(name, "rows", **terms)))
    if found["more"]:
        hint = "ask for fewer things or properties at once"
        raise Problem("result-too-large", "the answer has too many values", hint=hint)
    names = found["variables"]
    return [
        {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
        for row in found["rows"]
    ]


def term(iri: str) -> str:
    """Return an IRI as it stands in a query, "" when it is none."""
    try:
        return str(pyoxigraph.NamedNode(iri))
    except ValueError:
        return ""


def terms(iris: Iterable[str]) -> str:
    """Return IRIs for a list of values; what is none is left out."""
    return " ".join(sorted({written for iri in iris if (written := term(iri))}))
