"""The small picture of a network: where its nodes stand, the same for the same ties.

Nodes push each other away and ties pull them together (Fruchterman and Reingold, 1991), from places
on a circle in the order of the nodes' names; nothing is left to chance. For some twenty nodes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

_STEPS: Final = 220
_WIDE: Final = 1.6  # how much wider than high it is
_PULL: Final = 0.06  # to the middle, so that parts without ties do not drift away


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its place in percent of the width and of the height, and how many ties it has."""

    name: str
    x: float
    y: float
    ties: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes in the order of their names, and ties between them with what ties them."""

    nodes: tuple[Node, ...]
    ties: tuple[tuple[str, str, str], ...]

    @property
    def places(self) -> Mapping[str, Node]:
        """Return the nodes by name."""
        return {node.name: node for node in self.nodes}


def picture(ties: Iterable[tuple[str, str, str]], *, most: int) -> Picture:
    """Return the picture of the nodes with the most ties; of (one, other, what ties them).

    >>> picture([("a", "b", "t"), ("b", "a", "t")], most=9).ties
    (('a', 'b', 't'),)
    """
    found = {(*sorted((one, other)), what) for one, other, what in ties if one != other}
    count: dict[str, int] = {}
    for one, other in {(one, other) for one, other, _ in found}:
        count[one], count[other] = count.get(one, 0) + 1, count.get(other, 0) + 1
    chosen = _together(found, sorted(count, key=lambda name: (-count[name], name)), most)
    kept = sorted(tie for tie in found if tie[0] in chosen and tie[1] in chosen)
    places = _arranged(sorted(chosen), {(one, other) for one, other, _ in kept})
    nodes = tuple(Node(name, x, y, count[name]) for name, (x, y) in places.items())
    return Picture(nodes, tuple((one, other, what) for one, other, what in kept))


def _together(ties: set[tuple[str, ...]], by_count: list[str], most: int) -> set[str]:
    """Return the first nodes that are tied to one before them, so that hardly any stands alone."""
    near: dict[str, set[str]] = {}
    for one, other, *_ in ties:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    chosen: set[str] = set()
    while by_count and len(chosen) < most:
        name = next((name for name in by_count if near[name] & chosen), by_count[0])
        by_count.remove(name)
        chosen.add(name)
    return chosen


def _arranged(names: list[str], pairs: set[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Return places in percent."""
    turn = 2 * math.pi / max(1, len(names))
    places = [complex(math.cos(turn * i), math.sin(turn * i)) for i in range(len(names))]
    number = {name: i for i, name in enumerate(names)}
    edges = sorted((number[one], number[other]) for one, other in pairs)
    ideal = 1.9 / math.sqrt(max(1, len(names)))
    for step in range(_STEPS):
        moves = _moves(places, edges, ideal)
        warmth = 0.2 * (1 - step / _STEPS)
        places = [
            place + (move / abs(move) * min(abs(move), warmth) if move else 0)
            for place, move in zip(places, moves, strict=True)
        ]
    return dict(zip(names, _fitted(places), strict=True))


def _moves(places: list[complex], edges: list[tuple[int, int]], ideal: float) -> list[complex]:
    moves = [-_PULL * complex(place.real, place.imag * _WIDE) for place in places]
    for i, one in enumerate(places):
        for j in range(i):
            apart = one - places[j] or complex(1e-3, 1e-3 * (i - j))
            push = apart * (ideal / abs(apart)) ** 2
            moves[i] += push
            moves[j] -= push
    for i, j in edges:
        apart = places[i] - places[j]
        pull = apart * abs(apart) / ideal
        moves[i] -= pull
        moves[j] += pull
    return moves


def _fitted(places: list[complex]) -> list[tuple[float, float]]:
    """Stretch places so that they fill the picture."""
    if not places:
        return []
    spans = []
    for values in ([place.real for place in places], [place.imag for place in places]):
        low, high = min(values), max(values)
        spans.append([100 * (v - low) / (high - low) if high > low else 50.0 for v in values])
    return [(round(x, 2), round(y, 2)) for x, y in zip(*spans, strict=True)]
