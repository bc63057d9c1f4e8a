"""The weights by which scores by feature become one likeness and one confidence."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from operator import mul
from pathlib import Path
from typing import Final

from kg.errors import DataError, Place
from kg.matching.features import NAMES, Features

SHIPPED: Final = Path(__file__).with_name("model.toml")
_MAY_BE: Final = -1.0  # log odds from which on a candidate is a rival
CERTAIN: Final = 8.0  # log odds beyond which nothing gets more certain


@dataclass(frozen=True, slots=True)
class Standing:
    """How the best candidate stands to the others."""

    likeness: float  # log odds, -1 to 1, of being meant, as a candidate by itself
    lead: float  # by how much they exceed the second's, 0 to 1
    rivals: float  # share of the other candidates that may be meant as well


STANDING: Final = tuple(field.name for field in fields(Standing))


def standing(log_odds: Sequence[float]) -> Standing:
    """Return how the first of some candidates, given by falling log odds, stands to the others."""
    second = log_odds[1] if len(log_odds) > 1 else -CERTAIN
    others = log_odds[1:]
    rivals = sum(odds >= _MAY_BE for odds in others) / max(1, len(others))
    return Standing(log_odds[0] / CERTAIN, (log_odds[0] - second) / (2 * CERTAIN), rivals)


@dataclass(frozen=True, slots=True)
class Linear:
    """A logistic regression: log odds are the bias and the weighted sum."""

    bias: float
    weights: tuple[float, ...]

    def log_odds(self, values: tuple[float, ...]) -> float:
        """Return the log odds, cut where nothing gets more certain."""
        found: float = self.bias + sum(map(mul, self.weights, values))
        return max(-CERTAIN, min(CERTAIN, found))


@dataclass(frozen=True, slots=True)
class Model:
    """What training found. Thresholds are confidences from 0 to 1."""

    likeness: Linear  # of a candidate, over `Features`
    confidence: Linear  # in the best candidate, over its `Standing` and `Features`
    accept: float
    review: float


def values(features: Features) -> tuple[float, ...]:
    """Return the scores in the order of `NAMES`."""
    return tuple([getattr(features, name) for name in NAMES])


def probability(log_odds: float) -> float:
    """Return the probability, from 0 to 1, that log odds stand for."""
    return 1.0 / (1.0 + math.exp(-log_odds))


@cache
def shipped_model() -> Model:
    """Return the model that comes with this package."""
    return load_model(SHIPPED)


def load_model(path: Path) -> Model:
    """Return the model that a file describes.

    Raises:
        DataError: the file is missing, not TOML, or lacks a weight.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return Model(
            likeness=_linear(table["likeness"], NAMES),
            confidence=_linear(table["confidence"], (*STANDING, *NAMES)),
            accept=float(table["thresholds"]["accept"]),
            review=float(table["thresholds"]["review"]),
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        what = f"cannot be used as a model: {error}"
        raise DataError(what, where=Place(str(path)), hint="train it again") from error


def _linear(table: Mapping[str, float], names: tuple[str, ...]) -> Linear:
    return Linear(float(table["bias"]), tuple(float(table[name]) for name in names))
