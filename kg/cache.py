"""What articles came to, kept by the digest of all that it depends on.

Entries are written whole or not at all, so a killed build leaves nothing half done; a damaged entry
counts as missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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

    def find(self, key: str) -> Path | None:
        """Return the entry of a digest, if it is there."""
        self._used.add(bytes.fromhex(key))
        path = self.path(key)
        return path if path.is_file() else None

    def read(self, key: str) -> bytes | None:
        """Return the content of an entry, if it is there."""
        path = self.find(key)
        return path.read_bytes() if path else None

    def write(self, key: str, content: bytes) -> Path:
        """Keep an entry."""
        self._used.add(bytes.fromhex(key))
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, durable=False)
        return path

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
