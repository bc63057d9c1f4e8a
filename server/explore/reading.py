"""Reads what the views of the whole are made of, once for each release."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from server.explore.whole import Row, Whole, whole
from server.site import Site

T = TypeVar("T")
_AT_ONCE: Final = 3  # queries
MOST_ROWS: Final = 60_000  # of one of the queries; a view that reaches it says so


@dataclass(slots=True)
class Made:
    """What was made lately, by what it was made of; the oldest goes first."""

    most: int = 64
    _known: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made for a key, or make it; two may make the same at once."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                found: T = self._known[key]
                return found
        made = make()
        with self._lock:
            self._known[key] = made
            while len(self._known) > self.most:
                self._known.popitem(last=False)
        return made


def read(site: Site) -> Whole:
    """Return all that the views show of the release in force.

    Raises:
        Problem: no worker is free, or it takes too long.
    """
    names = ("ties", "things", "places", "dates", "states")
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        answers = threads.map(lambda name: _rows(site, f"explore-{name}"), names)
        ties, things, places, dates, states = answers
    return whole(
        ties=ties, things=things, places=places, dates=dates, states=states, most=MOST_ROWS
    )


def _rows(site: Site, name: str) -> list[Row]:
    job = replace(site.job(name, "rows", most=str(MOST_ROWS)), page_rows=MOST_ROWS)
    found = json.loads(site.service.read(job))
    return [
        {name: cell for name, cell in zip(found["variables"], row, strict=True) if cell is not None}
        for row in found["rows"]
    ]
