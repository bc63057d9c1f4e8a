"""What stands around a node in a store, read as the rules' declarations say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from kg.rules.reads import Pattern, Term

_MOST: Final = 5_000  # triples of one pattern, or solutions of one line, worth following one by one
_MERGE: Final = DefaultGraph()

Binding = Mapping[str, object]
_Key = tuple[object, object, object]


class TooMany(Exception):
    """A node has so many neighbours that deriving everything anew is sooner done."""


@dataclass(slots=True)
class Surroundings:
    """The triples of a store by pattern, each read once, with whether a named graph asserts it.

    Attributes:
        derived: the graphs of what rules derive.
    """

    store: Store
    derived: frozenset[str]
    _read: dict[_Key, dict[Triple, bool]] = field(default_factory=dict)
    _there: dict[_Key, bool] = field(default_factory=dict)

    def triples(self, subject: object, predicate: object, value: object) -> dict[Triple, bool]:
        """Return the triples of a pattern (None is any), each with whether it is asserted.

        Raises:
            TooMany: there are very many.
        """
        key = (subject, predicate, value)
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = self._triples(key)
        return found

    def has(self, subject: object, predicate: object, value: object) -> bool:
        """Tell whether there is a triple of a pattern (None is any)."""
        key = (subject, predicate, value)
        if key not in self._there:
            quads = self.store.quads_for_pattern(*key, None)  # type: ignore[arg-type]
            self._there[key] = next(quads, None) is not None
        return self._there[key]

    def asserts(self, triple: Triple) -> bool | None:
        """Tell whether a triple is asserted, or only derived; None when the store lacks it."""
        key = (triple.subject, triple.predicate, triple.object)
        found = self._wider(key)
        return (self.triples(*key) if found is None else found).get(triple)

    def places(self, triple: Triple) -> set[str]:
        """Return the derived graphs that hold a triple."""
        quads = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        graphs = (quad.graph_name for quad in quads)
        names = {graph.value for graph in graphs if isinstance(graph, NamedNode)}
        return names & self.derived

    def add(self, triple: Triple, graphs: Iterable[str]) -> None:
        """Add a triple to derived graphs and to the merge."""
        new = set(graphs) - self.places(triple)
        if new or self.asserts(triple) is None:
            self.store.extend([_quad(triple, _MERGE), *(_quad(triple, NamedNode(g)) for g in new)])
            self._forget(triple)

    def place(self, triple: Triple, graphs: Set[str]) -> None:
        """Let these derived graphs hold a triple, and no others, and the merge as they do."""
        if graphs:
            self.add(triple, graphs)
        for graph in self.places(triple) - graphs:
            self.store.remove(_quad(triple, NamedNode(graph)))
        if not graphs and not self.asserts(triple):
            self.store.remove(_quad(triple, _MERGE))
        self._forget(triple)

    def _forget(self, triple: Triple) -> None:
        """Read patterns that the triple matches again when they are next asked for."""
        for subject in (triple.subject, None):
            for predicate in (triple.predicate, None):
                for value in (triple.object, None):
                    self._read.pop((subject, predicate, value), None)
                    self._there.pop((subject, predicate, value), None)

    def _wider(self, key: _Key) -> dict[Triple, bool] | None:
        """Return what was read already of a pattern without the object, or without the subject."""
        subject, predicate, value = key
        if (found := self._read.get((subject, predicate, None))) is not None:
            return found
        return self._read.get((None, predicate, value))

    def _triples(self, key: _Key) -> dict[Triple, bool]:
        found: dict[Triple, bool] = {}
        subject, predicate, value = key
        if not (isinstance(subject, NamedNode | None) and isinstance(predicate, NamedNode | None)):
            return found  # a literal, which is the subject of nothing
        if None not in key and (wider := self._wider(key)) is not None:
            triple = Triple(subject, predicate, value)  # type: ignore[arg-type]
            return {triple: wider[triple]} if triple in wider else found
        quads = self.store.quads_for_pattern(subject, predicate, value, None)  # type: ignore[arg-type]
        for count, quad in enumerate(quads):
            graph = quad.graph_name
            asserted = not isinstance(graph, DefaultGraph) and graph.value not in self.derived
            found[quad.triple] = asserted or found.get(quad.triple, False)
            if count > 2 * _MOST:
                raise TooMany
        return found


def _quad(triple: Triple, graph: NamedNode | DefaultGraph) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def match(pattern: Pattern, triple: Triple) -> dict[str, object] | None:
    """Return the variables of a pattern when the triple matches it."""
    return _bound(pattern, triple, {})


@dataclass(frozen=True, slots=True)
class Join:
    """Follows patterns from what is bound, over one store or over several as if they were one.

    Attributes:
        seen: the triples that matched on the way.
    """

    around: Sequence[Surroundings]
    seen: set[Triple] = field(default_factory=set)

    def follow(self, patterns: Sequence[Pattern], binding: Binding) -> Iterator[Binding]:
        """Yield the solutions.

        Raises:
            TooMany: there are very many.
        """
        solutions: list[Binding] = [binding]
        rest, known = list(patterns), set(binding)
        while rest and solutions:
            pattern = min(rest, key=lambda one: _cost(one, known))
            rest.remove(pattern)
            known |= pattern.variables
            found = (more for one in solutions for more in self._matches(pattern, one))
            solutions = list(islice(found, _MOST + 1))
            if len(solutions) > _MOST:
                raise TooMany
        return iter(solutions)

    def _matches(self, pattern: Pattern, binding: Binding) -> Iterable[Binding]:
        if pattern.many:
            return self._closure(pattern, binding)
        return self._step(pattern, binding)

    def _step(self, pattern: Pattern, binding: Binding) -> Iterator[Binding]:
        subject, value = _value(pattern.subject, binding), _value(pattern.object, binding)
        predicates: Iterable[object] = pattern.predicates
        if isinstance(pattern.predicates, str):
            predicates = (binding.get(pattern.predicates),)
        for predicate in predicates:
            for around in self.around:
                for triple in around.triples(subject, predicate, value):
                    more = _bound(pattern, triple, binding)
                    if more is not None:
                        self.seen.add(triple)
                        yield more

    def _closure(self, pattern: Pattern, binding: Binding) -> Iterator[Binding]:
        """Follow a property any number of times, from the end that is bound."""
        one = Pattern("start", pattern.predicates, "end")
        start, end = _value(pattern.subject, binding), _value(pattern.object, binding)
        here, there = ("start", "end") if start is not None else ("end", "start")
        target = pattern.object if start is not None else pattern.subject
        reached: dict[object, None] = {start if start is not None else end: None}
        for node in reached_in_turn(reached):
            for more in self._step(one, {here: node}):
                reached.setdefault(more[there])
        for node in reached:
            if isinstance(target, str):
                if binding.get(target, node) == node:
                    yield {**binding, target: node}
            elif target == node:
                yield binding


def reached_in_turn(reached: dict[object, None]) -> Iterator[object]:
    """Yield the nodes of a dictionary that grows meanwhile."""
    done = 0
    while done < len(reached):
        batch = list(islice(reached, done, None))
        done += len(batch)
        yield from batch


def _cost(pattern: Pattern, known: set[str]) -> int:
    """Rank a pattern by how few triples will match; those of one rank stay in their order.

    A constant as object counts for nothing: a class may have any number of instances.
    """
    subject = not isinstance(pattern.subject, str) or pattern.subject in known
    predicate = not isinstance(pattern.predicates, str) or pattern.predicates in known
    if subject and predicate:
        return 0
    return 1 if subject or (predicate and pattern.object in known) else 2


def _value(term: Term, binding: Binding) -> object:
    return binding.get(term) if isinstance(term, str) else term


def _bound(pattern: Pattern, triple: Triple, binding: Binding) -> dict[str, object] | None:
    """Return the binding with what the triple adds to it, None when they do not agree."""
    bound = dict(binding)
    terms: list[tuple[Term, object]] = [
        (pattern.subject, triple.subject),
        (pattern.object, triple.object),
    ]
    if isinstance(pattern.predicates, str):
        terms.append((pattern.predicates, triple.predicate))
    elif triple.predicate not in pattern.predicates:
        return None
    for term, value in terms:
        if not isinstance(term, str):
            if term != value:
                return None
        elif bound.setdefault(term, value) != value:
            return None
    return bound
