"""What kinds of thing there are, so that a town is not taken for a university named after it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Sort(StrEnum):
    """The sorts of things that names are given to, as far apart as can be."""

    PERSON = "person"
    PLACE = "place"
    EVENT = "event"
    ORGANIZATION = "organization"


_WORDS: Final = {
    Sort.PERSON: "person human",
    Sort.PLACE: "place city country region province venue town state settlement",
    Sort.EVENT: "event meeting conference forum",
    Sort.ORGANIZATION: (
        "organization organisation university college school institute company agency alliance"
        " funder office platform education healthcare archive nonprofit government facility"
    ),
}
_SORTS: Final = {word: sort for sort, words in _WORDS.items() for word in words.split()}


def sorts(kinds: Iterable[str]) -> frozenset[Sort]:
    """Return the sorts that words for kinds stand for; unknown words stand for none.

    >>> sorted(sorts(["city", "education", "other"]))
    [<Sort.ORGANIZATION: 'organization'>, <Sort.PLACE: 'place'>]
    """
    return frozenset(_SORTS[kind] for word in kinds if (kind := word.lower()) in _SORTS)
