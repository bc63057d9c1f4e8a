"""Content codings: which one a client takes (RFC 9110 section 12.5.3), and compressing with it."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import zstandard

SMALLEST: Final = 1000  # bytes; what is smaller goes out as it is
_OFFERS: Final = ("zstd", "gzip")  # the better first
_RANGE: Final = re.compile(
    r"\s*([A-Za-z0-9*-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)
_LEVEL: Final = {"zstd": 3, "gzip": 5}
_FAST: Final = 1


@lru_cache(maxsize=256)
def choose(accepted: str) -> str:
    """Return "zstd", "gzip", or "" for none, by the value of Accept-Encoding.

    >>> choose("gzip, deflate, br, zstd"), choose("gzip;q=0.5, *;q=0"), choose("")
    ('zstd', 'gzip', '')
    """
    weights = {}
    for part in accepted[:1000].split(","):
        match = _RANGE.fullmatch(part)
        if match:
            weights[match[1].lower()] = float(match[2] or 1)
    other = weights.get("*", 0.0)
    best = max(_OFFERS, key=lambda name: weights.get(name, other))
    weight = weights.get(best, other)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def compress(content: bytes, encoding: str) -> bytes:
    """Compress a whole answer; the same content always gives the same bytes."""
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=_LEVEL["zstd"]).compress(content)
    return gzip.compress(content, _LEVEL["gzip"], mtime=0)


class Coder:
    """Compresses an answer piece by piece."""

    def __init__(self, encoding: str) -> None:
        self._compress: Callable[[bytes], bytes]
        self._flush: Callable[[], bytes]
        if encoding == "zstd":
            zstd = zstandard.ZstdCompressor(level=_FAST).compressobj()
            self._compress, self._flush = zstd.compress, zstd.flush
        else:
            deflate = zlib.compressobj(_FAST, zlib.DEFLATED, wbits=31)
            self._compress, self._flush = deflate.compress, deflate.flush

    def feed(self, piece: bytes) -> bytes:
        """Return what can go out after one more piece; b"" when nothing can yet."""
        return self._compress(piece)

    def end(self) -> bytes:
        """Return what remains."""
        return self._flush()
