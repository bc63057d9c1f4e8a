"""What can be matched, and what is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import StrEnum


class NameKind(StrEnum):
    """What a name is to its record."""

    LABEL = "label"
    ALIAS = "alias"
    ACRONYM = "acronym"


class Status(StrEnum):
    """Whether a record may still be referred to."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a record; `language` is a BCP 47 tag or empty."""

    text: str
    kind: NameKind = NameKind.LABEL
    language: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An entity that names can be matched with, whatever source it comes from.

    Only `id` and `names` are needed; the first label is the one to show. `country` is an
    ISO 3166-1 alpha-2 code; `country_name`, `region` and `city` are as people write them. `kinds`
    are words of the source. `parents`, `children` and `successors` are ids of other records;
    `external_ids` are pairs of scheme and identifier.
    """

    id: str
    names: tuple[Name, ...]
    country: str = ""
    country_name: str = ""
    region: str = ""
    city: str = ""
    kinds: tuple[str, ...] = ()
    status: Status = Status.ACTIVE
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    established: int | None = None
    links: tuple[str, ...] = ()
    external_ids: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """The name to show."""
        labels = (name.text for name in self.names if name.kind is NameKind.LABEL)
        return next(labels, self.names[0].text)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found somewhere, and what is known about what it means.

    `kind` is one of "organization", "person", "place", "event" or a finer word such as
    "university"; `context` are other names of the same entity, or names that occur near it.
    """

    name: str
    country: str = ""
    city: str = ""
    kind: str = ""
    context: tuple[str, ...] = ()


def to_json(record: Record) -> str:
    """Return a record as one line of JSON."""
    parts = [getattr(record, field.name) for field in fields(Record)]
    parts[1] = [(name.text, name.kind, name.language) for name in record.names]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def from_json(line: str | bytes) -> Record:
    """Return the record that `to_json` wrote."""
    (
        key, names, country, country_name, region, city, kinds, status, parents, children,
        successors, established, links, external_ids,
    ) = json.loads(line)  # fmt: skip
    return Record(
        id=key,
        names=tuple(Name(text, NameKind(kind), language) for text, kind, language in names),
        country=country,
        country_name=country_name,
        region=region,
        city=city,
        kinds=tuple(kinds),
        status=Status(status),
        parents=tuple(parents),
        children=tuple(children),
        successors=tuple(successors),
        established=established,
        links=tuple(links),
        external_ids=tuple((scheme, value) for scheme, value in external_ids),
    )
