"""Results in a form that pages and statistics can use."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pyoxigraph


def rows(result: Any, most: int) -> dict[str, Any]:
    """Return a result in a form that pages can use; the shape depends on the query's form.

    ASK gives `boolean`. SELECT gives `variables`, `rows` and `more`, whether rows were left out. A
    cell is None or [kind, value, datatype or "", language or ""]; kinds: iri, literal, blank,
    triple. CONSTRUCT and DESCRIBE give rows of three cells.
    """
    if isinstance(result, pyoxigraph.QueryBoolean):
        return {"boolean": bool(result)}
    if isinstance(result, pyoxigraph.QueryTriples):
        names = ["subject", "predicate", "object"]
    else:
        names = [variable.value for variable in result.variables]
    table = [[cell(value) for value in row] for row in islice(result, most + 1)]
    return {"variables": names, "rows": table[:most], "more": len(table) > most}


def cell(term: Any) -> list[str] | None:
    """Return a term as [kind, value, datatype, language]; plain strings have no datatype."""
    match term:
        case None:
            return None
        case pyoxigraph.NamedNode():
            return ["iri", term.value, "", ""]
        case pyoxigraph.BlankNode():
            return ["blank", str(term), "", ""]
        case pyoxigraph.Literal():
            datatype = term.datatype.value
            plain = term.language or datatype.endswith("XMLSchema#string")
            return ["literal", term.value, "" if plain else datatype, term.language or ""]
        case _:
            return ["triple", str(term), "", ""]
