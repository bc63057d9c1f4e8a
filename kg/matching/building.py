"""Builds the arrays of an index of names."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from kg.folding import fold
from kg.matching.grams import digest, grams, keys
from kg.matching.normalisation import Form, in_latin, normalise
from kg.matching.records import NameKind, Record, from_json, to_json

KINDS: Final = tuple(NameKind)
ROMANISED: Final = 8  # set in the kind of a name that was brought into Latin letters
COMMON: Final = 6000  # n-grams of more names than these tell too little


class Lines:
    """Texts one after the other, and where each begins."""

    def __init__(self) -> None:
        self.text = bytearray()
        self.at = array("Q", [0])

    def add(self, text: str) -> None:
        """Add one text."""
        self.text += text.encode(errors="replace")
        self.at.append(len(self.text))


class Postings:
    """In which names each n-gram and each key occurs."""

    def __init__(self) -> None:
        self._names: dict[str, array[int]] = {}
        self._keys = array("Q")

    def add(self, form: Form, name: int) -> None:
        """Note the pieces of a name."""
        known = self._names
        for gram in grams(form.words):
            found = known.get(gram)
            if found is None:
                known[gram] = array("I", (name,))
            elif len(found) <= COMMON:
                found.append(name)
        self._keys.extend(digest(key) << 32 | name for key in keys(form))

    def tables(self) -> dict[str, array[int]]:
        """Return n-grams, where the names of each begin, and the names; and keys with a name each.

        Both are sorted, n-grams by their digest; a key has its digest in the upper half.
        """
        piece, begin, names = array("I"), array("I", [0]), array("I")
        for key, gram in sorted((digest(gram), gram) for gram in self._names):
            found = self._names.pop(gram)
            if len(found) <= COMMON:
                piece.append(key)
                names.extend(found)
                begin.append(len(names))
        sorted_keys = array("Q", sorted(self._keys))
        return {"piece": piece, "begin": begin, "posting": names, "key": sorted_keys}


def build_tables(records: Iterable[Record]) -> dict[str, array[int] | bytearray]:
    """Return the arrays of an index over records, in their order."""
    stored, places, countries = Lines(), Lines(), {}
    for record in records:
        stored.add(to_json(record))
        places.add(_facts(record))
        if record.country and record.country_name:
            countries[fold(record.country_name)] = record.country
    names, owners, kinds = Lines(), array("I"), array("B")
    postings, frequency = Postings(), Counter[str]()
    for position in range(len(stored.at) - 1):
        record = from_json(bytes(stored.text[stored.at[position] : stored.at[position + 1]]))
        words: set[str] = set()
        for form, kind in _forms(record, countries):
            name = len(owners)
            owners.append(position)
            kinds.append(kind)
            names.add(f"{form.plain}\t{form.key}")
            postings.add(form, name)
            words.update(form.words)
        frequency.update(words)
    words_known = sorted(frequency)
    listed = "\n".join(f"{name}\t{code}" for name, code in sorted(countries.items()))
    return {
        "record": stored.text, "record_at": stored.at,
        "fact": places.text, "fact_at": places.at,
        "name": names.text, "name_at": names.at, "owner": owners, "kind": kinds,
        "word": bytearray("\n".join(words_known).encode()),
        "frequency": array("I", [frequency[word] for word in words_known]),
        "country": bytearray(listed.encode()),
        **postings.tables(),
    }  # fmt: skip


def _facts(record: Record) -> str:
    """Return what is needed of a record to judge it: country, words of its place, status, kinds."""
    place = fold(f"{record.city} {record.region} {record.country_name}")
    kinds = " ".join("_".join(kind.split()) for kind in record.kinds)
    return "\t".join(("".join(record.country.split()), place, record.status, kinds))


def _forms(record: Record, countries: dict[str, str]) -> Iterator[tuple[Form, int]]:
    """Yield a record's different names, made comparable, and of which kind they are."""
    seen: set[tuple[str, str]] = set()
    for name in record.names:
        for text, added in ((name.text, 0), (in_latin(name.text), ROMANISED)):
            if not text:
                continue
            form = normalise(text, countries=countries)
            if form.words and (form.plain, form.key) not in seen:
                seen.add((form.plain, form.key))
                yield form, KINDS.index(name.kind) + added
