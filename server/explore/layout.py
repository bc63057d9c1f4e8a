"""Where the nodes of a network stand: the same for the same graph, similar for a similar one.

Nodes push each other away and ties pull them together (Fruchterman and Reingold, 1991), from
places that follow from each node's name alone, so nothing is left to chance and a node that
comes or goes moves only what is near it. Nodes push only as far as `_REACH`, found by a grid.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping
from typing import Final

_REACH: Final = 3.0  # in ideal lengths of an edge
_PULL: Final = 0.35  # to the middle, so that parts without ties do not drift away
_WARM: Final = 0.09  # how far a node goes in the first step
_MARGIN: Final = 0.02  # that is left around the nodes


def layout(
    nodes: Collection[str], edges: Iterable[tuple[str, str]], *, iterations: int = 90
) -> dict[str, tuple[float, float]]:
    """Return the place of each node in the unit square; y grows upwards.

    Edges to nodes that are not there, and from a node to itself, count for nothing. 300 nodes take
    about half a second.

    >>> layout(["a"], [])
    {'a': (0.5, 0.5)}
    """
    names = sorted(set(nodes))
    if len(names) < 2:
        return dict.fromkeys(names, (0.5, 0.5))
    number = {name: index for index, name in enumerate(names)}
    pairs = sorted(
        {
            (min(number[one], number[other]), max(number[one], number[other]))
            for one, other in edges
            if one != other and one in number and other in number
        }
    )
    places = [_first_place(name) for name in names]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    _settle(xs, ys, pairs, iterations=iterations)
    return dict(zip(names, _fitted(xs, ys), strict=True))


def _first_place(name: str) -> tuple[float, float]:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    x, y = int.from_bytes(digest[:6]), int.from_bytes(digest[6:12])
    return x / 2**48, y / 2**48


def _settle(
    xs: list[float], ys: list[float], pairs: list[tuple[int, int]], *, iterations: int
) -> None:
    """Move all nodes step by step, each step shorter than the one before."""
    ideal = 0.75 / math.sqrt(len(xs))
    degree = [1] * len(xs)
    for one, other in pairs:
        degree[one] += 1
        degree[other] += 1
    # A tie of a hub pulls less, or all its neighbours would lie upon it.
    pulls = [(one, other, 1 / math.sqrt(min(degree[one], degree[other]))) for one, other in pairs]
    for step in range(iterations):
        moves = _pushes(xs, ys, ideal)
        _add_pulls(moves, xs, ys, pulls, ideal)
        _move(xs, ys, moves, longest=_WARM * (1 - step / iterations) ** 1.5)


def _pushes(xs: list[float], ys: list[float], ideal: float) -> tuple[list[float], list[float]]:
    """Return how all nodes push each other, and how the middle pulls them."""
    across = [_PULL * ideal * (0.5 - x) for x in xs]
    up = [_PULL * ideal * (0.5 - y) for y in ys]
    reach, square = _REACH * ideal, ideal * ideal
    farthest = reach * reach
    cells: dict[tuple[int, int], list[int]] = {}
    for i, (x, y) in enumerate(zip(xs, ys, strict=True)):
        cells.setdefault((int(x // reach), int(y // reach)), []).append(i)
    for (column, row), inside in cells.items():
        for near in _ahead(cells, column, row):
            same = near is inside
            for place, i in enumerate(inside):
                x, y = xs[i], ys[i]
                for j in near[place + 1 :] if same else near:
                    dx, dy = x - xs[j], y - ys[j]
                    apart = dx * dx + dy * dy
                    if apart < farthest:
                        force = square / (apart + 1e-9) - square / farthest
                        dx *= force
                        dy *= force
                        across[i] += dx
                        up[i] += dy
                        across[j] -= dx
                        up[j] -= dy
    return across, up


def _ahead(
    cells: Mapping[tuple[int, int], list[int]], column: int, row: int
) -> Iterable[list[int]]:
    """Return a cell and half of those around it, so that each pair of cells comes once."""
    for aside, above in ((0, 0), (1, 0), (-1, 1), (0, 1), (1, 1)):
        if (found := cells.get((column + aside, row + above))) is not None:
            yield found


def _add_pulls(
    moves: tuple[list[float], list[float]],
    xs: list[float],
    ys: list[float],
    pulls: list[tuple[int, int, float]],
    ideal: float,
) -> None:
    across, up = moves
    for i, j, strength in pulls:
        dx, dy = xs[i] - xs[j], ys[i] - ys[j]
        force = strength * math.sqrt(dx * dx + dy * dy) / ideal
        across[i] -= dx * force
        up[i] -= dy * force
        across[j] += dx * force
        up[j] += dy * force


def _move(
    xs: list[float], ys: list[float], moves: tuple[list[float], list[float]], *, longest: float
) -> None:
    for i, (dx, dy) in enumerate(zip(*moves, strict=True)):
        far = math.sqrt(dx * dx + dy * dy)
        if far > longest:
            dx, dy = dx * longest / far, dy * longest / far
        xs[i] += dx
        ys[i] += dy


def _fitted(xs: list[float], ys: list[float]) -> list[tuple[float, float]]:
    """Stretch the places so that they fill the square, each direction by itself."""
    columns = []
    for values in (xs, ys):
        low, high = min(values), max(values)
        room = (1 - 2 * _MARGIN) / (high - low) if high > low else 0.0
        columns.append([round(_MARGIN + (v - low) * room, 4) if room else 0.5 for v in values])
    return list(zip(*columns, strict=True))
