"""The IRIs that an update writes in other ways: relative, or as prefixed names.

They are resolved by the engine's own Turtle reader, which knows the same declarations and the same
terms, each with what is in force where it stands: declarations may come between operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from server.problems import Problem
from server.sparql.syntax import place
from server.sparql.terminals import Token
from server.sparql.update_reader import Declaration

_SUBJECT: Final = "<urn:x>"


def resolved(
    text: str, terms: Iterable[Token], declarations: Iterable[Declaration], *, base: str
) -> Mapping[int, str]:
    """Return offset → IRI of every term; `base` is in force at the start, "" for none.

    Raises:
        Problem: an undeclared prefix, a relative IRI without a base, or no IRI at all.
    """
    lines = {declared.iri.start: (_declared(declared), declared.iri) for declared in declarations}
    for term in terms:
        lines[term.start] = (f"{_SUBJECT} <urn:{term.start}> {term.text} .", term)
    in_order = [lines[start] for start in sorted(lines)]
    turtle = "\n".join(line for line, _ in in_order)
    try:
        found = ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=base or None)
        return {int(quad.predicate.value[4:]): str(quad.object.value) for quad in found}
    except SyntaxError as error:
        _, term = in_order[min(error.lineno or 1, len(in_order)) - 1]
        at = place(text, term.start)
        what = f"no IRI: {term.text[:100]}; {_reason(error)}"
        detail = f"line {at['line']}, column {at['column']}: {what}"
        raise Problem("syntax", detail, where=at) from error


def _declared(declared: Declaration) -> str:
    prefix = f"PREFIX {declared.prefix.text}" if declared.prefix else "BASE"
    return f"{prefix} {declared.iri.text}"


def _reason(error: SyntaxError) -> str:
    """Return what is wrong, without the place in a text that nobody has seen."""
    said = str(error.msg).partition(": ")
    return (said[2] or said[0]).rpartition(" (line")[0] or said[2]
