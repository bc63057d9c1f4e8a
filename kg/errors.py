"""The tree of errors: each says where, what, and what to do.

KgError
├── InputError                 something the user wrote
│   ├── ArticleError           an article folder or its text
│   │   ├── AnnotationError    annotations.yaml or a line of JSON Lines
│   │   │   ├── SyntaxProblem  not YAML, not JSON, or refused YAML (alias, tag, depth)
│   │   │   ├── UnknownKey     a class, property, entity, fact or concept that does not exist
│   │   │   ├── BadValue       a value that its property's range does not allow
│   │   │   ├── BadDate        not EDTF, or a day that the calendar does not have
│   │   │   ├── QuoteNotFound  the quoted words do not stand in the text
│   │   │   └── DuplicateKey   one key for two things
│   │   └── TextMismatch       the text is missing, unreadable or not the one annotated
│   ├── AuthorityError         a curated entity
│   ├── OntologyError          the ontology, the concepts or the rules
│   ├── LinkError              a row of an SSSOM file
│   └── DataError              RDF, a query, a registry's dump, or an index that was given
├── Invalid                    SHACL or a check of the whole graph found violations
├── ChangeError                a change of a release is not accepted
│   ├── Conflict               it was meant for another state than the one there is
│   └── Rejected               it brings violations, which it carries
├── SourceError                another knowledge base does not answer as it should
└── ReleaseError               a release is missing, damaged or cannot be written
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.validation.report import Result


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands. `line` and `column` count from 1; 0 means "the whole file"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


class KgError(Exception):
    """Any failure that kg can explain; `str()` is ready for a terminal.

    Args:
        what: what is wrong, one line, without the place.
        where: the file and position, when there is one.
        hint: what to do about it; may have several lines.
    """

    def __init__(self, what: str, *, where: Place | None = None, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return "\n".join([head, *(f"  {line}" for line in self.hint.splitlines())])


class InputError(KgError):
    """Something the user wrote cannot be used."""


class ArticleError(InputError):
    """An article's folder or text cannot be used."""


class AnnotationError(ArticleError):
    """An annotation cannot be used."""


class SyntaxProblem(AnnotationError):
    """The file is not YAML or JSON, or uses a part of YAML that is refused."""


class UnknownKey(AnnotationError):
    """A class, property, entity, fact or concept key names nothing."""


class BadValue(AnnotationError):
    """A value is not of the kind that its property takes."""


class BadDate(AnnotationError):
    """A date is not EDTF, or the calendar does not have it."""


class QuoteNotFound(AnnotationError):
    """The quoted words do not stand in the article's text, or stand there too often."""


class DuplicateKey(AnnotationError):
    """One key is given to two things."""


class TextMismatch(ArticleError):
    """An article's text is missing, unreadable, or not the one that was annotated."""


class AuthorityError(InputError):
    """A curated entity is malformed or clashes with another."""


class OntologyError(InputError):
    """The ontology, the concepts or a rule cannot be used."""


class LinkError(InputError):
    """A row of an SSSOM file cannot be used."""


class DataError(InputError):
    """RDF to be loaded, or a query file, cannot be used."""


class Invalid(KgError):
    """The data break a shape or a check of the whole graph."""


class ChangeError(KgError):
    """A change of a release is not accepted; nothing has changed."""


class Conflict(ChangeError):
    """A change was meant for another state than the one there is."""


class Rejected(ChangeError):
    """A change would bring violations; `results` holds them, as `kg.validation.report.Result`."""

    def __init__(self, what: str, *, results: Sequence[Result] = (), hint: str = "") -> None:
        super().__init__(what, hint=hint)
        self.results = tuple(results)


class SourceError(KgError):
    """Another knowledge base does not answer, or not as it should."""


class ReleaseError(KgError):
    """A release is missing, damaged, or cannot be written."""


class Problems(KgError):
    """Several errors at once, sorted by place; `errors` holds them."""

    def __init__(self, errors: Iterable[KgError]) -> None:
        self.errors: Sequence[KgError] = sorted(
            errors, key=lambda error: (error.where or Place(""), error.what)
        )
        super().__init__("\n".join(str(error) for error in self.errors))

    def __str__(self) -> str:
        return self.what
