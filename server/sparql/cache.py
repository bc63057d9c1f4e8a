"""Answers that have been given, within a budget of bytes; the least recently used go first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from server.sparql.frames import Job

_OVERHEAD: Final = 3000  # bytes that an entry takes beside its content, about


class Key(NamedTuple):
    """What an answer depends on: the release and the job, with its text, dataset and format."""

    release: str
    job: bytes

    @classmethod
    def of(cls, release: str, job: Job) -> Key:
        """Return the key of a job's answer."""
        return cls(release, blake2b(job.encode(), digest_size=16).digest())

    def tag(self, content_type: str, encoding: str) -> str:
        """Return a strong entity tag of the answer in one form (RFC 9110 section 8.8.3).

        It begins with the release, so that who sends it back in If-Match changes that one or none.
        """
        parts = (self.release.encode(), self.job, content_type.encode(), encoding.encode())
        return f'"{self.release}-{blake2b(b"|".join(parts), digest_size=12).hexdigest()}"'


@dataclass(slots=True)
class Kept:
    """A whole answer, and its compressed forms as far as somebody wanted them.

    Attributes:
        size: how many bytes of the budget it takes.
        messages: what a gateway sends, by entity tag; they share their bytes with the content.
    """

    content: bytes
    size: int = field(init=False)
    encoded: dict[str, bytes] = field(default_factory=dict)
    messages: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.size = _OVERHEAD + len(self.content)

    def encode(self, encoding: str, content: bytes) -> None:
        """Add a compressed form."""
        self.size += len(content) - len(self.encoded.get(encoding, b""))
        self.encoded[encoding] = content


class Cache:
    """Safe to use from several threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def taken(self) -> int:
        """What all answers take, in bytes."""
        return self._bytes

    def keys(self) -> tuple[Key, ...]:
        """Return the keys of what is kept, the least recently used first."""
        with self._lock:
            return tuple(self._kept)

    def get(self, key: Key) -> Kept | None:
        """Return what is kept under a key."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def put(self, key: Key, content: bytes) -> Kept:
        """Keep an answer, if it fits into the budget at all."""
        kept = Kept(content)
        with self._lock:
            self._forget(key)
            if kept.size <= self._most:
                self._kept[key] = kept
                self._bytes += kept.size
                self._shrink()
        return kept

    def encode(self, key: Key, kept: Kept, encoding: str, content: bytes) -> None:
        """Keep a compressed form of an answer as well."""
        with self._lock:
            counted = self._kept.get(key) is kept
            before = kept.size
            kept.encode(encoding, content)
            if counted:
                self._bytes += kept.size - before
                self._shrink()

    def turn(self, release: str) -> None:
        """Forget the answers of every other release."""
        with self._lock:
            for key in [key for key in self._kept if key.release != release]:
                self._forget(key)

    def _forget(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= kept.size

    def _shrink(self) -> None:
        while self._bytes > self._most:
            self._forget(next(iter(self._kept)))
