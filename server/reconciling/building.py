"""The process that makes the index of a release's names; what it needs comes by standard input.

It is a process of its own, since it computes for many seconds when there are many names.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from kg.matching.index import Index
from kg.matching.ofrelease import Location, records
from server.sparql import confine

_NICE: Final = 5


def main() -> None:
    """Arguments: the label index, where the index goes, the parent's id."""
    search_db, output, parent = sys.argv[1:]
    confine.die_with(int(parent))
    os.nice(_NICE)
    broader = json.loads(sys.stdin.readline())
    found = records(Path(search_db), locations=locations(sys.stdin), broader=broader)
    Index.build(found).save(Path(output))


def locations(lines: Iterable[str]) -> dict[str, Location]:
    """Return where each thing is, from the results of a query in TSV; the first of several."""
    parts: dict[str, dict[str, str]] = {}
    rows = iter(lines)
    columns = [name.lstrip("?") for name in next(rows).rstrip("\r\n").split("\t")]
    for line in sorted(rows):
        cells = dict(zip(columns, map(_value, line.rstrip("\r\n").split("\t")), strict=True))
        known = parts.setdefault(cells["thing"], {})
        for name, value in cells.items():
            if value:
                known.setdefault(name, value)
    return {
        iri: Location(
            country=part.get("code", part.get("country", "")),
            country_name=part.get("name", ""),
            city=part.get("city", ""),
        )
        for iri, part in parts.items()
    }


def _value(cell: str) -> str:
    """Return the IRI or the text of a cell."""
    if not cell.startswith('"'):
        return cell[1:-1]
    text: str = json.loads(cell[: cell.rindex('"') + 1], strict=False)  # it escapes as TSV does
    return text


if __name__ == "__main__":
    main()
