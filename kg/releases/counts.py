"""Counts of a dataset, taken while it is read through once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from kg.prefixes import VOCABULARIES
from kg.releases.dataset import Graphs, Statement

_TYPE: Final = f"<{VOCABULARIES['rdf']}type>"
_MATCHES: Final = f"<{VOCABULARIES['skos']}"
_HOST: Final = re.compile(r"<https?://([^/>?#]+)")


@dataclass(slots=True)
class Counts:
    """Statements, triples, entities, and how often classes, properties, graphs and links occur.

    Counters are keyed by encoded IRIs; kinds of graphs by name (all articles' graphs are one kind);
    links by (predicate, host of the object). An entity is a subject below `<base>id/` that is no
    part of another.
    """

    graphs: Graphs
    quads: int = 0
    triples: int = 0
    subjects: int = 0
    entities: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    links: Counter[tuple[str, str]] = field(default_factory=Counter)
    _subject: str = ""

    def take(self, statement: Statement) -> None:
        """Count one statement."""
        subject, predicate, value, graphs = statement
        self.triples += 1
        self.quads += len(graphs)
        self.properties[predicate] += 1
        if predicate == _TYPE and value[0] == "<":
            self.classes[value] += 1
        for graph in graphs:
            kind = self.graphs.kind(graph)
            self.by_kind[kind] += 1
            if kind == "links" and predicate.startswith(_MATCHES) and (found := _HOST.match(value)):
                self.links[predicate, found[1]] += 1
        if subject != self._subject:
            self._subject = subject
            self.subjects += 1
            self.entities += subject.startswith(f"<{self.graphs.base}id/") and "#" not in subject
