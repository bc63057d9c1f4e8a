"""The key that a mistyped one most likely meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process


def nearest(word: str, among: Iterable[str]) -> str | None:
    """Return the candidate most like a word, None when nothing is like it.

    >>> nearest("organisation", ["organization", "origin"])
    'organization'
    """
    found = process.extractOne(
        word, sorted(among), scorer=fuzz.ratio, processor=str.lower, score_cutoff=65
    )
    return found[0] if found else None
