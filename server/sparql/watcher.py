"""Who counts what happens to queries; `server.metrics` does."""

from __future__ import annotations

from typing import Protocol


class Watcher(Protocol):
    """What counts."""

    def query(self, outcome: str, seconds: float) -> None:
        """Count a query that a worker answered ("ok") or that failed, by the kind of problem."""

    def cache(self, hit: bool) -> None:
        """Count an answer that was, or was not, at hand."""

    def kill(self, reason: str) -> None:
        """Count a worker that was ended, or ended by itself."""


class Nobody:
    """Counts nothing."""

    def query(self, outcome: str, seconds: float) -> None:
        """Do nothing."""

    def cache(self, hit: bool) -> None:
        """Do nothing."""

    def kill(self, reason: str) -> None:
        """Do nothing."""
