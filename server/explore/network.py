"""The network: which things are shown, what ties them, and where they stand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

from server.explore.asked import Asked
from server.explore.layout import layout
from server.explore.whole import REALITIES, TIES, Tie, Whole

MOST_NODES: Final = 300
# Colour of a class in pictures; what is not here has that of other organisations.
GROUPS: Final = {
    "University": "university", "School": "university", "Alliance": "alliance",
    "AllianceBody": "alliance", "Company": "company", "ResearchBody": "research",
    "FundingBody": "research", "Person": "person", "Group": "person", "Event": "event",
    "EventSeries": "event", "Project": "project", "Programme": "project",
}  # fmt: skip
_SMALLEST, _LARGEST = 4.0, 14.0  # radius of a node
_MANY: Final = 100  # nodes, from which on they are drawn smaller


@dataclass(frozen=True, slots=True)
class Node:
    """A thing: its class, its place in the unit square (y upwards), its radius, its neighbours."""

    iri: str
    kind: str
    x: float
    y: float
    size: float
    ties: int

    @property
    def group(self) -> str:
        """Its colour."""
        return GROUPS.get(self.kind, "organisation")


@dataclass(frozen=True, slots=True)
class Edge:
    """All ties of one kind between two things.

    Attributes:
        reality: of its ties the most real.
        first: the first day that it can have held, "" when that is open; likewise `last`.
        facts: what says so, each once.
    """

    one: str
    two: str
    kind: str
    reality: str
    first: str
    last: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """What is shown: nodes with most ties first, edges in order; `total` nodes are asked for."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    total: int
    total_edges: int


def network(whole: Whole, asked: Asked, *, most: int = MOST_NODES) -> Network:
    """Return the best-connected things that are asked for, and what ties them."""
    ties = _asked_ties(whole, asked)
    near = _neighbours(ties)
    if asked.around:
        near = _around(near, asked.around, depth=asked.depth)
    chosen = _best(near, first=asked.around, most=most)
    edges = edges_of([tie for tie in ties if tie.one in chosen and tie.two in chosen])
    if asked.around:  # what ties the neighbours with each other is shown, too
        all_edges = edges_of([tie for tie in ties if tie.one in near and tie.two in near])
    else:
        all_edges = edges_of(ties)
    places = layout(chosen, ((edge.one, edge.two) for edge in edges))
    return Network(_nodes(whole, places, near), edges, len(near), len(all_edges))


def edges_of(ties: Iterable[Tie]) -> tuple[Edge, ...]:
    """Gather ties of one kind between the same two."""
    gathered: dict[tuple[int, str, str], list[Tie]] = {}
    for tie in ties:
        gathered.setdefault((TIES.index(tie.kind), tie.one, tie.two), []).append(tie)
    return tuple(_edge(gathered[key]) for key in sorted(gathered))


def _edge(ties: Sequence[Tie]) -> Edge:
    firsts, lasts = {tie.first for tie in ties}, {tie.last for tie in ties}
    return Edge(
        one=ties[0].one,
        two=ties[0].two,
        kind=ties[0].kind,
        reality=min((tie.reality for tie in ties), key=REALITIES.index),
        first="" if "" in firsts else min(firsts),
        last="" if "" in lasts else max(lasts),
        facts=tuple(dict.fromkeys(tie.fact for tie in ties if tie.fact)),
    )


def _asked_ties(whole: Whole, asked: Asked) -> list[Tie]:
    """Return the ties that are asked for, between things of the classes that are."""
    possible = {thing for thing, kind in whole.classes.items() if kind in asked.classes}
    return [
        tie
        for tie in whole.ties
        if tie.one != tie.two
        and tie.one in possible
        and tie.two in possible
        and asked.lets(tie, whole)
    ]


def _neighbours(ties: Iterable[Tie]) -> dict[str, set[str]]:
    near: dict[str, set[str]] = {}
    for tie in ties:
        near.setdefault(tie.one, set()).add(tie.two)
        near.setdefault(tie.two, set()).add(tie.one)
    return near


def _around(near: Mapping[str, set[str]], middle: str, *, depth: int) -> dict[str, set[str]]:
    """Return what is so many ties away at most, each with its neighbours among these."""
    found, edge = {middle}, {middle}
    for _ in range(depth):
        edge = {other for one in edge for other in near.get(one, ())} - found
        found |= edge
    return {one: near.get(one, set()) & found for one in found} if middle in near else {}


def _best(near: Mapping[str, set[str]], *, first: str, most: int) -> set[str]:
    """Return the best-connected things that are tied to one before them, so that none is alone."""
    if len(near) <= most:
        return set(near)
    by_count = sorted(near, key=lambda name: (name != first, -len(near[name]), name))
    chosen: set[str] = set()
    for start in by_count:
        waiting = [(0, start)]
        while waiting and len(chosen) < most:
            _, name = heappop(waiting)
            if name in chosen:
                continue
            chosen.add(name)
            for other in near[name]:
                if other not in chosen:
                    heappush(waiting, (-len(near[other]), other))
    return chosen


def _nodes(
    whole: Whole, places: Mapping[str, tuple[float, float]], near: Mapping[str, set[str]]
) -> tuple[Node, ...]:
    most = max((len(near[iri]) for iri in places), default=1) or 1
    finer = 1.0 if len(places) < _MANY else 0.65
    return tuple(
        Node(
            iri=iri,
            kind=whole.classes.get(iri, ""),
            x=places[iri][0],
            y=places[iri][1],
            size=round(finer * _size(len(near[iri]) / most), 1),
            ties=len(near[iri]),
        )
        for iri in sorted(places, key=lambda iri: (-len(near[iri]), iri))
    )


def _size(share: float) -> float:
    """Return a radius; the area of a circle grows with its share of neighbours."""
    return _SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(share)
