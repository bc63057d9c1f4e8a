"""Which rules can have made a triple, and for which nodes: a set of rules, made ready to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from pyoxigraph import NamedNode, QuerySolutions, Store, Triple

from kg.changes.surroundings import Join, Surroundings, match
from kg.iris import Iris
from kg.rules import Rule
from kg.rules.reads import Focus, Read, focuses
from kg.rules.results import PARTS, STATEMENT, TYPE, YIELDS
from kg.rules.templates import Templates, Terms

Foci = set[tuple[int, NamedNode]]  # nodes that a rule decides about, by number of its focus
Edge = tuple[NamedNode, Triple]  # a fact and the edge that it yields
_Lines = dict[object, list[tuple[int, Read]]]  # by property, with the number of the focus

_YIELDS: Final = NamedNode(YIELDS)
_PARTS: Final = tuple(map(NamedNode, PARTS))
_TYPE: Final = NamedNode(TYPE)
_STATEMENT: Final = NamedNode(STATEMENT)


@dataclass(frozen=True)
class Maker:
    """A rule with what it reads and what it makes."""

    rule: Rule
    focuses: tuple[Focus, ...]
    templates: Templates

    @cached_property
    def _reading(self) -> _Lines:
        return _by_predicate([focus.reads for focus in self.focuses])

    @cached_property
    def _making(self) -> _Lines:
        return _by_predicate([focus.makes for focus in self.focuses])

    def concerned(self, triples: Iterable[Triple], around: Sequence[Surroundings]) -> Foci:
        """Return the nodes that the rule may decide about otherwise when the triples change.

        Raises:
            TooMany: there are very many.
        """
        return self._reached(triples, self._reading, around)

    def _reached(
        self, triples: Iterable[Triple], lines: _Lines, around: Sequence[Surroundings]
    ) -> Foci:
        found: Foci = set()
        join = Join(around)
        for triple in triples:
            for predicate in (triple.predicate, None):
                for number, read in lines.get(predicate, ()):
                    self._follow(triple, number, read, join, found)
        return found

    def _follow(self, triple: Triple, number: int, read: Read, join: Join, found: Foci) -> None:
        bound = match(read.triple, triple)
        if bound is None:
            return
        name = self.focuses[number].name
        node = bound.get(name)
        if isinstance(node, NamedNode) and (number, node) in found:
            return
        for solution in join.follow(read.ties, bound):
            if isinstance(node := solution[name], NamedNode):
                found.add((number, node))

    def owners(self, triple: Triple, around: Surroundings) -> Foci:
        """Return the nodes for which the rule may have made a triple that is no edge."""
        found: Foci = set()
        for template in self.templates.plain:
            if (bound := _fits(template, triple)) is not None:
                found |= self._named(bound) or self._reached([triple], self._making, [around])
        return found

    def owners_of_edge(
        self, fact: NamedNode, edge: Triple, around: Surroundings, reached: dict[NamedNode, Foci]
    ) -> Foci:
        """Return the nodes for which the rule may have made an edge; `reached` is kept by fact."""
        found: Foci = set()
        for name, template in self.templates.edges:
            if (bound := _fits(template, edge)) is None:
                continue
            if isinstance(name, str):
                bound[name] = fact
            if named := self._named(bound):
                found |= named
                continue
            if fact not in reached:
                # Lines start at a triple; which node stands for the edge is of no concern.
                made = Triple(fact, _YIELDS, fact)
                reached[fact] = self._reached([made], self._making, [around])
            found |= reached[fact]
        return found

    def _named(self, bound: dict[str, object]) -> Foci:
        return {
            (number, node)
            for number, focus in enumerate(self.focuses)
            if isinstance(node := bound.get(focus.name), NamedNode)
        }


def _by_predicate(reads: Sequence[Sequence[Read]]) -> _Lines:
    found: _Lines = {}
    for number, some in enumerate(reads):
        for read in some:
            named = read.triple.predicates
            for predicate in [None] if isinstance(named, str) else named:
                found.setdefault(predicate, []).append((number, read))
    return found


@dataclass(frozen=True)
class Makers:
    """The rules of a release, in order, all of which say what they read."""

    makers: tuple[Maker, ...]
    _plain: dict[tuple[object, object], frozenset[int]] = field(default_factory=dict)
    _edges: dict[object, frozenset[int]] = field(default_factory=dict)

    @staticmethod
    @lru_cache(maxsize=8)
    def of(rules: tuple[Rule, ...], iris: Iris) -> Makers | None:
        """Make rules ready; None when one of them does not say what it reads."""
        under = [rule.under(iris) for rule in rules]
        declared = [focuses(rule) for rule in under]
        if not all(declared):
            return None
        pairs = zip(under, declared, strict=True)
        return Makers(tuple(Maker(rule, found, Templates.of(rule)) for rule, found in pairs))

    def making(self, triple: Triple, around: Surroundings) -> frozenset[int]:
        """Return the numbers of the rules that can have made a triple, or can make it now."""
        predicate = triple.predicate
        key = (predicate, triple.object if predicate == _TYPE else None)
        if key not in self._plain:
            self._plain[key] = self._which(lambda maker: maker.templates.plain, predicate, key[1])
        found = self._plain[key]
        for edge in _edge_predicates(triple, around):
            if edge not in self._edges:
                self._edges[edge] = self._which(
                    lambda maker: [template for _, template in maker.templates.edges], edge
                )
            found |= self._edges[edge]
        return found

    def _which(
        self,
        templates: Callable[[Maker], Iterable[Terms]],
        predicate: object,
        value: object = None,
    ) -> frozenset[int]:
        return frozenset(
            number
            for number, maker in enumerate(self.makers)
            for template in templates(maker)
            if (isinstance(template[1], str) or template[1] == predicate)
            and (isinstance(template[2], str) or value is None or template[2] == value)
        )


def _edge_predicates(triple: Triple, around: Surroundings) -> Iterator[object]:
    """Yield the properties of the edges that a triple stands for or is a part of."""
    node = _node(triple)
    if node is not None:
        yield from (part.object for part in around.triples(node, _PARTS[1], None))
    elif around.has(None, _PARTS[1], triple.predicate):
        yield triple.predicate


def _node(triple: Triple) -> object:
    """Return the node of an edge that a triple is about, if any."""
    if triple.predicate == _YIELDS:
        return triple.object
    if triple.predicate in _PARTS or (triple.predicate, triple.object) == (_TYPE, _STATEMENT):
        return triple.subject
    return None


def edges_of(triple: Triple, around: Surroundings) -> Iterator[Edge]:
    """Yield the edges, each with its fact, that a triple stands for or is a part of."""
    node = _node(triple)
    if node is None:
        if around.has(None, _PARTS[1], triple.predicate):
            yield from ((fact, triple) for fact in _facts(triple, around.store))
        return
    parts = [next(iter(around.triples(node, part, None)), None) for part in _PARTS]
    if all(parts):
        edge = Triple(*(part.object for part in parts if part))  # type: ignore[arg-type]
        for one in around.triples(None, _YIELDS, node):
            if isinstance(one.subject, NamedNode):
                yield one.subject, edge


def _facts(edge: Triple, store: Store) -> list[NamedNode]:
    parts = (edge.subject, edge.predicate, edge.object)
    node = " ; ".join(f"{part} {value}" for part, value in zip(_PARTS, parts, strict=True))
    found = store.query(f"SELECT ?fact {{ ?node {node} . ?fact {_YIELDS} ?node }}")
    assert isinstance(found, QuerySolutions)
    return [row[0] for row in found if isinstance(row[0], NamedNode)]


def _fits(template: Terms, triple: Triple) -> dict[str, object] | None:
    """Return the variables of a template that makes the triple, None when it cannot."""
    bound: dict[str, object] = {}
    terms = (triple.subject, triple.predicate, triple.object)
    for part, value in zip(template, terms, strict=True):
        if isinstance(part, str):
            if bound.setdefault(part, value) != value:
                return None
        elif part != value:
            return None
    return bound
