"""A small world of random statements, about which all rules have something to say."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.changes.delta import Delta
from kg.changes.rederiving import rederive
from kg.iris import Iris
from kg.releases.stores import decode, encode, named
from kg.rules import Rule, derive
from kg.terms import Quad, iri, typed

IRIS = Iris()
DERIVED = {f"<{IRIS.graph(name)}>" for name in ("derived", "derived-attributed")}
PREFIXES = {
    "up": "https://w3id.org/unipact/ontology#",
    "c": "https://w3id.org/unipact/concept/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "n": "urn:node:",
}
FACTS = [f"n:f{number}" for number in range(7)]
THINGS = [f"n:t{number}" for number in range(5)]
ARTICLES, DATES, PASSAGES, SELECTORS = (
    [f"n:{kind}{number}" for number in range(3)] for kind in ("article", "date", "passage", "quote")
)
DAYS = [typed(f"2021-0{month}-01", "date") for month in (1, 2, 3)]
CLASSES = (
    "up:Membership up:Membership up:Partnership up:Agreement up:Participation up:Post up:Founding"
    " up:Description up:Count up:Event n:Club"
).split()
# property: its subjects, its values, and how often it is chosen
TABLE: dict[str, tuple[list[str], list[str], int]] = {
    "rdf:type": (FACTS, CLASSES, 8),
    "rdf:type ": (THINGS, ["up:Alliance", "up:Alliance", "up:University", "up:Person"], 4),
    "rdf:type  ": (ARTICLES, ["up:Article"], 1),
    "up:status": (FACTS + THINGS, ["c:status/in-force"] * 3 + ["c:status/planned"], 6),
    "up:certainty": (FACTS, ["c:certainty/possible", "c:certainty/stated"], 1),
    "up:role": (FACTS, ["c:role/member", "c:role/founder", "c:role/observer"], 3),
    "up:of": (FACTS, FACTS + THINGS, 2),
    "up:reportedIn": (FACTS + THINGS, ARTICLES, 6),
    "dcterms:issued": (ARTICLES, DAYS, 2),
    "dcterms:title": (ARTICLES, ['"One"', '"Two"'], 1),
    "up:accordingTo": (FACTS, THINGS, 2),
    "up:organization": (FACTS, THINGS[:2], 4),
    "up:conflictsWith": (FACTS, FACTS, 1),
    "up:event": (FACTS, FACTS + THINGS, 2),
    "up:about": (FACTS, FACTS + THINGS, 2),
    "up:founds": (FACTS, FACTS[:2] + THINGS, 2),
    "up:when": (FACTS, DATES, 2),
    "up:begin": (FACTS, DATES, 1),
    "up:earliest": (DATES, DAYS, 2),
    "up:latest": (DATES, DAYS, 2),
    "up:evidence": (FACTS, PASSAGES, 1),
    "up:restates": (PASSAGES, PASSAGES, 1),
    "oa:hasSelector": (PASSAGES, SELECTORS, 1),
    "oa:exact": (SELECTORS, ['"words"', '"more"@en'], 1),
    "skos:prefLabel": (THINGS, ['"Name"@en', '"Nom"@fr'], 1),
    "up:unnamed": (THINGS, [typed("true", "boolean")], 1),
    "up:affiliation": (THINGS, THINGS, 1),
    "up:unitOf": (THINGS, THINGS, 1),
    "up:mode": (FACTS, ["c:mode/online", "c:mode/hybrid"], 1),
    "rdfs:subClassOf": (["n:Club"], ["up:Alliance", "up:Membership"], 1),
    "up:inheritsStatusVia": (["up:Membership"], ["up:organization"], 1),
    "skos:broader": (["c:role/observer"], ["c:role/member"], 1),
} | {
    f"up:{key}": (FACTS, THINGS, 3)
    for key in ("member", "party", "holder", "agent", "onBehalfOf", "place")
}
GRAPHS = [f"<{IRIS.article_graph(slug)}>" for slug in ("a", "b")]


def expand(term: str) -> str:
    if term.startswith('"'):
        return term
    prefix, _, name = term.partition(":")
    return iri(PREFIXES[prefix] + name)


def statement(chance: random.Random, key: str = "") -> Quad:
    """Return a random statement, of the property when one is given."""
    keys = list(TABLE)
    key = key or chance.choices(keys, [TABLE[one][2] for one in keys])[0]
    subjects, values, _ = TABLE[key]
    parts = chance.choice(subjects), key.strip(), chance.choice(values)
    return Quad(*map(expand, parts), chance.choice(GRAPHS))


def ox_quad(quad: Quad, *, merge: bool = False) -> ox.Quad:
    graph = ox.DefaultGraph() if merge else named(quad.graph)
    return ox.Quad(named(quad.subject), named(quad.predicate), decode(quad.object), graph)


def quads_in(store: Iterable[ox.Quad]) -> frozenset[Quad]:
    """Return the quads of the named graphs; those of the merge are in the graph "" ."""
    return frozenset(
        Quad(
            encode(quad.subject),
            encode(quad.predicate),
            encode(quad.object),
            "" if isinstance(quad.graph_name, ox.DefaultGraph) else encode(quad.graph_name),
        )
        for quad in store
    )


def asserted(store: ox.Store) -> frozenset[Quad]:
    return frozenset(q for q in quads_in(store) if q.graph and q.graph not in DERIVED)


def built(quads: Iterable[Quad], rules: tuple[Rule, ...], iris: Iris = IRIS) -> ox.Store:
    """Return a store of what is asserted, with all that follows from it."""
    store = ox.Store()
    for merge in (False, True):
        store.extend(ox_quad(quad, merge=merge) for quad in quads)
    for _ in derive(rules, store, iris):
        pass
    return store


@dataclass
class World:
    """A dataset that changes step by step, its derived triples kept in step."""

    rules: tuple[Rule, ...]
    quads: frozenset[Quad]
    iris: Iris = IRIS
    store: ox.Store = field(init=False)

    def __post_init__(self) -> None:
        self.store = built(self.quads, self.rules, self.iris)

    def change(self, *, add: Iterable[Quad] = (), remove: Iterable[Quad] = ()) -> Delta:
        """Make a change, and check that it comes to what deriving everything anew does."""
        delta = Delta(
            added=frozenset(add) - self.quads, removed=self.quads & frozenset(remove) - set(add)
        )
        before, after = self.store, ox.Store()
        after.extend(before)
        self._apply(after, delta)
        derived = rederive(self.rules, before, after, delta, self.iris)
        self.quads = (self.quads | delta.added) - delta.removed
        expected, found = set(built(self.quads, self.rules, self.iris)), set(after)
        assert found == expected, self._story(delta, found, expected)
        new, old = self._derived(after), self._derived(before)
        assert derived == Delta(added=new - old, removed=old - new)
        self.store = after
        return derived

    @staticmethod
    def _apply(store: ox.Store, delta: Delta) -> None:
        for quad in delta.removed:
            store.remove(ox_quad(quad))
        for quad in delta.removed:
            merged = ox_quad(quad, merge=True)
            rest = store.quads_for_pattern(merged.subject, merged.predicate, merged.object, None)
            if all(isinstance(one.graph_name, ox.DefaultGraph) for one in rest):
                store.remove(merged)
        for merge in (False, True):
            store.extend(ox_quad(quad, merge=merge) for quad in delta.added)

    def _derived(self, store: ox.Store) -> frozenset[Quad]:
        graphs = [ox.NamedNode(self.iris.graph(n)) for n in ("derived", "derived-attributed")]
        return quads_in(q for g in graphs for q in store.quads_for_pattern(None, None, None, g))

    @staticmethod
    def _story(delta: Delta, found: set[ox.Quad], expected: set[ox.Quad]) -> str:
        parts = {
            "added": delta.added,
            "removed": delta.removed,
            "too much": quads_in(found - expected),
            "lacking": quads_in(expected - found),
        }
        return "\n".join(
            f"{name}:\n" + "\n".join(f"  {' '.join(quad)}" for quad in sorted(quads)[:20])
            for name, quads in parts.items()
        )


def random_changes(world: World, chance: random.Random) -> Iterator[dict[str, list[Quad]]]:
    """Yield changes without end: small and large, sensible and not."""
    gone: list[Quad] = []
    while True:
        here = sorted(q for q in world.quads if q.graph in GRAPHS)
        few = min(chance.choice((1, 1, 1, 2, 4)), len(here))
        kind = chance.randrange(8)
        if kind < 3:
            yield {"add": [statement(chance) for _ in range(few)]}
        elif kind == 3 or len(here) > 160:
            gone = chance.sample(here, few)
            yield {"remove": gone}
        elif kind == 4:
            yield {"add": gone}
        elif kind == 5:  # another value in place of one
            old = chance.choice(here or sorted(world.quads))
            like = [q for q in here if q.predicate == old.predicate] or [old]
            yield {"remove": [old], "add": [old._replace(object=chance.choice(like).object)]}
        elif kind == 6:  # what is derived is asserted
            derived = sorted(q for q in quads_in(world.store) if q.graph in DERIVED)
            chosen = chance.sample(derived, min(few, len(derived)))
            yield {"add": [quad._replace(graph=chance.choice(GRAPHS)) for quad in chosen]}
        else:  # all that is said of a node, or in a graph
            about = chance.choice([q.subject for q in here] + GRAPHS[:1] or [""])
            gone = [q for q in here if about in (q.subject, q.graph)]
            yield {"remove": gone}
