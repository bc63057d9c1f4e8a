"""What a rule reads to decide about one node, as its head says it.

    # focus: ?fact
    # reads: ?fact a|up:status|up:of ?value
    # reads: ?thing up:currentStatus ?status => ?fact up:of ?thing

A rule derives something for each `?focus`, a variable of its query. All that it reads for one focus
matches the pattern before an arrow, and those behind it tie it to the focus. So a changed triple
leads to the focuses that may have changed, and a focus to the triples that decide about it.

Properties are a variable, or names with `|` between them; `?a skos:broader* ?b` follows a property
any number of times. Patterns behind the arrow have a dot between them; at first, each should share
a variable with one before it. A rule with several kinds of focus names them all; a line is about
those that it mentions. What a rule makes should name its focus; where it does not, such a line
leads from it to the focus (an edge is made as `?fact up:yields ?edge`):

    # makes: ?member org:memberOf ?organization => ?fact up:member ?member
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from kg.errors import OntologyError, Place
from kg.rules.results import TYPE, Rule

DECLARED: Final = re.compile(r"#\s*(focus|reads|makes):(.*)")
_PREFIX: Final = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE | re.IGNORECASE)
_TERM: Final = r"(?:\?\w+|<[^<>\s]+>|[\w-]*:[\w-]+|a)"
_TRIPLE: Final = re.compile(rf"({_TERM})\s+({_TERM}(?:\|{_TERM})*)(\*?)\s+({_TERM})")

Term = str | NamedNode  # a variable's name, or a constant


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple with variables.

    Attributes:
        predicates: a variable's name, or the properties, any of which may be the triple's.
        many: the properties are followed any number of times.
    """

    subject: Term
    predicates: str | tuple[NamedNode, ...]
    object: Term
    many: bool = False

    @property
    def variables(self) -> frozenset[str]:
        """Return the names of the variables."""
        terms = (self.subject, self.predicates, self.object)
        return frozenset(term for term in terms if isinstance(term, str))


@dataclass(frozen=True, slots=True)
class Read:
    """A triple that a rule reads, and the patterns that tie it to the focus."""

    triple: Pattern
    ties: tuple[Pattern, ...] = ()

    @property
    def variables(self) -> frozenset[str]:
        """Return the names of all variables."""
        return self.triple.variables.union(*(tie.variables for tie in self.ties))


@dataclass(frozen=True, slots=True)
class Focus:
    """A variable of a rule, and what the rule reads to decide about one value of it.

    Attributes:
        makes: how triples that the rule makes, and which do not name the focus, lead to it.
    """

    name: str
    reads: tuple[Read, ...]
    makes: tuple[Read, ...] = ()


def focuses(rule: Rule) -> tuple[Focus, ...]:
    """Return the focuses that the head of a rule declares; none when it declares nothing.

    Raises:
        OntologyError: a line cannot be read, or does not lead to a focus.
    """
    names: list[str] = []
    lines: list[tuple[str, Read]] = []
    prefixes = dict(_PREFIX.findall(rule.query))
    for number, line in _head(rule.query):
        where = Place(rule.file, number)
        match = DECLARED.match(line)
        if match and match[1] == "focus":
            names += re.findall(r"\?(\w+)", match[2])
        elif match:
            read = _Reader(prefixes, where).read(match[2].strip())
            lines.append((match[1], read))
            if not read.variables.intersection(names):
                raise OntologyError("the line does not lead to a focus", where=where)
    found = tuple(
        Focus(
            name,
            *(
                tuple(read for said, read in lines if said == kind and name in read.variables)
                for kind in ("reads", "makes")
            ),
        )
        for name in names
    )
    if any(not focus.reads for focus in found):
        raise OntologyError("the rule does not say what it reads", where=Place(rule.file, 1))
    return found


def _head(query: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(query.splitlines(), 1):
        if not line.startswith("#"):
            return
        yield number, line


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one line."""

    prefixes: Mapping[str, str]
    where: Place

    def read(self, line: str) -> Read:
        first, arrow, rest = line.partition("=>")
        triple = self._pattern(first)
        ties = tuple(map(self._pattern, re.split(r"\s+\.\s+", rest.strip()))) if arrow else ()
        if triple.many:
            raise self._unread(first)
        return Read(triple, ties)

    def _pattern(self, text: str) -> Pattern:
        match = _TRIPLE.fullmatch(text.strip().removesuffix(".").strip())
        if not match:
            raise self._unread(text)
        subject, path, many, value = match.groups()
        predicates: str | tuple[NamedNode, ...]
        if path.startswith("?"):
            predicates = path[1:]
        else:
            predicates = tuple(self._constant(name) for name in path.split("|"))
        if many and isinstance(predicates, str):
            raise self._unread(text)
        return Pattern(self._term(subject), predicates, self._term(value), bool(many))

    def _term(self, text: str) -> Term:
        return text[1:] if text.startswith("?") else self._constant(text)

    def _constant(self, text: str) -> NamedNode:
        if text == "a":
            return NamedNode(TYPE)
        if text.startswith("<"):
            return NamedNode(text[1:-1])
        prefix, _, name = text.partition(":")
        if text.startswith("?") or prefix not in self.prefixes:
            raise self._unread(text)
        return NamedNode(self.prefixes[prefix] + name)

    def _unread(self, text: str) -> OntologyError:
        hint = "write: # reads: ?thing up:status|up:of ?value => ?focus up:about ?thing"
        return OntologyError(f"cannot be read: {text.strip()!r}", where=self.where, hint=hint)
