"""Who is next: a bounded queue in which clients take turns. No I/O, no clock."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Full(Exception):
    """The queue has no room; `client` tells whether it is only this client's part."""

    def __init__(self, *, client: bool) -> None:
        super().__init__()
        self.client = client


class FairQueue(Generic[_T]):
    """Holds what waits, by client. A thing may wait for several clients; the first turn counts."""

    def __init__(self, most: int, most_of_client: int) -> None:
        self._most = most
        self._most_of_client = most_of_client
        self._waiting: OrderedDict[str, deque[_T]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def __iter__(self) -> Iterator[_T]:
        """Yield everything that waits, each thing once."""
        seen: dict[int, _T] = {}
        for line in self._waiting.values():
            seen.update((id(thing), thing) for thing in line)
        return iter(seen.values())

    def put(self, thing: _T, client: str, *, bounded: bool = True) -> None:
        """Let a thing wait behind the client's others.

        Raises:
            Full: there is no room, and it is `bounded`.
        """
        line = self._waiting.get(client, ())
        if bounded and len(line) >= self._most_of_client:
            raise Full(client=True)
        if bounded and len(self) >= self._most:
            raise Full(client=False)
        self._waiting.setdefault(client, deque()).append(thing)

    def put_back(self, thing: _T, client: str) -> None:
        """Let a thing that had its turn wait again, before the client's others."""
        self._waiting.setdefault(client, deque()).appendleft(thing)

    def next(
        self, may: Callable[[_T, str], bool], *, takes: Callable[[str], bool] = lambda client: True
    ) -> tuple[_T, str] | None:
        """Take the first thing that may go, from the client whose last turn is longest ago.

        `takes` tells whether a client may have anything at all now.
        """
        for client, line in self._waiting.items():
            if not takes(client):
                continue
            for thing in line:
                if may(thing, client):
                    self.remove(thing)
                    if client in self._waiting:
                        self._waiting.move_to_end(client)
                    return thing, client
        return None

    def remove(self, thing: _T) -> None:
        """Forget a thing, whoever it waits for."""
        for client in [name for name, line in self._waiting.items() if thing in line]:
            line = self._waiting[client]
            while thing in line:  # a client that asked twice has two turns
                line.remove(thing)
            if not line:
                del self._waiting[client]
