"""How a long job tells how far it has come."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Somebody who wants to know."""

    def step(self, name: str, done: int, total: int | None) -> None:
        """Take note that `done` of `total` parts of a step are done; None while nobody knows."""


class Silent:
    """Nobody wants to know."""

    def step(self, name: str, done: int, total: int | None) -> None:
        """Take no note."""
