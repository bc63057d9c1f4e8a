"""A store's graphs as encoded quads: the merge never shows, blank nodes may.

In a release whose default graph is the merge, quads are those of the named graphs. In one with a
default graph of its own, that graph goes by the name it has in dumps, `<base>graph/default`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.iris import Iris
from kg.releases.manifest import STORE, Manifest
from kg.releases.stores import decode, encode, named
from kg.terms import Quad, iri

Node = ox.NamedNode | ox.BlankNode | ox.Literal
_MERGE = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A store, and the encoded name of its default graph; "" when that is the merge."""

    store: ox.Store
    unnamed: str = ""

    @classmethod
    def of(cls, store: ox.Store, manifest: Manifest) -> Dataset:
        """Return the dataset of a release's store."""
        return cls(store, unnamed_graph(manifest))

    def graphs(self) -> Iterator[str]:
        """Yield the encoded names of all graphs, the default graph's too when it has one."""
        if self.unnamed:
            yield self.unnamed
        yield from (encoded(name) for name in self.store.named_graphs())

    def within(self, graph: str) -> Iterator[ox.Quad]:
        """Yield the quads of a graph, in an order that is the same in every store."""
        return self.store.quads_for_pattern(None, None, None, self._graph(graph))

    def has_graph(self, graph: str) -> bool:
        """Tell whether a graph is there, be it empty; the default graph always is."""
        return graph == self.unnamed or self.store.contains_named_graph(named(graph))

    def found(self, quad: ox.Quad) -> Quad | None:
        """Return a quad as the store has it (`"01"^^xsd:integer` is `1` there), None if not."""
        pattern = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        held = next(self.store.quads_for_pattern(*pattern), None)
        return self.encoded(held) if held else None

    def states(self, quad: Quad) -> bool:
        """Tell whether any graph, the merge included, has the quad's triple."""
        pattern = (resource(quad.subject), named(quad.predicate), node(quad.object), None)
        return next(self.store.quads_for_pattern(*pattern), None) is not None

    def knows(self, subject: str) -> bool:
        """Tell whether anything is said about an encoded subject."""
        found = self.store.quads_for_pattern(resource(subject), None, None, None)
        return next(found, None) is not None

    def encoded(self, quad: ox.Quad) -> Quad:
        """Return a quad of the store in encoded terms.

        Raises:
            DataError: it has a term of RDF 1.2.
        """
        unnamed = isinstance(quad.graph_name, ox.DefaultGraph)
        graph = self.unnamed if unnamed else encoded(quad.graph_name)
        return Quad(encoded(quad.subject), encode(quad.predicate), encoded(quad.object), graph)

    def decoded(self, quad: Quad) -> ox.Quad:
        """Return an encoded quad as an object of the store."""
        subject, predicate, value, graph = quad
        return ox.Quad(resource(subject), named(predicate), node(value), self._graph(graph))

    def apply(self, added: Iterable[Quad], removed: Iterable[Quad]) -> None:
        """Remove quads, then add others; the merge is not kept in step."""
        for quad in removed:
            self.store.remove(self.decoded(quad))
        self.store.extend(self.decoded(quad) for quad in added)

    def _graph(self, graph: str) -> ox.NamedNode | ox.BlankNode | ox.DefaultGraph:
        return _MERGE if graph == self.unnamed else resource(graph)


def unnamed_graph(manifest: Manifest) -> str:
    """Return the encoded name of a release's own default graph, "" when that is the merge."""
    if manifest.default_graph != STORE:
        return ""
    return iri(Iris(manifest.base).graph("default"))


def encoded(term: object) -> str:
    """Return a term of the store in the encoding of `kg.terms`; a blank node keeps its label.

    Raises:
        DataError: a term of RDF 1.2.
    """
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else encode(term)


def node(term: str) -> Node:
    """Return an encoded term, blank nodes too, as an object of the store."""
    return ox.BlankNode(term[2:]) if term.startswith("_:") else decode(term)


def resource(term: str) -> ox.NamedNode | ox.BlankNode:
    """Return an encoded IRI or blank node as an object of the store."""
    return ox.BlankNode(term[2:]) if term.startswith("_:") else named(term)
