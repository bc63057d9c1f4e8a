"""Trees of strings, of which each knows where it was written.

Numbers, booleans and nulls are not told apart: a scalar is what was written, and the property it
is given to decides what it means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from kg.errors import AnnotationError, DuplicateKey, KgError, Place, SyntaxProblem

DEPTH_LIMIT: Final = 20
# XML 1.0, section 2.2: what no RDF/XML document can carry, no article can
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Scalar(str):
    """A scalar as written. `path` leads to it where `place` cannot (JSON), else it is empty."""

    __slots__ = ("path", "place")
    place: Place
    path: str


class Branch(dict["Scalar", "Node"]):
    """A mapping; its keys are scalars with places of their own."""

    __slots__ = ("path", "place")
    place: Place
    path: str


class Items(list["Node"]):
    """A sequence."""

    __slots__ = ("path", "place")
    place: Place
    path: str


Node: TypeAlias = Scalar | Branch | Items


def problem(
    kind: type[AnnotationError], node: Node, what: str, *, hint: str = ""
) -> AnnotationError:
    """Return an error that stands at a node."""
    return kind(f"{node.path}: {what}" if node.path else what, where=node.place, hint=hint)


def scalar(value: str, place: Place, path: str = "") -> Scalar:
    """Return a scalar that stands at a place."""
    node = Scalar(value)
    node.place, node.path = place, path
    return node


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, or None where it says nothing that can be read, and what is wrong."""

    root: Branch | None
    errors: tuple[KgError, ...]


def put(branch: Branch, key: Scalar, node: Node, errors: list[KgError], hint: str = "") -> None:
    """Add an entry unless its key is there already or its value is empty."""
    if key in branch:
        first = next(old for old in branch if old == key).place
        seen = f"the first is in line {first.line}" if not key.path else "only one can count"
        errors.append(problem(DuplicateKey, key, f"the key {str(key)!r} is repeated", hint=seen))
    elif isinstance(node, Scalar) and not node.strip():
        errors.append(problem(SyntaxProblem, key, f"{str(key)!r} has no value", hint=hint))
    else:
        branch[key] = node
