"""The process that makes the index of a release's names; what it needs comes by standard input.

It is a process of its own, since it computes for many seconds when there are many names.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kg.matching.index import Index
from kg.matching.ofrelease import Location, records
from server.sparql import confine

_NICE: Final = 5


def main() -> None:
    """Arguments: the label index, where the index goes, the parent's id."""
    search_db, output, parent = sys.argv[1:]
    confine.die_with(int(parent))
    os.nice(_NICE)
    given = json.load(sys.stdin)
    rows = given["places"]["results"]["bindings"]
    found = records(Path(search_db), locations=locations(rows), broader=given["broader"])
    Index.build(found).save(Path(output))


def locations(rows: Sequence[Mapping[str, Any]]) -> dict[str, Location]:
    """Return where each thing is, from the results of a query in JSON; the first of several."""
    parts: dict[str, dict[str, str]] = {}
    for row in sorted(rows, key=lambda row: sorted((name, row[name]["value"]) for name in row)):
        values = {name: str(cell["value"]) for name, cell in row.items()}
        known = parts.setdefault(values["thing"], {})
        for name, value in values.items():
            known.setdefault(name, value)
    return {
        iri: Location(
            country=part.get("code", part.get("country", "")),
            country_name=part.get("name", ""),
            city=part.get("city", ""),
        )
        for iri, part in parts.items()
    }


if __name__ == "__main__":
    main()
