"""A published IRI never vanishes: what was retired, and the check that nothing else is missing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path
from typing import Final

from kg.dataset import lines
from kg.errors import DataError, InputError, Place, ReleaseError
from kg.iris import DEFAULT_BASE, Iris
from kg.terms import iri

_SHOWN: Final = 20
_PUBLISHED: Final = ("id/", "article/", "concept/")


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


def check_nothing_vanishes(
    before: Path, after: Path, iris: Iris, *, retired: Mapping[str, str], purged: Iterable[str] = ()
) -> None:
    """Compare two datasets, files of sorted N-Quads, by the subjects that have pages of their own.

    Raises:
        ReleaseError: subjects of `before` are missing in `after` and are not retired.
    """
    excused = {*retired, *purged}
    gone = [name for name in _missing(before, after, iris) if name not in excused]
    if not gone:
        return
    shown = [*islice(gone, _SHOWN), *(["…"] if len(gone) > _SHOWN else [])]
    hint = "\n".join(["retire them in seeds/retired.tsv (iri, tab, successor or nothing):", *shown])
    raise ReleaseError(f"{len(gone)} published IRIs would vanish", hint=hint)


def check_nothing_returns(dataset: Path, purged: Iterable[str]) -> None:
    """Refuse what was purged.

    Raises:
        ReleaseError: the dataset, a file of N-Quads, names a purged IRI.
    """
    terms = [f"<{name}>".encode() for name in purged if ":" in name]
    if not terms:
        return
    back = {term for line in lines(dataset) for term in terms if term in line}
    if back:
        names = "\n".join(sorted(term[1:-1].decode() for term in back))
        hint = f"take them out of the seeds too:\n{names}"
        raise ReleaseError("what was purged would come back", hint=hint)


def _missing(before: Path, after: Path, iris: Iris) -> Iterator[str]:
    """Walk both sorted lists of subjects side by side."""
    present = _subjects(after, iris)
    here: bytes | None = next(present, None)
    for subject in _subjects(before, iris):
        while here is not None and here < subject:
            here = next(present, None)
        if here != subject:
            yield subject[1:-1].decode()


def _subjects(file: Path, iris: Iris) -> Iterator[bytes]:
    """Yield the encoded subjects below the base that are no part (`#…`) of another."""
    begins = tuple(f"<{iris.base}{folder}".encode() for folder in _PUBLISHED)
    for subject, _ in groupby(lines(file), lambda line: line[: line.index(b" ")]):
        if subject.startswith(begins) and b"#" not in subject:
            yield subject
