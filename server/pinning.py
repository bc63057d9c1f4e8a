"""Keeps the releases that this server reads from being pruned."""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Final

from kg.errors import ReleaseError
from kg.releases import Releases

_READ: Final = 3  # releases: the one in force, and those on which queries may still run


@dataclass(slots=True)
class Pins:
    """Holds the releases that were in force last; not safe for several threads at once."""

    releases: Releases
    _held: deque[tuple[str, ExitStack]] = field(default_factory=deque)

    def hold(self, name: str) -> None:
        """Hold a release; what was in force long before is let go.

        Where nothing can be written nothing can be pruned by this server's users either.
        """
        if any(held == name for held, _ in self._held):
            return
        stack = ExitStack()
        with suppress(ReleaseError):
            stack.enter_context(self.releases.pin(name))
        self._held.append((name, stack))
        while len(self._held) > _READ:
            self._held.popleft()[1].close()

    def close(self) -> None:
        """Let all go."""
        while self._held:
            self._held.popleft()[1].close()
