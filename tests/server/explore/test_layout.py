"""Where nodes stand."""

from __future__ import annotations

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from server.explore.layout import layout

NODES = [f"https://example.org/{number}" for number in range(60)]
EDGES = [(NODES[number], NODES[random.Random(number).randrange(number)]) for number in range(1, 60)]


def test_layout_is_the_same_in_any_order() -> None:
    assert layout(NODES, EDGES) == layout(reversed(NODES), [(b, a) for a, b in reversed(EDGES)])


def test_tied_nodes_stand_nearer_than_others() -> None:
    places = layout(NODES, EDGES)
    tied = [math.dist(places[one], places[other]) for one, other in EDGES]
    pairs = [math.dist(places[one], places[other]) for one in NODES for other in NODES]

    assert sum(tied) / len(tied) < 0.5 * sum(pairs) / len(pairs)


def test_new_node_leaves_the_others_about_where_they_were() -> None:
    before = layout(NODES, EDGES)
    after = layout([*NODES, "new"], [*EDGES, ("new", NODES[3])])
    moved = sorted(math.dist(before[node], after[node]) for node in NODES)

    assert moved[len(moved) // 2] < 0.25  # of two places at random it is about 0.5


@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=8),
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=12),
)
def test_each_node_has_a_place_in_the_square(nodes: list[str], edges: list[tuple[str, str]]):
    places = layout(nodes, edges, iterations=5)

    assert set(places) == set(nodes)
    assert all(0 <= value <= 1 for place in places.values() for value in place)
