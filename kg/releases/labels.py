"""The label index: what an entity is called, findable from how people type it.

Labels are folded (case, accents, letters such as ł, ø, ß; Chinese split by character) into an
SQLite FTS5 index, and stored by falling weight, so that the first hits are the best ones and
nothing is ranked when a question comes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Final, TextIO

from kg.folding import IDEOGRAPH, fold
from kg.prefixes import VOCABULARIES
from kg.releases.dataset import Graphs, Statement
from kg.releases.sorting import sort_lines
from kg.terms import literal_parts

_RANK: Final = {"pref": 0, "alt": 1, "hidden": 2}
_KINDS: Final = {
    f"<{VOCABULARIES[prefix]}{name}>": kind
    for prefix, name, kind in (
        ("skos", "prefLabel", "pref"),
        ("skos", "altLabel", "alt"),
        ("skos", "hiddenLabel", "hidden"),
        ("rdfs", "label", "pref"),
        ("schema", "name", "pref"),
        ("foaf", "name", "pref"),
        ("dcterms", "title", "pref"),
    )
}
_TYPE: Final = f"<{VOCABULARIES['rdf']}type>"
_MOST: Final = 10**12  # weights are stored as distances from this, so that lines sort by them
_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE label (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL,
    language TEXT NOT NULL, kind TEXT NOT NULL, class TEXT NOT NULL, weight INTEGER NOT NULL);
CREATE VIRTUAL TABLE folded USING fts5(text, content='', columnsize=0, detail=full,
    prefix='1 2 3', tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A label found. `classes` are IRIs; `weight` is how many triples refer to the entity."""

    iri: str
    label: str
    language: str
    kind: str
    classes: tuple[str, ...]
    weight: int


def search(path: Path, text: str, limit: int = 20) -> list[Hit]:
    """Return the labels that hold words beginning with those of the text, heaviest first.

    Raises:
        sqlite3.Error: the index is missing or damaged.
    """
    return list(islice(matches(path, text), max(limit, 0)))


def matches(path: Path, text: str) -> Iterator[Hit]:
    """Yield what `search` finds, one by one, as far as they are wanted.

    Raises:
        sqlite3.Error: the index is missing or damaged.
    """
    words = fold(text).replace("\0", "").split()
    if not words:
        return
    question = " ".join(_conditions(words))
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    ) as db:
        rows = db.execute(
            "SELECT iri, label, language, kind, class, weight FROM folded"
            " JOIN label ON label.id = folded.rowid"
            " WHERE folded MATCH ? ORDER BY folded.rowid",
            (question,),
        )
        for iri, label, language, kind, classes, weight in rows:
            yield Hit(iri, label, language, kind, tuple(classes.split()), weight)


def heaviest(path: Path, *, limit: int) -> list[str]:
    """Return the IRIs of the entities that are referred to most."""
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    ) as db:
        rows = db.execute(
            "SELECT iri FROM label WHERE kind = 'pref' AND instr(iri, '/id/') GROUP BY iri"
            " ORDER BY MIN(id) LIMIT ?",
            (limit,),
        )
        return [iri for (iri,) in rows]


def _conditions(words: list[str]) -> Iterator[str]:
    """Yield phrases of neighbouring ideographs, and every other word as a prefix."""
    for together, group in groupby(words, lambda word: bool(IDEOGRAPH.match(word))):
        if together:
            yield f'"{" ".join(group)}"'
        else:
            yield from (f'"{word}"*' for word in group)


class LabelReader:
    """Collects labels and references while a dataset is read through, in files of bounded lines."""

    def __init__(self, graphs: Graphs, labels: TextIO, references: TextIO) -> None:
        self._graphs = graphs
        self._labels = labels
        self._references = references
        self._subject = ""
        self._found: dict[tuple[str, str], str] = {}
        self._classes: list[str] = []

    def take(self, statement: Statement) -> None:
        """Look at one statement."""
        subject, predicate, value, graphs = statement
        if subject != self._subject:
            self.end()
            self._subject = subject
        if predicate == _TYPE:
            if value[0] == "<" and not all(map(self._graphs.is_derived, graphs)):
                self._classes.append(value[1:-1])
        elif value[0] == "<":
            self._references.write(f"{value}\n")
        elif value[0] == '"' and subject[0] == "<" and (kind := _KINDS.get(predicate)):
            characters, language, _ = literal_parts(value)
            label = (" ".join(characters.split()), language)
            if _RANK[kind] < _RANK.get(self._found.get(label, ""), 3):
                self._found[label] = kind

    def end(self) -> None:
        """Write what is known of the last subject: `<iri>` tab language, kind, classes, label."""
        classes = " ".join(self._classes)
        for (label, language), kind in self._found.items():
            if fold(label):
                self._labels.write(f"{self._subject}\t{language}\t{kind}\t{classes}\t{label}\n")
        self._found, self._classes = {}, []


def write_index(labels: Path, references: Path, output: Path, *, work: Path) -> str:
    """Write the index from what a `LabelReader` collected; return its rows' SHA-256."""
    counted = work / "references.sorted"
    weighted = work / "labels.weighted"
    sort_lines(_numbered(references), counted, work=work)
    sort_lines(_weighted(labels, counted), weighted, work=work)
    digest = hashlib.sha256()
    with closing(sqlite3.connect(output, isolation_level=None)) as db, weighted.open("rb") as lines:
        db.executescript(_SCHEMA)
        db.execute("BEGIN")
        for number, line in enumerate(lines, start=1):
            digest.update(line)
            _insert(db, number, line.decode())
        db.execute("COMMIT")
        db.execute("INSERT INTO folded(folded) VALUES ('optimize')")
        db.execute("VACUUM")
    for file in (counted, weighted):
        file.unlink()
    return digest.hexdigest()


def rows_digest(path: Path) -> str:
    """Return the SHA-256 of the rows of an index, as `write_index` did."""
    digest = hashlib.sha256()
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    ) as db:
        rows = db.execute("SELECT weight, kind, iri, language, class, label FROM label ORDER BY id")
        for weight, kind, iri, language, classes, label in rows:
            digest.update(_line(weight, kind, f"<{iri}>", language, classes, label))
    return digest.hexdigest()


def _insert(db: sqlite3.Connection, number: int, line: str) -> None:
    distance, _, iri, language, kind, classes, label = line[:-1].split("\t", 6)
    row = (number, iri[1:-1], label, language, kind, classes, _MOST - int(distance))
    db.execute("INSERT INTO label VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    db.execute("INSERT INTO folded(rowid, text) VALUES (?, ?)", (number, fold(label)))


def _line(weight: int, kind: str, iri: str, language: str, classes: str, label: str) -> bytes:
    """Return a line that sorts by falling weight, then preferred labels first, then by name."""
    parts = (f"{_MOST - weight:013d}", str(_RANK[kind]), iri, language, kind, classes, label)
    return ("\t".join(parts) + "\n").encode()


def _numbered(references: Path) -> Iterator[bytes]:
    """Make equal lines distinct, so that sorting keeps and groups them all."""
    with references.open("rb") as lines:
        for number, line in enumerate(lines):
            yield b"%b %d\n" % (line[:-1], number)


def _weighted(labels: Path, counted: Path) -> Iterator[bytes]:
    """Join labels, in the order of their subjects, with the number of references to each."""
    with labels.open(encoding="utf-8", newline="\n") as known, counted.open("rb") as lines:
        groups = groupby(lines, lambda line: line[: line.rindex(b" ")])
        target, weight = b"", 0
        for line in known:
            iri, language, kind, classes, label = line[:-1].split("\t", 4)
            wanted = iri.encode()
            while target < wanted:
                target, group = next(groups, (b"\xff", iter(())))
                weight = sum(1 for _ in group)
            yield _line(weight if target == wanted else 0, kind, iri, language, classes, label)
