"""What one client may have under way, so that none takes all there is."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from server.limits import Limits
from server.problems import Problem


class Requests:
    """Counts requests under way."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._by_client: Counter[str] = Counter()
        self.under_way = 0

    @contextmanager
    def admit(self, client: str) -> Iterator[None]:
        """Count a request while it is under way.

        Raises:
            Problem: there are too many, of all clients or of this one.
        """
        if self._by_client[client] >= self._limits.client_connections:
            raise _too_many(self._limits)
        if self.under_way >= self._limits.connections:
            detail = f"{self.under_way} requests are under way already"
            raise Problem("busy", detail, headers={"Retry-After": "5"})
        self._by_client[client] += 1
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1
            self._by_client[client] -= 1
            if not self._by_client[client]:
                del self._by_client[client]


class Places:
    """A number of places of which each client gets as many; those that want more wait."""

    def __init__(self, each: int) -> None:
        self._each = each
        self._lines: dict[str, tuple[asyncio.Semaphore, list[None]]] = {}

    @asynccontextmanager
    async def take(self, client: str) -> AsyncIterator[None]:
        """Wait for a place and hold it."""
        line, users = self._lines.setdefault(client, (asyncio.Semaphore(self._each), []))
        users.append(None)
        try:
            async with line:
                yield
        finally:
            users.pop()
            if not users:
                del self._lines[client]


def _too_many(limits: Limits) -> Problem:
    detail = f"{limits.client_connections} of your requests are under way already"
    hint = f"wait for an answer; {Limits.raising('client_connections')}"
    return Problem("too-many", detail, hint=hint, headers={"Retry-After": "5"})
