"""Turtle files of a vocabulary, read into triples that can be looked up by subject.

Terms are in their N-Triples encoding, as in `kg.terms`. A blank node (an OWL restriction, a list)
becomes an IRI that depends only on its file and its rank in it, so that a release has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph

from kg.errors import KgError, OntologyError, Place, Problems
from kg.iris import Iris

Triple = tuple[str, str, str]

RDF_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_SEPARATORS: Final = (r"#|/(?=[^/]*/[^/]*$)", r"[#/]")  # the last two steps of a path, or one
_NOTHING: Final[dict[str, list[str]]] = {}


@dataclass(slots=True)
class Vocabulary:
    """The triples of a folder's `*.ttl` files, and where each subject is described."""

    triples: list[Triple] = field(default_factory=list)
    _by_subject: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _by_type: dict[str, list[str]] = field(default_factory=dict)
    _files: dict[str, Path] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Vocabulary:
        """Read every `*.ttl` of the folder itself, in the order of their names.

        Raises:
            Problems: no such file, or files that are not Turtle (all of them are named).
        """
        files = sorted(folder.glob("*.ttl")) if folder.is_dir() else []
        vocabulary = cls()
        errors: list[KgError] = []
        for file in files:
            try:
                for triple in _parsed(file):
                    vocabulary._add(triple, file)
            except OntologyError as error:
                errors.append(error)
        if not files:
            hint = "an ontology is a folder of Turtle files"
            errors.append(OntologyError("no *.ttl file", where=Place(str(folder)), hint=hint))
        if errors:
            raise Problems(errors)
        vocabulary.triples.sort()
        return vocabulary

    def objects(self, subject: str, predicate: str) -> list[str]:
        """Return what the files say, in their order; [] when they say nothing."""
        return self._by_subject.get(subject, _NOTHING).get(predicate, [])

    def having(self, predicate: str) -> list[str]:
        """Return the subjects that have a value of the predicate."""
        return [subject for subject, said in self._by_subject.items() if predicate in said]

    def instances(self, kind: str) -> list[str]:
        """Return the subjects whose rdf:type is written as `kind`."""
        return self._by_type.get(kind, [])

    def place(self, subject: str) -> Place:
        """Return the file and, where it can be found, the line on which a subject begins."""
        file = self._files[subject]
        tails = (re.split(separator, subject.strip("<>"))[-1] for separator in _SEPARATORS)
        for tail in tails:
            begins = re.compile(rf"\s*(?:\S*[:</#])?{re.escape(tail)}>?(?:\s|$)")
            with file.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, start=1):
                    if begins.match(line):
                        return Place(str(file), number, 1)
        return Place(str(file))

    def _add(self, triple: Triple, file: Path) -> None:
        subject, predicate, value = triple
        said = self._by_subject.get(subject)
        if said is None:
            said = self._by_subject[subject] = {}
            self._files[subject] = file
        values = said.setdefault(predicate, [])
        if value in values:
            return
        values.append(value)
        self.triples.append(triple)
        if predicate == RDF_TYPE:
            self._by_type.setdefault(value, []).append(subject)


def _parsed(file: Path) -> Iterator[Triple]:
    blanks: dict[str, str] = {}

    def encoded(term: object) -> str:
        written = str(term)
        if not isinstance(term, pyoxigraph.BlankNode):
            return written
        return blanks.setdefault(
            written, f"<{Iris().genid(f'ontology/{file.stem}-{len(blanks) + 1}')}>"
        )

    try:
        for quad in pyoxigraph.parse(path=str(file), format=pyoxigraph.RdfFormat.TURTLE):
            if isinstance(quad.object, pyoxigraph.Triple):
                raise OntologyError(
                    "RDF 1.2 triple terms are not supported", where=Place(str(file))
                )
            yield encoded(quad.subject), str(quad.predicate), encoded(quad.object)
    except SyntaxError as error:
        where = Place(str(file), error.lineno or 0, error.offset or 0)
        raise OntologyError(f"not Turtle: {_reason(error)}", where=where) from error
    except (OSError, UnicodeDecodeError) as error:
        raise OntologyError(f"cannot be read: {error}", where=Place(str(file))) from error


def _reason(error: SyntaxError) -> str:
    return re.sub(r"^Parser error at .*?: | \(line \d+\)$", "", error.msg)
