"""SSSOM files: one row for each decision about a link to another knowledge base.

A file is `*.sssom.tsv`: a YAML metadata block in `#` lines, whose `curie_map` says what prefixes
mean, then a table. What a row says is its decision:

    accepted    a match that holds
    review      a match that a person has to look at; the extension slot `decision` says so
    rejected    a match that does not hold (`predicate_modifier` is Not)
    none        no match was found (`object_id` is `sssom:NoTermFound`)

Source: SSSOM 1.0, https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import yaml

from kg.disk import write_whole
from kg.errors import KgError, LinkError, Place, Problems
from kg.iris import DEFAULT_BASE
from kg.prefixes import VOCABULARIES

SUFFIX: Final = ".sssom.tsv"
SKOS: Final = VOCABULARIES["skos"]
EXACT: Final = f"{SKOS}exactMatch"
CLOSE: Final = f"{SKOS}closeMatch"
NO_TERM: Final = VOCABULARIES["sssom"] + "NoTermFound"
MANUAL: Final = VOCABULARIES["semapv"] + "ManualMappingCuration"
_MATCHES: Final = frozenset(
    SKOS + name
    for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
)
_BUILT_IN: Final = {
    name: VOCABULARIES[name] for name in ("owl", "rdf", "rdfs", "semapv", "skos", "sssom")
}
_NEEDED: Final = ("subject_id", "predicate_id", "object_id")


class Decision(StrEnum):
    """What a row decides."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    REJECTED = "rejected"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a mapping set.

    Attributes:
        subject: the IRI of our entity.
        predicate: the IRI of the kind of match.
        object: the IRI in the other knowledge base; `NO_TERM` when none was found.
        decision: what was decided.
        cells: all cells as they are written, by column.
        where: the file and line.
    """

    subject: str
    predicate: str
    object: str
    decision: Decision
    cells: Mapping[str, str]
    where: Place = field(compare=False, default=Place(""))

    def says(self, column: str) -> str:
        """Return a cell, without blanks around it; "" when there is none."""
        return (self.cells.get(column) or "").strip()

    @property
    def reviewed(self) -> bool:
        """Whether a person decided: what machines find later does not change that."""
        if self.decision is Decision.REVIEW:
            return False
        by_hand = self.says("mapping_justification") in ("semapv:ManualMappingCuration", MANUAL)
        return by_hand or bool(self.says("reviewer_label") or self.says("reviewer_id"))


@dataclass(frozen=True, slots=True)
class MappingSet:
    """One file: its metadata block as written, its columns and its rows."""

    file: Path
    head: tuple[str, ...]
    columns: tuple[str, ...]
    prefixes: Mapping[str, str]
    rows: tuple[Row, ...]

    @classmethod
    def read(cls, file: Path) -> MappingSet:
        """Read a file.

        Raises:
            Problems: the file or rows of it cannot be used; each is a LinkError with its line.
        """
        lines = _lines(file)
        start = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
        prefixes = _prefixes([line[1:] for line in lines[:start]], Place(str(file), 1))
        reader = csv.DictReader(lines[start:], delimiter="\t", strict=True)
        columns = tuple(reader.fieldnames or ())
        if missing := [column for column in _NEEDED if column not in columns]:
            where = Place(str(file), start + 1)
            raise Problems([LinkError(f"the table lacks {', '.join(missing)}", where=where)])
        rows, errors = _read_rows(reader, prefixes, file, start)
        if errors:
            raise Problems(errors)
        return cls(file, tuple(lines[:start]), columns, prefixes, tuple(rows))

    def with_rows(self, rows: Iterable[Row]) -> MappingSet:
        """Return the set with other rows, by subject and object; new columns come last."""
        kept = sorted(rows, key=lambda row: (row.says("subject_id"), row.says("object_id")))
        more = sorted({name for row in kept for name in row.cells} - set(self.columns))
        return MappingSet(self.file, self.head, (*self.columns, *more), self.prefixes, tuple(kept))

    def to_text(self) -> str:
        """Return what the file holds."""
        out = io.StringIO()
        out.writelines(f"{line}\n" for line in self.head)
        writer = csv.DictWriter(
            out, self.columns, delimiter="\t", lineterminator="\n", restval="", extrasaction="raise"
        )
        writer.writeheader()
        writer.writerows(dict(row.cells) for row in self.rows)
        return out.getvalue()

    def write(self) -> None:
        """Write the file, whole or not at all."""
        write_whole(self.file, self.to_text().encode())

    def curie(self, iri: str) -> str:
        """Return an IRI in the short form that this file has for it, or as it is."""
        fitting = [(space, name) for name, space in self.prefixes.items() if iri.startswith(space)]
        space, name = max(fitting, key=lambda pair: len(pair[0]), default=("", ""))
        return f"{name}:{iri[len(space) :]}" if name else iri

    def expand(self, written: str) -> str:
        """Return a CURIE of this file as an IRI; an IRI as it is.

        Raises:
            LinkError: its prefix is unknown.
        """
        return _expanded(written, self.prefixes, Place(str(self.file)))

    def row(self, cells: Mapping[str, str]) -> Row:
        """Return a new row of this file from its cells.

        Raises:
            LinkError: they do not make a row.
        """
        return _row(cells, self.prefixes, Place(str(self.file)))


def start(file: Path, name: str, space: str) -> MappingSet:
    """Return an empty set for a knowledge base whose identifiers begin with `space`."""
    own = {name: space, "unipact": f"{DEFAULT_BASE}id/"}
    head = (
        "#curie_map:",
        *(f'#  {prefix}: "{value}"' for prefix, value in sorted(own.items())),
        "#license: https://creativecommons.org/licenses/by/4.0/",
        f"#mapping_set_id: {DEFAULT_BASE}links/{name}",
        "#extension_definitions:",
        "#  - slot_name: decision",
        f"#    property: {DEFAULT_BASE}links/decision",
        "#  - slot_name: object_country",
        "#    property: https://schema.org/addressCountry",
    )
    return MappingSet(file, head, (*_NEEDED, "decision"), _BUILT_IN | own, ())


def read_sets(folder: Path) -> Iterator[MappingSet]:
    """Yield every `*.sssom.tsv` of a folder, by name.

    Raises:
        Problems: files or rows that cannot be used; all of them, each with its line.
    """
    errors: list[KgError] = []
    found: list[MappingSet] = []
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            found.append(MappingSet.read(file))
        except Problems as problems:
            errors.extend(problems.errors)
        except LinkError as error:
            errors.append(error)
    if errors:
        raise Problems(errors)
    yield from found


def _read_rows(
    reader: csv.DictReader[str], prefixes: Mapping[str, str], file: Path, start: int
) -> tuple[list[Row], list[KgError]]:
    rows: list[Row] = []
    errors: list[KgError] = []
    try:
        for cells in reader:
            where = Place(str(file), start + reader.line_num)
            try:
                if None in cells:
                    what = "the row has more cells than the table has columns"
                    raise LinkError(what, where=where)
                filled = {name: cell or "" for name, cell in cells.items()}
                rows.append(_row(filled, prefixes, where))
            except LinkError as error:
                errors.append(error)
    except csv.Error as error:
        where = Place(str(file), start + reader.line_num)
        errors.append(LinkError(f"not a row of tab-separated values: {error}", where=where))
    return rows, errors


def _row(cells: Mapping[str, str], prefixes: Mapping[str, str], where: Place) -> Row:
    if empty := [name for name in _NEEDED if not (cells.get(name) or "").strip()]:
        raise LinkError(f"{empty[0]} is empty", where=where)
    subject, predicate, value = (_expanded(cells[name], prefixes, where) for name in _NEEDED)
    if predicate not in _MATCHES:
        hint = "use skos:exactMatch, skos:closeMatch or skos:broadMatch"
        raise LinkError(f"<{predicate}> is no match of SKOS", where=where, hint=hint)
    row = Row(subject, predicate, value, _decision(cells, value, where), dict(cells), where)
    if row.decision is Decision.ACCEPTED and predicate == EXACT and not row.reviewed:
        hint = "write skos:closeMatch, or name the reviewer in reviewer_label"
        raise LinkError("nobody has reviewed this exact match", where=where, hint=hint)
    return row


def _decision(cells: Mapping[str, str], value: str, where: Place) -> Decision:
    modifier = (cells.get("predicate_modifier") or "").strip()
    written = (cells.get("decision") or "").strip()
    if modifier not in ("", "Not"):
        raise LinkError(f"predicate_modifier is Not or empty, not {modifier!r}", where=where)
    if written not in ("", *Decision):
        hint = f"one of {', '.join(Decision)}, or empty"
        raise LinkError(f"there is no decision {written!r}", where=where, hint=hint)
    if value == NO_TERM:
        said = Decision.NONE
    elif modifier:
        said = Decision.REJECTED
    else:
        said = Decision.REVIEW if written == Decision.REVIEW else Decision.ACCEPTED
    if written and written != said:
        raise LinkError(f"the row says {said} and its decision says {written}", where=where)
    return said


def _expanded(written: str, prefixes: Mapping[str, str], where: Place) -> str:
    written = written.strip()
    prefix, colon, local = written.partition(":")
    if colon and prefix in prefixes:
        return prefixes[prefix] + local
    if re.match(r"https?://", written):
        return written
    hint = f"curie_map has: {', '.join(sorted(prefixes))}"
    raise LinkError(f"{written!r} has an unknown prefix", where=where, hint=hint)


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
