"""The dataset that a query asks: the merge of some graphs, and graphs by name (SPARQL 1.1, 13.2).

The engine's default graph of several graphs gives a triple twice that two of them state, and all of
a graph twice that is named twice. So names count once, and graphs that share triples are copied
into a store in memory, in which the merge is a set. That takes time and memory; hence a limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode, Store

from server.sparql.cells import rows
from server.sparql.frames import Job
from server.sparql.rewriting import rewrite
from server.sparql.statistics import MOST_TERMS, Statistics

_STATED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
_DIFFERENT = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } }"


class Overlap(Exception):
    """The graphs share triples, and are larger than may be copied."""


@dataclass(slots=True)
class Datasets:
    """Answers queries over any dataset of one store, which nobody changes meanwhile.

    What was found about a choice of graphs is kept, and the last copy.
    """

    store: Store
    _statistics: Statistics = field(init=False)
    _disjoint: dict[frozenset[str], bool] = field(default_factory=dict)
    _copied: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    _copy: Store | None = None

    def __post_init__(self) -> None:
        self.turn_to(self.store)

    def turn_to(self, store: Store) -> None:
        """Answer over another store, and forget what was found about the one before."""
        self.store = store
        self._statistics = Statistics(self._rows)
        self._disjoint.clear()
        self._copied = self._copy = None

    def ask(self, job: Job) -> Any:
        """Run a query, rewritten when that helps and the engine takes it.

        Raises:
            Overlap: its default graphs share triples and are too large.
            SyntaxError: it does not parse.
        """
        faster = self._rewritten(job)
        if faster != job.query:
            with suppress(SyntaxError):  # of a query as it was asked, the engine speaks below
                return self._ask(job, faster)
        return self._ask(job, job.query)

    def _rewritten(self, job: Job) -> str:
        if not job.rewriting:
            return job.query
        is_whole = job.default_graphs is None and job.named_graphs is None
        known = self._statistics if is_whole else None
        return rewrite(job.query, statistics=known, names=frozenset(job.rewriting))

    def _rows(self, query: str) -> dict[str, Any]:
        return rows(self.store.query(query), MOST_TERMS)

    def _ask(self, job: Job, query: str) -> Any:
        base = job.base or None
        if job.default_graphs is None:
            return self.store.query(query, base_iri=base)
        default = tuple(sorted(set(job.default_graphs)))
        named = tuple(sorted(set(job.named_graphs or ())))
        store = self.store
        if len(default) > 1 and not self._are_disjoint(default):
            store = self._merged(default, named, job.merge_triples)
            default = ()
        return store.query(
            query,
            base_iri=base,
            default_graph=ox.DefaultGraph() if store is self._copy else _nodes(default),
            named_graphs=_nodes(named),
        )

    def _are_disjoint(self, graphs: tuple[str, ...]) -> bool:
        known = frozenset(graphs)
        if known not in self._disjoint:
            if len(self._disjoint) > 1000:
                self._disjoint.clear()
            self._disjoint[known] = self._count(_STATED, graphs) == self._count(_DIFFERENT, graphs)
        return self._disjoint[known]

    def _merged(self, default: tuple[str, ...], named: tuple[str, ...], most: int) -> Store:
        if self._copied != (default, named) or self._copy is None:
            self._copied = self._copy = None  # before the next takes memory
            if self._count(_STATED, default) + self._count(_STATED, named) > most:
                raise Overlap
            copy = Store()
            for graph in default:
                self._add(copy, graph, ox.DefaultGraph())
            for graph in named:
                self._add(copy, graph, NamedNode(graph))
            self._copied, self._copy = (default, named), copy
        return self._copy

    def _add(self, copy: Store, graph: str, to: NamedNode | ox.DefaultGraph) -> None:
        """Copy a graph; blank nodes keep their names, which reading a text would change."""
        triples = self.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=NamedNode(graph))
        assert triples is not None
        if b"_:" not in triples:
            copy.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=to)
            return
        quads = self.store.quads_for_pattern(None, None, None, NamedNode(graph))
        copy.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object, to) for quad in quads)

    def _count(self, query: str, graphs: Sequence[str]) -> int:
        found: Any = self.store.query(query, named_graphs=_nodes(graphs))
        return int(next(found)["n"].value)


def _nodes(graphs: Sequence[str]) -> list[Any]:
    return [NamedNode(graph) for graph in graphs]
