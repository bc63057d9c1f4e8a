"""What speaks for and against a mention and a known name meaning the same thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

from rapidfuzz import fuzz

from kg.folding import IDEOGRAPH, fold
from kg.matching.alignment import Aligner
from kg.matching.index import Facts, Index, Known
from kg.matching.normalisation import Form
from kg.matching.records import Mention, NameKind, Status

_MUCH: Final = 4.0  # words' weights that leave no doubt about what is meant
_MANY: Final = 3  # words


@dataclass(frozen=True, slots=True)
class Features:
    """Scores by feature, from 0 to 1."""

    letters: float  # similarity of the names as they are written
    words: float  # similarity of their words, sorted
    joined: float  # similarity without spaces
    mention_covered: float  # share of what the mention's words tell that the name has too
    name_covered: float  # the same the other way round
    foreign: float  # how telling a word is that the mention has and only other names have
    unknown: float  # how telling a word is that the mention has and no name
    missing: float  # how telling a word is that only the name has
    more: float  # how many words only the mention has
    less: float  # how many words only the name has
    whole: float  # 1 when neither has a word that the other lacks, misspelt ones aside
    unplaced: float  # 1 when only the name has a word of the record's place
    confused: float  # how telling two words are that look alike but are different words
    told: float  # how much the shared words tell
    same_words: float  # 1 when all words are the same, in any order
    same_letters: float  # 1 when they are the same but for spaces
    country_agrees: float
    country_differs: float
    country_in_name: float  # the mention names the record's country
    city_agrees: float
    acronym: float  # the mention is an acronym of the record
    one_word: float
    numbers_differ: float
    ideographs_differ: float
    inactive: float
    alias: float
    romanised: float


NAMES: Final = tuple(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True)
class Compared:
    """A known name, what is known of its record, and the scores of a mention with it."""

    known: Known
    facts: Facts
    features: Features


class Comparer:
    """Finds the names that a mention may mean, and scores each by feature."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._aligner = Aligner(index.rarity, index.knows)

    def candidates(self, mention: Mention, form: Form, *, limit: int) -> list[Compared]:
        """Return the known names most like a mention, each with its scores, in no order."""
        city = frozenset(fold(mention.city).split())
        found = []
        for known in self._index.find(form, country=mention.country, limit=limit):
            facts = self._index.facts(known.record)
            features = self._features(form, known, facts, country=mention.country, city=city)
            found.append(Compared(known, facts, features))
        return found

    def _features(
        self, form: Form, known: Known, facts: Facts, *, country: str, city: frozenset[str]
    ) -> Features:
        words = known.key.split(" ")
        aligned = self._aligner.align(form.words, words, facts.place)
        joined, known_joined = form.plain.replace(" ", ""), known.plain.replace(" ", "")
        same_words = form.key == known.key
        return Features(
            letters=fuzz.ratio(form.plain, known.plain) / 100,
            words=fuzz.ratio(form.key, known.key) / 100,
            joined=fuzz.ratio(joined, known_joined) / 100,
            mention_covered=aligned.mention_covered,
            name_covered=aligned.name_covered,
            foreign=aligned.foreign,
            unknown=aligned.unknown,
            missing=aligned.missing,
            more=min(aligned.more, _MANY) / _MANY,
            less=min(aligned.less, _MANY) / _MANY,
            whole=float(not aligned.more and not aligned.less),
            unplaced=float(aligned.unplaced),
            confused=aligned.confused,
            told=min(aligned.told, _MUCH) / _MUCH,
            same_words=float(same_words),
            same_letters=float(joined == known_joined),
            country_agrees=float(country != "" and country == facts.country),
            country_differs=float(country != "" and facts.country not in ("", country)),
            country_in_name=float(form.country != "" and form.country == facts.country),
            city_agrees=float(not facts.place.isdisjoint(city.union(form.words))),
            acronym=float(known.kind is NameKind.ACRONYM),
            one_word=float(len(form.words) == 1),
            numbers_differ=float(_numbers(form.words) != _numbers(words)),
            ideographs_differ=float(not same_words and bool(IDEOGRAPH.search(form.plain))),
            inactive=float(facts.status is not Status.ACTIVE),
            alias=float(known.kind is NameKind.ALIAS),
            romanised=float(known.is_romanised),
        )


def _numbers(words: Iterable[str]) -> set[str]:
    return {word for word in words if word.isdigit()}
