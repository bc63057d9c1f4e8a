"""Retired IRIs: a published IRI never vanishes, it is retired, with or without a successor."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from kg.errors import DataError, InputError, Place
from kg.iris import DEFAULT_BASE, Iris
from kg.terms import iri


def read_retired(file: Path, iris: Iris) -> dict[str, str]:
    """Read `iri`, tab, `successor` (which may be empty); no file means that nothing was retired.

    IRIs of the default base move to the base of `iris`.

    Raises:
        InputError: a line that is not that, or an IRI that is retired twice.
    """
    if not file.is_file():
        return {}
    retired: dict[str, str] = {}
    with file.open(encoding="utf-8", newline="") as rows:
        for number, row in enumerate(csv.reader(rows, delimiter="\t"), start=1):
            where = Place(str(file), number)
            if number == 1 or not row:
                if row != ["iri", "successor"]:
                    raise InputError("the first line is: iri, tab, successor", where=where)
                continue
            name, successor = _entry(row, iris, where)
            if name in retired:
                raise InputError(f"<{name}> is retired twice", where=where)
            retired[name] = successor
    return retired


def write_retired(retired: Mapping[str, str], file: Path) -> None:
    """Write what `read_retired` reads, sorted; no file when nothing was retired."""
    if not retired:
        return
    with file.open("w", encoding="utf-8", newline="") as rows:
        writer = csv.writer(rows, delimiter="\t", lineterminator="\n")
        writer.writerows([("iri", "successor"), *sorted(retired.items())])


def _entry(row: list[str], iris: Iris, where: Place) -> tuple[str, str]:
    names = [
        iris.base + name[len(DEFAULT_BASE) :] if name.startswith(DEFAULT_BASE) else name
        for name in (cell.strip() for cell in row)
    ]
    if len(names) not in (1, 2) or not names[0]:
        raise InputError("a line is: iri, tab, successor (or nothing)", where=where)
    try:
        for name in filter(None, names):
            iri(name)
    except DataError as error:
        raise InputError(error.what, where=where) from error
    return names[0], names[1] if len(names) == 2 else ""
