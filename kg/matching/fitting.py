"""Logistic regression, fitted by Newton's method."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from kg.matching.model import Linear

_STEPS: Final = 25
_ENOUGH: Final = 1e-3


def fit(rows: Sequence[tuple[float, ...]], meant: Sequence[bool], *, ridge: float = 1.0) -> Linear:
    """Return the weights that make the observed answers most probable, large ones being penalised.

    Source: iteratively reweighted least squares; Bishop 2006, section 4.3.3.
    """
    width = len(rows[0]) + 1
    rows = [(1.0, *row) for row in rows]
    weights = [0.0] * width
    for _ in range(_STEPS):
        step = _newton_step(rows, meant, weights, ridge)
        weights = [old + new for old, new in zip(weights, step, strict=True)]
        if max(map(abs, step)) < _ENOUGH:
            break
    return Linear(weights[0], tuple(weights[1:]))


def _newton_step(
    rows: Sequence[tuple[float, ...]], meant: Sequence[bool], weights: Sequence[float], ridge: float
) -> list[float]:
    width = len(weights)
    slope = [-ridge * weight for weight in weights]
    slope[0] = 0.0
    bend = [[0.0] * width for _ in range(width)]
    for row, answer in zip(rows, meant, strict=True):
        odds = max(-30.0, min(30.0, sum(map(float.__mul__, weights, row))))
        expected = 1.0 / (1.0 + math.exp(-odds))
        error, spread = answer - expected, expected * (1.0 - expected)
        filled = [at for at, value in enumerate(row) if value]
        for at in filled:
            slope[at] += error * row[at]
        if spread < 1e-6:
            continue
        for at in filled:
            line, factor = bend[at], spread * row[at]
            for other in filled:
                if other > at:
                    break
                line[other] += factor * row[other]
    for at in range(width):
        bend[at][at] += ridge if at else 1e-9
        for other in range(at):
            bend[other][at] = bend[at][other]
    return _solved(bend, slope)


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Return x of `matrix · x = right`, by Gaussian elimination with pivots."""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for at in range(size):
        pivot = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in range(at + 1, size):
            factor = rows[below][at] / rows[at][at]
            if factor:
                rows[below] = [
                    low - factor * high for low, high in zip(rows[below], rows[at], strict=True)
                ]
    found = [0.0] * size
    for at in reversed(range(size)):
        known = sum(map(float.__mul__, rows[at][at + 1 : size], found[at + 1 :]))
        found[at] = (rows[at][size] - known) / rows[at][at]
    return found
