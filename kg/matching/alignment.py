"""Which words of two names belong together, and what the others say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import permutations
from operator import itemgetter
from typing import Final

from rapidfuzz import fuzz

_LIKE: Final = 70.0  # similarity of two words, 0 to 100, that may be one word misspelt
_BEGUN: Final = 0.9  # how alike an abbreviation and its word are
_SHORTEST: Final = 3  # letters of an abbreviation
_STEM: Final = 5  # letters that two forms of one word begin with
_JOINED: Final = 80.0  # similarity of a word with two words written as one
_LONG: Final = 6  # letters of a word that may be two
_FEW: Final = 5  # words of which two are looked for in one


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the words of a mention and of a known name go together.

    Weights are rarities, from 0 (a word of every name) to 1 (a word of none).
    """

    told: float  # sum over the words that both have
    mention_covered: float  # share of the mention's weight that the name has
    name_covered: float
    foreign: float  # the rarest word of the mention alone that other names are known to have
    unknown: float  # the rarest word of the mention alone that no name has
    missing: float  # the rarest word of the name alone
    more: int  # number of words of the mention alone
    less: int  # number of words of the name alone
    unplaced: bool  # the name has a word of its record's place that the mention lacks
    confused: float  # the rarest of words that look alike but are different known words


class Aligner:
    """Aligns words by what an index knows: `rarity` of a word, and whether it `knows` the word."""

    def __init__(self, rarity: Callable[[str], float], knows: Callable[[str], bool]) -> None:
        self._rarity = rarity
        self._knows = knows

    def align(
        self, mention: Sequence[str], name: Sequence[str], place: Collection[str]
    ) -> Alignment:
        """Align a mention's words with a name's; those of its `place` may be added or left out."""
        rarity = self._rarity
        shared = set(mention).intersection(name)
        told = sum(map(rarity, shared))
        rest = [word for word in dict.fromkeys(mention) if word not in shared]
        wanted = [word for word in name if word not in shared]
        pairs = self._pairs(rest, wanted)
        mention_all = name_all = told
        foreign = unknown = confused = 0.0
        more = 0
        for word in rest:
            if word in pairs:
                others, alike = pairs[word]
                weight = sum(map(rarity, others))
                told += weight * alike
                mention_all += weight
                if self._knows(word) and not _is_form(word, others[0]):
                    confused = max(confused, min(weight, rarity(word)))
            elif word not in place:
                weight = rarity(word)
                mention_all += weight
                more += 1
                if self._knows(word):
                    foreign = max(foreign, weight)
                else:
                    unknown = max(unknown, weight)
        found = {other for others, _ in pairs.values() for other in others}
        missing, less, unplaced = 0.0, 0, False
        for word in wanted:
            weight = rarity(word)
            if word not in found:
                less += 1
                if word in place:
                    unplaced = True
                    weight *= 0.5
                missing = max(missing, weight)
            name_all += weight
        return Alignment(
            told, told / mention_all if mention_all else 0.0,
            told / name_all if name_all else 0.0,
            foreign, unknown, missing, more, less, unplaced, confused,
        )  # fmt: skip

    def _pairs(
        self, rest: Sequence[str], wanted: Sequence[str]
    ) -> dict[str, tuple[tuple[str, ...], float]]:
        """Pair words that look alike, and words with two that they are when written as one."""
        pairs: dict[str, tuple[tuple[str, ...], float]] = {}
        if not rest or not wanted:
            return pairs
        free = list(wanted)
        for word in rest:
            others, alike = _likest(word, free)
            if 1 < len(free) <= _FEW and len(word) >= _LONG and not self._knows(word):
                others, alike = max((others, alike), _joined(word, free), key=itemgetter(1))
            if others:
                pairs[word] = others, alike
                free = [other for other in free if other not in others]
        return pairs


def _likest(word: str, free: Sequence[str]) -> tuple[tuple[str, ...], float]:
    """Return the word that looks most like this one, and how alike they are, 0 to 1."""
    best, which = 0.0, ""
    for other in free:
        alike = fuzz.ratio(word, other, score_cutoff=_LIKE) / 100
        if alike < _BEGUN and len(word) >= _SHORTEST and other.startswith(word):
            alike = _BEGUN
        if alike > best:
            best, which = alike, other
    return ((which,) if best else ()), best


def _joined(word: str, free: Sequence[str]) -> tuple[tuple[str, ...], float]:
    """Return the two words that look most like this one when they are written as one."""
    best: tuple[tuple[str, ...], float] = (), 0.0
    for pair in permutations(free, 2):
        alike = fuzz.ratio(word, "".join(pair), score_cutoff=_JOINED) / 100
        if alike > best[1]:
            best = pair, alike
    return best


def _is_form(word: str, other: str) -> bool:
    """Tell whether two words are forms of one, or one is the beginning of the other."""
    begin = min(len(word), len(other), max(_STEM, max(len(word), len(other)) - 3))
    return word[:begin] == other[:begin] and min(len(word), len(other)) >= _SHORTEST
