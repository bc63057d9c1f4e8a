"""Rewritten queries have the solutions of the original: random queries on random small graphs."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.sparql.rewriting import rewrite
from server.sparql.rewriting.constants import inline

NAMES = "xyz"
VARIABLES = st.sampled_from(["?a", "?a", "?b", "?c"])
IRIS = st.sampled_from([f"<u:{name}>" for name in NAMES])
PREDICATES = st.sampled_from(["<u:p>", "<u:q>", "?a", "<u:p>+", "<u:p>*", "<u:q>?", "^<u:p>"])
TERMS = VARIABLES | VARIABLES | IRIS
TRIPLES = st.lists(st.tuples(TERMS, PREDICATES, TERMS), min_size=1, max_size=2).map(
    lambda made: " ".join(f"{' '.join(triple)} ." for triple in made)
)
CONDITIONS = st.one_of(
    st.tuples(VARIABLES, st.sampled_from(["=", "!="]), VARIABLES | IRIS).map(" ".join),
    VARIABLES.map("BOUND({})".format),
    VARIABLES.map("!BOUND({})".format),
    st.tuples(VARIABLES, IRIS).map(lambda pair: f"sameTerm({pair[0]}, {pair[1]})"),
)
CONSTANTS = st.one_of(
    st.tuples(IRIS, VARIABLES).map(lambda pair: f"BIND({pair[0]} AS {pair[1]})"),
    st.tuples(VARIABLES, IRIS).map(lambda pair: f"VALUES {pair[0]} {{ {pair[1]} }}"),
    st.tuples(VARIABLES, IRIS).map(lambda pair: f"FILTER({pair[0]} = {pair[1]})"),
)
SEVERAL = st.tuples(TRIPLES, TRIPLES, CONDITIONS).map(
    lambda made: f"OPTIONAL {{ {made[0]} {made[1]} FILTER({made[2]}) }}"
)
LEAVES = st.one_of(
    TRIPLES,
    TRIPLES,
    SEVERAL,
    CONDITIONS.map("FILTER({})".format),
    CONSTANTS,
    st.tuples(VARIABLES, VARIABLES).map(lambda pair: f"BIND(STR({pair[0]}) AS {pair[1]})"),
    st.tuples(VARIABLES, IRIS, IRIS).map(lambda v: f"VALUES {v[0]} {{ {v[1]} {v[2]} UNDEF }}"),
)


def _groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"{{ {' '.join(parts)} }}")
    return st.one_of(
        group.map("OPTIONAL {}".format),
        group.map("OPTIONAL {}".format),
        st.tuples(group, group).map(" UNION ".join),
        group.map("MINUS {}".format),
        group.map("FILTER EXISTS {}".format),
        group.map("FILTER NOT EXISTS {}".format),
        st.tuples(VARIABLES | IRIS, group).map(lambda pair: f"GRAPH {pair[0]} {pair[1]}"),
        group.map("{{ SELECT ?a ?b WHERE {} }}".format),
        group,
    )


ELEMENTS = st.recursive(LEAVES, _groups, max_leaves=6)
QUERIES = st.tuples(st.lists(ELEMENTS, max_size=2), CONSTANTS, st.lists(ELEMENTS, max_size=3)).map(
    lambda parts: f"SELECT * WHERE {{ {' '.join([*parts[0], parts[1], *parts[2]])} }}"
)
NODES = st.sampled_from([ox.NamedNode(f"u:{name}") for name in NAMES])
LINKS = st.sampled_from([ox.NamedNode("u:p"), ox.NamedNode("u:q")])
GRAPHS = st.one_of(st.just(ox.DefaultGraph()), NODES)
DATA = st.lists(st.builds(ox.Quad, NODES, LINKS, NODES, GRAPHS), max_size=12)


def solutions(store: ox.Store, query: str) -> Counter[str]:
    result = store.query(query)
    assert isinstance(result, ox.QuerySolutions)
    names = sorted(variable.value for variable in result.variables)
    return Counter(str([(name, str(row[name])) for name in names]) for row in result)


@given(query=QUERIES, data=DATA)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_rewritten_query_has_the_same_solutions(query: str, data: list[ox.Quad]) -> None:
    store = ox.Store()
    store.extend(data)
    try:
        expected = solutions(store, query)
    except SyntaxError:  # a variable bound twice
        return

    assert solutions(store, rewrite(query)) == expected


@pytest.mark.parametrize(
    "seed", ["BIND(<u:x> AS ?a)", "VALUES ?a { <u:x> }", "VALUES(?a){(<u:x>)}"]
)
def test_random_queries_would_reach_what_is_rewritten(seed: str) -> None:
    assert inline(f"SELECT * {{ {seed} OPTIONAL {{ ?a ?b ?c }} }}").count("<u:x>") == 2
