"""A store before and after random changes, and its whole validation, told without the gate."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from kg.changes.delta import Delta
from kg.data import ontology_dir, shapes_dir
from kg.iris import Iris
from kg.ontology import Ontology
from kg.releases.stores import add, decode, named
from kg.rules import derive, load_rules
from kg.terms import Quad
from kg.validation.checks import graph_checks
from kg.validation.memory import graph_of, term_of
from kg.validation.report import Result
from kg.validation.shacl import CURATED, Shapes, validate_graph

IRIS = Iris()
AUTHORITY = f"<{IRIS.graph('authority')}>"
LINKS = f"<{IRIS.graph('links')}>"
OWN = "<https://example.org/graphs/mine>"
BASE_ARTICLE = f"<{IRIS.article_graph('2016-05-01-visit')}>"
NOT_STATED = {f"<{IRIS.graph(name)}>" for name in ("derived", "derived-attributed", "provenance")}
ONTOLOGY = f"<{IRIS.graph('ontology')}>"
CASES = Path(__file__).parent.parent.parent / "cases"

Key = tuple[str, ...]


class World:
    """Quads in two stores, `before` and `after`, and the stated ones of `after` in rdflib."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.quads = set(quads)
        self.before, self.after = ox.Store(), ox.Store()
        for store in (self.before, self.after):
            add(store, sorted(self.quads))
        self.graph: Graph = graph_of(quad for quad in self.quads if quad.graph not in NOT_STATED)
        self.shapes = Shapes.load(shapes_dir())
        self.curated = Shapes.load(shapes_dir(), only=CURATED)
        self.known: frozenset[Key] = frozenset()

    @classmethod
    def of_store(cls, store: ox.Store) -> World:
        """Copy the named graphs of a store."""
        return cls(
            Quad(str(q.subject), str(q.predicate), str(q.object), str(q.graph_name))
            for q in store
            if isinstance(q.graph_name, ox.NamedNode)
        )

    @classmethod
    def of_base(cls) -> World:
        """Take the article of the shapes' cases, its curated entities and the ontology; derive."""
        parsed = ox.parse(path=CASES / "shapes" / "base.ttl", format=ox.RdfFormat.TURTLE)
        quads = {
            Quad(str(q.subject), str(q.predicate), str(q.object), _base_graph(str(q.subject)))
            for q in parsed
        }
        quads |= set(Ontology.load(ontology_dir()).quads(IRIS))
        store = ox.Store()
        add(store, sorted(quads))
        return cls(quads | set(derive(load_rules(ontology_dir() / "rules"), store, IRIS)))

    def change(self, delta: Delta) -> Delta:
        """Make a change in `after`; return what of it is really one."""
        delta = Delta(delta.added - self.quads, delta.removed & self.quads)
        self._apply(self.after, delta)
        for quad in delta.removed | delta.added:
            (triple,) = graph_of([quad])
            stated = any(quad[:3] == other[:3] for other in self._stated(quad))
            (self.graph.add if stated else self.graph.remove)(triple)
        return delta

    def settle(self, delta: Delta) -> None:
        """Make the change in `before`, too."""
        self._apply(self.before, delta)

    def _stated(self, quad: Quad) -> Iterator[Quad]:
        found = self.after.quads_for_pattern(*_terms(quad), None)
        for graph in (str(other.graph_name) for other in found):
            if graph.startswith("<") and graph not in NOT_STATED:
                yield quad._replace(graph=graph)

    def _apply(self, store: ox.Store, delta: Delta) -> None:
        for quad in delta.removed:
            store.remove(ox.Quad(*_terms(quad), named(quad.graph)))
            others = store.quads_for_pattern(*_terms(quad), None)
            if not any(isinstance(other.graph_name, ox.NamedNode) for other in others):
                store.remove(ox.Quad(*_terms(quad)))
        add(store, sorted(delta.added))
        self.quads = (self.quads - delta.removed) | delta.added

    def violations(self) -> frozenset[Key]:
        """Judge all of `after`: each node by the shapes of its home, then the checks."""
        homes = self._homes()
        found = [
            *validate_graph(self.shapes, self.graph, judged=homes["article"]),
            *validate_graph(self.curated, self.graph, judged=homes["curated"]),
            *(
                result
                for result in validate_graph(self.shapes, self.graph, judged=homes["own"])
                if result.rule != "FactReportedIn"
            ),
            *graph_checks(shapes_dir() / "graph", self.after.query),
        ]
        return frozenset(keys(result for result in found if result.severity == "Violation"))

    def _homes(self) -> dict[str, set]:
        graphs: dict[str, set[str]] = defaultdict(set)
        for quad in self.quads:
            graphs[quad.subject].add(quad.graph)
        homes: dict[str, set] = {"article": set(), "curated": set(), "own": set()}
        for node, names in graphs.items():
            if any("/graph/article/" in name for name in names):
                homes["article"].add(term_of(node))
            elif names & {AUTHORITY, LINKS}:
                homes["curated"].add(term_of(node))
            elif names - NOT_STATED - {ONTOLOGY}:
                homes["own"].add(term_of(node))
        return homes


class Chance:
    """Random small changes of a world, of the kinds that people and programs make."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._random = random.Random(seed)

    def delta(self) -> Delta:
        quads = sorted(self._world.quads)
        added: set[Quad] = set()
        removed: set[Quad] = set()
        for _ in range(self._random.choice((1, 1, 1, 2, 3, 8))):
            gone, new = self._edit(quads)
            removed |= gone
            added |= new
        return Delta(frozenset(added - removed), frozenset(removed - added))

    def _edit(self, quads: list[Quad]) -> tuple[set[Quad], set[Quad]]:
        chance = self._random
        quad = chance.choice(quads)
        if quad.graph == ONTOLOGY and chance.random() < 0.9:  # seldom: most changes are of data
            quad = chance.choice([other for other in quads if other.graph != ONTOLOGY])
        alike = [other for other in quads if other.predicate == quad.predicate]
        other = chance.choice(alike)
        match chance.randrange(8):
            case 0:
                return {quad}, set()
            case 1:
                return {quad}, {quad._replace(object=other.object)}
            case 2:
                return set(), {quad._replace(object=other.object)}
            case 3:
                return {quad}, {quad._replace(object=self._broken(quad.object))}
            case 4:
                return set(), {quad._replace(graph=OWN, object=other.object)}
            case 5:
                said = chance.choice([other for other in quads if other.graph == quad.graph])
                return set(), {said._replace(subject=quad.subject)}
            case 6:
                return {other for other in quads if other.subject == quad.subject}, set()
            case _:
                about = [quad for quad in quads if quad.subject == other.subject]
                twin = other.subject[:-1] + "-twin>"
                return set(), {said._replace(subject=twin) for said in about}

    def _broken(self, value: str) -> str:
        integer = "<http://www.w3.org/2001/XMLSchema#integer>"
        date = "<http://www.w3.org/2001/XMLSchema#date>"
        return self._random.choice(
            (
                '""', '"  "@en', '"words"@en', f'"many"^^{integer}', f'"-5"^^{integer}',
                f'"2999-01-01"^^{date}', f'"0001-01-01"^^{date}', f'"2016-13-45"^^{date}',
                "<https://example.org/nothing>", f"<{IRIS.concept('status', 'former')}>",
                f"<{IRIS.entity('nobody')}>", value[:-1] + "x" + value[-1:],
            )
        )  # fmt: skip


def keys(results: Iterable[Result]) -> Collection[Key]:
    return {(r.focus, r.path, r.value, r.rule, r.component) for r in results}


def _terms(quad: Quad) -> tuple:
    return named(quad.subject), named(quad.predicate), decode(quad.object)


def _base_graph(subject: str) -> str:
    if subject.startswith(f"<{IRIS.article('')}") or subject.count("/") > 5:
        return BASE_ARTICLE
    return AUTHORITY
