"""Records of a release's own entities, so that names can be matched with them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from kg.errors import DataError, Place
from kg.folding import fold
from kg.matching.records import Name, NameKind, Record
from kg.prefixes import VOCABULARIES

_STRUCTURE: Final = tuple(
    VOCABULARIES[prefix]
    for prefix in ("dcat", "oa", "owl", "prov", "rdf", "rdfs", "sh", "skos", "void")
)
_KINDS: Final = {"pref": NameKind.LABEL}
_ACRONYM: Final = re.compile(r"(?=(?:[^A-ZА-ЯЁ]*[A-ZА-ЯЁ]){2})[\w&.-]{2,10}")
_LOCAL: Final = re.compile(r"[^/#:]+\Z")


@dataclass(frozen=True, slots=True)
class Location:
    """Where an entity is; `country` is ISO 3166-1 alpha-2, or what else stands for the country."""

    country: str = ""
    country_name: str = ""
    city: str = ""


def records(
    search_db: Path,
    *,
    locations: Mapping[str, Location],
    broader: Mapping[str, Sequence[str]],
) -> Iterator[Record]:
    """Yield the named things of a release by IRI, from its label index.

    `broader` has the direct superclasses of classes. A record's `kinds` are the IRIs of its
    classes, those that are said of it first, then the words that `kg.matching.kinds` knows them by.
    What belongs to the structure of the graph, such as classes and concepts, is left out.

    Raises:
        DataError: the index is missing or damaged.
    """
    try:
        with closing(
            sqlite3.connect(f"{search_db.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as db:
            rows = db.execute(
                "SELECT iri, label, language, kind, class FROM label ORDER BY iri, id"
            )
            for iri, group in groupby(rows, key=lambda row: str(row[0])):
                found = list(group)
                if classes := _classes(found[0][4].split()):
                    names = [(label, language, kind) for _, label, language, kind, _ in found]
                    yield _record(iri, names, classes, locations.get(iri, Location()), broader)
    except sqlite3.Error as error:
        raise DataError(f"cannot be read: {error}", where=Place(str(search_db))) from error


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts are the same but for case, accents and signs.

    >>> same_words("ŁÓDŹ", "Lodz"), same_words("Russia", "Prussia")
    (True, False)
    """
    return fold(one) == fold(other)


def begins_alike(text: str, typed: str) -> bool:
    """Tell whether each word typed is how a word of the text begins, however it is written.

    >>> begins_alike("Łódź University", "univ lodz"), begins_alike("Łódź", "odz")
    (True, False)
    """
    words = fold(text).split()
    return all(any(word.startswith(part) for word in words) for part in fold(typed).split())


def with_broader(classes: Iterable[str], broader: Mapping[str, Sequence[str]]) -> list[str]:
    """Return classes and all that they are kinds of, each once, nearest first.

    >>> with_broader(["a"], {"a": ["b"], "b": ["c", "a"]})
    ['a', 'b', 'c']
    """
    found = dict.fromkeys(classes)
    todo = list(found)
    while todo:
        for one in broader.get(todo.pop(0), ()):
            if one not in found:
                found[one] = None
                todo.append(one)
    return list(found)


def _classes(said: Sequence[str]) -> list[str]:
    """Return the classes of a thing in its own right; none for a class, a property, a decision."""
    own = [name for name in said if not name.startswith(_STRUCTURE)]
    technical = any(
        name.startswith((VOCABULARIES["owl"], VOCABULARIES["rdf"], VOCABULARIES["rdfs"]))
        for name in said
    )
    return [] if technical else own


def _record(
    iri: str,
    names: Sequence[tuple[str, str, str]],
    classes: Sequence[str],
    location: Location,
    broader: Mapping[str, Sequence[str]],
) -> Record:
    every = with_broader(classes, broader)
    words = [match[0].lower() for name in every if (match := _LOCAL.search(name))]
    return Record(
        id=iri,
        names=tuple(sorted(map(_name, names), key=_order)),
        country=location.country,
        country_name=location.country_name,
        city=location.city,
        kinds=tuple(dict.fromkeys((*every, *words))),
    )


def _name(name: tuple[str, str, str]) -> Name:
    text, language, kind = name
    other = NameKind.ACRONYM if _ACRONYM.fullmatch(text) else NameKind.ALIAS
    return Name(text, _KINDS.get(kind, other), language)


def _order(name: Name) -> tuple[bool, bool, str, str]:
    return name.kind is not NameKind.LABEL, name.language != "en", name.language, name.text
