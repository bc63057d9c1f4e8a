"""Triggers: which changes can give a check of the whole graph a defect more, and at which nodes.

The head of a check says it, in a line for each pattern of its query that a change can make true:

    # when added: ?value up:of ?shared => ?focus up:of ?value

A triple `?value up:of ?shared` that was added concerns each `?focus` that the pattern after the
arrow leads to; without an arrow, the `?focus` in the triple itself. `when removed` is for what the
query says must be there. Properties are a variable, or names with `|` between them; `up:*` is every
name that begins so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kg.errors import OntologyError, Place
from kg.prefixes import VOCABULARIES

FOCUS: Final = "?focus"
_LINE: Final = re.compile(r"^# when (\w+): (.+)$", re.MULTILINE)
_TRIPLE: Final = re.compile(r"(\?\w+)\s+(\?\w+|\S+)\s+(\?\w+)(?:\s+=>\s+(.+))?")
_PREFIX: Final = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A change that concerns a check.

    Attributes:
        change: `added` or `removed`.
        subject: the variable of the changed triple's subject.
        predicates: the properties of the triple, encoded; none when it may be any. One that ends
            with `*` stands for all that begin so.
        named: the variable of the triple's property, or "".
        value: the variable of the triple's object.
        pattern: leads from these variables to `?focus`; "" when one of them is `?focus`.
    """

    change: str
    subject: str
    predicates: frozenset[str]
    named: str
    value: str
    pattern: str

    def is_of(self, predicate: str) -> bool:
        """Tell whether a property (encoded) is one of those of the triple."""
        if not self.predicates or predicate in self.predicates:
            return True
        whole = (name[:-1] for name in self.predicates if name.endswith("*"))
        return any(predicate.startswith(beginning) for beginning in whole)

    @property
    def bound(self) -> tuple[str, ...]:
        """Return the variables of the triple that lead to the focus."""
        names = (self.subject, self.named, self.value)
        if not self.pattern:
            return (FOCUS,)
        used = set(re.findall(r"\?\w+", self.pattern))
        return tuple(name for name in names if name in used)


def triggers(query: str, *, where: Place) -> tuple[Trigger, ...]:
    """Read the triggers in the head of a check.

    Raises:
        OntologyError: a line that is no trigger.
    """
    return tuple(_triggers(query, where))


def _triggers(query: str, where: Place) -> Iterator[Trigger]:
    namespaces = {**VOCABULARIES, **dict(_PREFIX.findall(query))}
    for change, said in _LINE.findall(query):
        match = _TRIPLE.fullmatch(said.strip())
        if not match or change not in ("added", "removed"):
            raise _unread(said, where)
        subject, named, value, pattern = match.groups("")
        variable = named if named.startswith("?") else ""
        predicates = () if variable else (_iri(name, namespaces) for name in named.split("|"))
        try:
            found = Trigger(change, subject, frozenset(predicates), variable, value, pattern)
        except KeyError as error:
            raise _unread(said, where) from error
        if FOCUS not in (pattern or f"{subject} {variable} {value}") or not found.bound:
            raise _unread(said, where)
        yield found


def _iri(name: str, namespaces: Mapping[str, str]) -> str:
    if name == "a":
        return f"<{VOCABULARIES['rdf']}type>"
    if name.startswith("<"):
        return name
    prefix, _, local = name.partition(":")
    full = f"<{namespaces[prefix]}{local}"
    return full if local.endswith("*") else f"{full}>"


def _unread(said: str, where: Place) -> OntologyError:
    hint = "write '# when added: ?subject up:property ?value => a pattern with ?focus'"
    return OntologyError(f"not a trigger: {said!r}", where=where, hint=hint)
