"""Links to other knowledge bases: reviewed rows of SSSOM files.

A file is `*.sssom.tsv`: a YAML metadata block in `#` lines, whose `curie_map` says what prefixes
mean, then a table. Only accepted exact, close and broad matches become links; a row that says that
no match was found, or that a match does not hold, is knowledge for reviewers alone.
Source: SSSOM 1.0, https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import yaml

from kg.errors import DataError, KgError, LinkError, Place, Problems
from kg.iris import DEFAULT_BASE, Iris
from kg.prefixes import VOCABULARIES
from kg.terms import Quad, iri

_SKOS: Final = VOCABULARIES["skos"]
_KEPT: Final = frozenset(_SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch"))
_KNOWN: Final = _KEPT | {_SKOS + name for name in ("narrowMatch", "relatedMatch")}
_NO_TERM: Final = "https://w3id.org/sssom/NoTermFound"
_BUILT_IN: Final = {
    "owl": VOCABULARIES["owl"],
    "rdf": VOCABULARIES["rdf"],
    "rdfs": VOCABULARIES["rdfs"],
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": _SKOS,
    "sssom": "https://w3id.org/sssom/",
}
_COLUMNS: Final = ("subject_id", "predicate_id", "object_id")


def read_links(folder: Path, iris: Iris) -> Iterator[Quad]:
    """Yield the accepted links of every `*.sssom.tsv` of a folder as `graph/links`.

    Subjects of the default base move to the base of `iris`.

    Raises:
        Problems: rows or files that cannot be used, each a LinkError with its line.
    """
    errors: list[KgError] = []
    quads: set[Quad] = set()
    for file in sorted(folder.glob("*.sssom.tsv")):
        try:
            for row in _rows(file):
                try:
                    quads.update(_quads(row, iris))
                except LinkError as error:
                    errors.append(error)
        except LinkError as error:
            errors.append(error)
    if errors:
        raise Problems(errors)
    yield from sorted(quads)


class _Row:
    """A row, which knows where it stands and expands its CURIEs."""

    def __init__(self, cells: Mapping[str, str], prefixes: Mapping[str, str], where: Place) -> None:
        self._cells = cells
        self._prefixes = prefixes
        self.where = where

    def says(self, column: str) -> str:
        return (self._cells.get(column) or "").strip()

    def iri(self, column: str) -> str:
        written = self.says(column)
        if not written:
            raise LinkError(f"{column} is empty", where=self.where)
        prefix, colon, local = written.partition(":")
        if colon and prefix in self._prefixes:
            return self._prefixes[prefix] + local
        if re.match(r"https?://", written):
            return written
        hint = f"curie_map has: {', '.join(sorted(self._prefixes))}"
        raise LinkError(f"{written!r} has an unknown prefix", where=self.where, hint=hint)


def _rows(file: Path) -> Iterator[_Row]:
    lines = _lines(file)
    table = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    prefixes = _prefixes([line[1:] for line in lines[:table]], Place(str(file), 1))
    reader = csv.DictReader(lines[table:], delimiter="\t", strict=True)
    missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        where = Place(str(file), table + 1)
        raise LinkError(f"the table lacks the columns {', '.join(missing)}", where=where)
    try:
        for cells in reader:
            where = Place(str(file), table + reader.line_num)
            if None in cells:
                raise LinkError("the row has more cells than the table has columns", where=where)
            yield _Row(cells, prefixes, where)
    except csv.Error as error:
        where = Place(str(file), table + reader.line_num)
        raise LinkError(f"not a row of tab-separated values: {error}", where=where) from error


def _lines(file: Path) -> list[str]:
    try:
        # Not splitlines(): it breaks at characters such as U+2028 too.
        return file.read_text(encoding="utf-8-sig").rstrip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise LinkError(f"cannot be read: {error}", where=Place(str(file))) from error


def _prefixes(block: Sequence[str], where: Place) -> dict[str, str]:
    try:
        found = yaml.load("\n".join(block), Loader=yaml.CBaseLoader) or {}  # noqa: S506
        written = found.get("curie_map") or {}
        return _BUILT_IN | {str(prefix): str(value) for prefix, value in written.items()}
    except (yaml.YAMLError, AttributeError) as error:
        hint = '#curie_map:\n#  ror: "https://ror.org/"'
        raise LinkError("the metadata block is not YAML", where=where, hint=hint) from error


def _quads(row: _Row, iris: Iris) -> Iterator[Quad]:
    subject, predicate, value = (row.iri(column) for column in _COLUMNS)
    refused = row.says("predicate_modifier")
    if refused not in ("", "Not"):
        raise LinkError(f"predicate_modifier is Not or empty, not {refused!r}", where=row.where)
    if predicate not in _KNOWN:
        hint = "use skos:exactMatch, skos:closeMatch or skos:broadMatch"
        raise LinkError(f"<{predicate}> is no match of SKOS", where=row.where, hint=hint)
    if subject.startswith(DEFAULT_BASE):
        subject = iris.base + subject[len(DEFAULT_BASE) :]
    if refused or predicate not in _KEPT or _NO_TERM in (subject, value):
        return
    try:
        yield Quad(iri(subject), iri(predicate), iri(value), iri(iris.graph("links")))
    except DataError as error:
        raise LinkError(error.what, where=row.where) from error
