"""What is said of an update against what the engine does with it."""

from __future__ import annotations

import contextlib

import pyoxigraph as ox
from hypothesis import HealthCheck, assume, event, given, settings

from server.problems import Problem
from server.sparql.update import Kind, UpdateRequest, analyse, check_syntax
from tests.server.fuzzing.conftest import TIMES
from tests.server.fuzzing.updates import UPDATES

BASE = "http://base/"
MANY = settings(
    max_examples=400 * TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
DATA = """
INSERT DATA {
  <urn:a> <urn:p> 1 , <urn:b> . <urn:b> <urn:p> <urn:a> .
  GRAPH <urn:g> { <urn:a> <urn:p> 1 } GRAPH <urn:h> { <urn:a> <urn:p> 2 . <urn:b> a <urn:c> }
  GRAPH <http://b/r#i> { <urn:a> <urn:p> 3 } GRAPH <urn:w> { <urn:a> <urn:p> 4 }
}"""
Graphs = dict[str, frozenset[str]]


def store() -> ox.Store:
    made = ox.Store()
    made.update(DATA)
    return made


def graphs(of: ox.Store) -> Graphs:
    """Return what each graph holds, empty ones too; "" is the default graph."""
    names = {"": ox.DefaultGraph(), **{str(g.value): g for g in of.named_graphs()}}  # type: ignore[union-attr]
    return {
        name: frozenset(
            " ".join("_" if isinstance(term, ox.BlankNode) else str(term) for term in quad.triple)
            for quad in of.quads_for_pattern(None, None, None, graph)
        )
        for name, graph in names.items()
    }


def run(text: str, made: ox.Store) -> None:
    """Run an update; what fails on the way may have changed something before."""
    with contextlib.suppress(RuntimeError, OSError, ValueError):
        made.update(text, base_iri=BASE)


def understood(text: str) -> UpdateRequest:
    try:
        return analyse(text, base=BASE)
    except Problem:
        assume(False)
        raise


def check(found: UpdateRequest, text: str) -> None:
    made = store()
    before = graphs(made)
    try:
        run(text, made)
    except SyntaxError:
        event("refused by the engine")
        return
    event("run")
    after = graphs(made)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}

    assert found.writes_default or "" not in changed
    assert found.writes is None or changed - {""} <= found.writes


@MANY
@given(UPDATES)
def test_graph_that_changes_was_foretold(text: str) -> None:
    found = understood(text)
    loads = any(one.kind is Kind.LOAD for one in found.operations)

    check(found, found.runnable if loads else found.text)
    check(found, found.runnable)


@MANY
@given(UPDATES)
def test_syntax_check_takes_what_the_engine_takes(text: str) -> None:
    found = understood(text)
    assume(found.operations and not found.resolved)
    try:
        check_syntax(found, base=BASE)
        taken = True
    except Problem:
        taken = False

    assert taken == engine_takes(found.text)


def engine_takes(text: str) -> bool:
    try:
        run(text, store())
    except SyntaxError:
        return False
    return True
