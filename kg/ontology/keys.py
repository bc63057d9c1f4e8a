"""What a key stands for: a class, a property, or a concept of a scheme."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassTerm:
    """A class that `is` may name. Keys of superclasses include its own.

    `statuses` is None where no status may be written. A class that says nothing about statuses
    has the rules of its nearest superclass that does.
    """

    key: str
    iri: str
    superclasses: frozenset[str]
    statuses: frozenset[str] | None
    default_status: str | None
    status_required: bool
    inherits_status_via: str | None
    is_fact: bool


@dataclass(frozen=True, slots=True)
class PropertyTerm:
    """A property, and how its values are read.

    `ranges` are class keys, `xsd:…`, `rdf:langString`, or one of `concept`, `class`, `date`,
    `passage`, `resource`; `schemes` are those from which a `concept` comes. A `derived` property
    is never written by hand.
    """

    key: str
    iri: str
    domains: frozenset[str]
    ranges: tuple[str, ...]
    schemes: tuple[str, ...]
    functional: bool
    attribute: bool
    derived: bool


@dataclass(frozen=True, slots=True)
class Concept:
    """A value from a controlled list; `broader` are IRIs."""

    key: str
    iri: str
    scheme: str
    label: str
    broader: tuple[str, ...]
