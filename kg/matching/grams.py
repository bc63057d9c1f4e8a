"""By which pieces a name is found."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final

from kg.folding import IDEOGRAPH
from kg.matching.normalisation import Form

_LENGTH: Final = 4


def grams(words: Iterable[str]) -> set[str]:
    """Return the n-grams of a name's words, and the pairs of neighbouring ideographs.

    >>> sorted(grams(["lodz", "交", "通"]))
    [' lod', 'lodz', 'odz ', '交通']
    """
    found: set[str] = set()
    before = ""
    for word in words:
        if IDEOGRAPH.match(word):
            if before:
                found.add(before + word)
            before = word
        else:
            before = ""
            padded = f" {word} "
            last = max(1, len(padded) - _LENGTH + 1)
            found.update([padded[at : at + _LENGTH] for at in range(last)])
    return found


def keys(form: Form) -> tuple[str, str]:
    """Return under what the names of the same words, and of the same letters, are found."""
    return f"={form.key}", f"~{form.plain.replace(' ', '')}"


def digest(piece: str) -> int:
    """Return the 32 bits under which a piece stands; two pieces may share them, if rarely."""
    return zlib.crc32(piece.encode(errors="replace"))
