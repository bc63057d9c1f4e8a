"""The gate finds what whole validation finds: after random changes, all new violations, no others.

UNIPACT_GATE_ROUNDS multiplies the rounds.
"""

from __future__ import annotations

import os

import pyoxigraph as ox
import pytest

from kg.changes.gate import Gate
from kg.data import shapes_dir

from .touched_world import Chance, World, keys

TIMES = int(os.environ.get("UNIPACT_GATE_ROUNDS", "1"))


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load(shapes_dir())


def run(world: World, gate: Gate, *, rounds: int, seed: int) -> int:
    """Change the world again and again, each time on top of what is broken already."""
    chance = Chance(world, seed)
    known = world.violations()
    found = 0
    for number in range(rounds):
        delta = world.change(chance.delta())
        now = world.violations()

        assert keys(gate.judge(world.before, world.after, delta)) == now - known, (number, delta)

        found += len(now - known)
        world.settle(delta)
        known = now
    return found


def test_random_changes_of_an_article_with_every_class(gate: Gate) -> None:
    assert run(World.of_base(), gate, rounds=100 * TIMES, seed=TIMES) > 50


def test_random_changes_of_the_shipped_corpus(gate: Gate, seeds_store: ox.Store) -> None:
    assert run(World.of_store(seeds_store), gate, rounds=6 * TIMES, seed=TIMES) > 2
