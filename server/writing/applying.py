"""What a write does to a store: an update, or what the Graph Store Protocol says of one graph.

Source: SPARQL 1.1 Update; SPARQL 1.1 Graph Store HTTP Protocol, section 5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyoxigraph as ox

from kg.changes import Change
from kg.errors import DataError
from server.writing.work import Task, Work

_FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
Graph = ox.NamedNode | ox.DefaultGraph


class NotThere(Exception):
    """The graph that is to be dropped does not exist."""


class Unexpected(Exception):
    """The graph is there although it should not be, or the other way round."""


def change_of(work: Work) -> Change:
    """Return the change that some work asks for.

    Raises:
        DataError: what was sent cannot be read.
    """
    match work.task:
        case Task.UPDATE:
            return _change(work, _update(work), graphs=work.graphs, candidates=_named(work))
        case Task.DROP:
            return _change(work, _drop(work), graphs=(work.graph,))
        case Task.REPLACE:
            return _change(work, _replace(work), graphs=(work.graph,))
        case Task.MERGE:
            quads = _read(work)
            return _change(
                work, _merge(work, quads), graphs=(work.graph,), candidates=_certain(quads)
            )
        case _:
            raise AssertionError(work.task)


def _change(
    work: Work,
    apply: Callable[[ox.Store], object],
    *,
    graphs: tuple[str, ...] | None,
    candidates: list[ox.Quad] | None = None,
) -> Change:
    return Change(
        apply=apply,
        graphs=graphs,
        candidates=candidates,
        by=work.by,
        request=work.request,
        operation=work.task.value,
        expected=work.expected,
    )


def _update(work: Work) -> Callable[[ox.Store], object]:
    def apply(store: ox.Store) -> None:
        if work.text:
            store.update(work.text, base_iri=work.base or None)

    return apply


def _named(work: Work) -> list[ox.Quad] | None:
    """Return all quads that an update can add or remove, when its text names them."""
    if not work.data:
        return None
    store = ox.Store()
    store.update(work.data, base_iri=work.base or None)
    return _certain(list(store))


def _certain(quads: list[ox.Quad]) -> list[ox.Quad] | None:
    """Return the quads when none has a blank node, which another store calls otherwise."""
    blank = any(isinstance(term, ox.BlankNode) for quad in quads for term in (quad[0], quad[2]))
    return None if blank else quads


def _held(store: ox.Store, work: Work) -> None:
    """Hold the graph to what the request expects of it.

    Raises:
        Unexpected: it is otherwise.
    """
    graph = _graph(work)
    if work.exists is not None and isinstance(graph, ox.NamedNode):
        if store.contains_named_graph(graph) is not work.exists:
            raise Unexpected(work.graph)


def _graph(work: Work) -> Graph:
    return ox.NamedNode(work.graph) if work.graph else ox.DefaultGraph()


def _replace(work: Work) -> Callable[[ox.Store], object]:
    quads = _read(work)

    def apply(store: ox.Store) -> None:
        _held(store, work)
        graph = _graph(work)
        for old in list(store.quads_for_pattern(None, None, None, graph)):
            store.remove(old)
        _add(store, graph, quads)

    return apply


def _merge(work: Work, quads: list[ox.Quad]) -> Callable[[ox.Store], object]:
    def apply(store: ox.Store) -> None:
        _held(store, work)
        _add(store, _graph(work), quads)

    return apply


def _add(store: ox.Store, graph: Graph, quads: list[ox.Quad]) -> None:
    """Add quads; a graph without any is made, too (section 5.3)."""
    if isinstance(graph, ox.NamedNode):
        store.add_graph(graph)
    store.extend(quads)


def _drop(work: Work) -> Callable[[ox.Store], object]:
    def apply(store: ox.Store) -> None:
        graph = _graph(work)
        if isinstance(graph, ox.NamedNode):
            if not store.contains_named_graph(graph):
                raise NotThere(work.graph)
            store.remove_graph(graph)
        else:
            store.clear_graph(graph)

    return apply


def _read(work: Work) -> list[ox.Quad]:
    """Return what was sent, in its graph; blank nodes of two parts are never the same."""
    graph, quads = _graph(work), []
    for part in work.parts:
        try:
            found = ox.parse(
                part.content,
                format=_FORMATS[part.format],
                base_iri=work.base or None,
                rename_blank_nodes=True,
            )
            for quad in found:
                if not isinstance(quad.graph_name, ox.DefaultGraph):
                    what = "what was sent names graphs of its own; the address names the graph"
                    raise DataError(what, hint="use SPARQL Update to write several graphs")
                quads.append(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
        except (SyntaxError, ValueError, OSError) as error:
            message = error.msg if isinstance(error, SyntaxError) else str(error)
            raise DataError(f"what was sent is not {part.format}: {message}") from error
    return quads
