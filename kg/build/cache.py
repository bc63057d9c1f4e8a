"""What articles came to, kept by the digest of all that it depends on.

An entry begins with a line that holds the SHA-256 of the rest. Entries are written whole or not at
all, so a killed build leaves nothing half done; a damaged entry counts as missing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.disk import write_whole

_ENTRY: Final = re.compile(r"[0-9a-f]{64}")


class Cache:
    """A folder of entries. It remembers which were used, so that the others can be pruned."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._used: set[bytes] = set()

    def path(self, key: str) -> Path:
        """Return where the entry of a digest (64 hex digits) is or would be."""
        return self.folder / key[:2] / key

    def read(self, key: str) -> bytes | None:
        """Return the content of an entry, if it is there and whole."""
        self._used.add(bytes.fromhex(key))
        try:
            seal, _, content = self.path(key).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        return content if seal == _seal(content) else None

    def lines(self, key: str) -> Iterator[bytes]:
        """Yield the lines of an entry that was read or written before."""
        with self.path(key).open("rb") as file:
            file.readline()
            yield from file

    def write(self, key: str, content: bytes) -> None:
        """Keep an entry."""
        self._used.add(bytes.fromhex(key))
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, _seal(content) + b"\n" + content, durable=False)

    def use(self, keys: Iterable[str]) -> None:
        """Note entries that another process used."""
        self._used.update(map(bytes.fromhex, keys))

    def prune(self) -> int:
        """Remove the entries that were not used, and what killed builds left; return how many."""
        removed = 0
        for path in self.folder.glob("??/*"):
            known = _ENTRY.fullmatch(path.name)
            if not known or bytes.fromhex(path.name) not in self._used:
                path.unlink(missing_ok=True)
                removed += 1
        return removed


def _seal(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
