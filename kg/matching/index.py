"""The index of names: finds the known names that look like a given one.

Names are found by their words in any order, by their letters without spaces, and by rare n-grams,
so that misspelt, cut, joined and reordered names are found too. What is found is then for
`kg.matching.features` to judge.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz

from kg.disk import write_whole
from kg.errors import DataError, Place
from kg.matching.building import KINDS, ROMANISED, build_tables
from kg.matching.grams import digest, grams, keys
from kg.matching.normalisation import Form, normalise
from kg.matching.records import NameKind, Record, Status, from_json
from kg.matching.tables import open_table, pack, unpack

_BUDGET: Final = 2000  # postings looked at for a mention, the rarest n-grams first
_HARD: Final = 4 * _BUDGET  # when these found nothing like it
_ALIKE: Final = 75.0  # similarity, 0 to 100, at which no more is looked for
_SAME: Final = 50  # names of the very same words looked at
_LONGEST: Final = 1000  # characters of a name that are looked at
_NEAR: Final = 4.0  # what being in the mention's country adds to the similarity, 0 to 100
_FAR: Final = 30.0  # how much less alike than the best a candidate may be
_ROUGH: Final = 40  # names compared as a whole, and those with as many n-grams
_MOST: Final = 80


@dataclass(frozen=True, slots=True)
class Known:
    """A name of the index; `record` is the position of its record, `key` has its words sorted."""

    record: int
    kind: NameKind
    is_romanised: bool
    plain: str
    key: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a record besides its names; `place` are the words of city and country."""

    country: str
    place: frozenset[str]
    status: Status
    kinds: frozenset[str]


class Index:
    """Finds known names that look like a given one. Made by `build` or `open`."""

    def __init__(self, tables: Mapping[str, memoryview]) -> None:
        self._tables = tables
        self._owner, self._kind = tables["owner"], tables["kind"]
        self._piece, self._begin = tables["piece"], tables["begin"]
        self._posting, self._key = tables["posting"], tables["key"]
        rarest = math.log(1 + len(self)) or 1.0
        self._rarity = {
            word: 1.0 - math.log(1 + count) / rarest
            for word, count in zip(
                bytes(tables["word"]).decode().split("\n"), tables["frequency"], strict=False
            )
        }
        self.countries: dict[str, str] = {}
        for line in bytes(tables["country"]).decode().splitlines():
            name, code = line.split("\t")
            self.countries[name] = code

    @classmethod
    def build(cls, records: Iterable[Record]) -> Index:
        """Return an index over records."""
        return cls(unpack(pack(build_tables(records))))

    @classmethod
    def open(cls, path: Path) -> Index:
        """Return the index that was saved in a file.

        Raises:
            DataError: the file is missing, damaged, or of another version.
        """
        tables = open_table(path)
        try:
            return cls(tables)
        except (KeyError, ValueError) as error:
            raise DataError(f"damaged: {error}", where=Place(str(path))) from error

    def save(self, path: Path) -> None:
        """Write the index into a file; who has the old one open keeps it."""
        write_whole(path, bytes(pack(self._tables)), durable=False)

    def __len__(self) -> int:
        return len(self._tables["record_at"]) - 1

    def record(self, position: int) -> Record:
        """Return a record by its position."""
        return from_json(self._line("record", position))

    def facts(self, position: int) -> Facts:
        """Return what is known of a record besides its names."""
        country, place, status, kinds = self._line("fact", position).decode().split("\t")
        return Facts(country, frozenset(place.split()), Status(status), frozenset(kinds.split()))

    def rarity(self, word: str) -> float:
        """Return how much a word tells, from 0 (in every record) to 1 (in none)."""
        return self._rarity.get(word, 1.0)

    def knows(self, word: str) -> bool:
        """Tell whether a word occurs in names of the index."""
        return word in self._rarity

    def normalise(self, name: str) -> Form:
        """Return a name, or its first thousand characters, made comparable with the index."""
        return normalise(name[:_LONGEST], countries=self.countries, misspelt=True)

    def find(self, form: Form, *, country: str = "", limit: int = 8) -> list[Known]:
        """Return the names that look like this one, the likest first, at most one a record.

        Of names that look alike, those of a record in this country come first.
        """
        same = {name for key in keys(form) for name in self._same(key)}
        lists = sorted((self._names(gram) for gram in grams(form.words)), key=len)
        found = self._compared(form, same.union(_frequent(lists, _BUDGET)))
        if not found or found[0][0] < _ALIKE:
            found = self._compared(form, same.union(_frequent(lists, _HARD)))
        return self._likest(found, country.encode(), limit)

    def _compared(self, form: Form, names: Iterable[int]) -> list[tuple[float, int]]:
        """Return how much each of these names looks like a form, the likest first."""
        key, plain, ratio = form.key, form.plain, fuzz.ratio
        text, begins = self._tables["name"], self._tables["name_at"]
        found = []
        for name in names:
            line = str(text[begins[name] : begins[name + 1]], "utf-8")
            known_plain, _, known_key = line.partition("\t")
            found.append((max(ratio(key, known_key), ratio(plain, known_plain)), name))
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        return found

    def _likest(
        self, found: Sequence[tuple[float, int]], country: bytes, limit: int
    ) -> list[Known]:
        best: dict[int, tuple[float, int]] = {}
        for alike, name in found:
            if alike < found[0][0] - _FAR:
                break
            record = self._owner[name]
            if record not in best:
                near = country != b"" and self._line("fact", record).startswith(country)
                best[record] = (alike + (_NEAR if near else 0.0), name)
        ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1]))
        return [self._known(name) for _, name in ranked[:limit]]

    def _known(self, name: int) -> Known:
        plain, key = self._line("name", name).decode().split("\t")
        kind = self._kind[name]
        return Known(
            record=self._owner[name],
            kind=KINDS[kind & ~ROMANISED],
            is_romanised=kind >= ROMANISED,
            plain=plain,
            key=key,
        )

    def _names(self, gram: str) -> memoryview:
        key = digest(gram)
        at = bisect_left(self._piece, key)
        if at == len(self._piece) or self._piece[at] != key:
            return self._posting[:0]
        return self._posting[self._begin[at] : self._begin[at + 1]]

    def _same(self, key: str) -> list[int]:
        first = digest(key) << 32
        begin = bisect_left(self._key, first)
        end = bisect_left(self._key, first + (1 << 32), lo=begin)
        return [pair & 0xFFFFFFFF for pair in self._key[begin : min(end, begin + _SAME)]]

    def _line(self, table: str, position: int) -> bytes:
        begins = self._tables[f"{table}_at"]
        return bytes(self._tables[table][begins[position] : begins[position + 1]])


def _frequent(lists: Sequence[memoryview], budget: int) -> list[int]:
    """Return the names that occur in most of these lists, the shortest of which are looked at."""
    counts: Counter[int] = Counter()
    for names in lists:
        if counts and len(names) > budget:
            break
        budget -= len(names)
        counts.update(names)
    least = _least(counts.values())
    found = [name for name, count in counts.items() if count >= least]
    return found[:_MOST]


def _least(counts: Iterable[int]) -> int:
    """Return the count that enough names reach."""
    left = _ROUGH
    for count, names in sorted(Counter(counts).items(), reverse=True):
        left -= names
        if left <= 0:
            return count
    return 1
