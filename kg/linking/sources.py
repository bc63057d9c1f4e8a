"""Other knowledge bases that can be asked for candidates: each turns what it finds into records.

A source that has been read into an index (a ROR dump) needs none of this; these are asked live, one
name at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from kg.errors import DataError, SourceError
from kg.linking.client import Client
from kg.matching.records import Mention, Name, NameKind, Record
from kg.matching.ror import record_of_ror

ROR: Final = "https://ror.org/"
WIKIDATA: Final = "http://www.wikidata.org/entity/"
_ROR_API: Final = "https://api.ror.org/v2/organizations"
_WIKIDATA_API: Final = "https://www.wikidata.org/w/api.php"
_CANDIDATES: Final = 10
_BATCH: Final = 50  # items of one wbgetentities
_LANGUAGES: Final = ("en", "ru", "zh", "de", "fr", "it", "pl", "es", "uk", "mul")
_ITEM: Final = re.compile(r"Q[1-9][0-9]*")
# Wikidata: instance of, country, headquarters or place, parent, part of, has part, inception,
# website, ISO 3166-1 alpha-2 code, ROR id.
_IS, _COUNTRY, _PLACES = "P31", "P17", ("P159", "P131")
_PARENTS, _CHILDREN = ("P749", "P361"), ("P355", "P527")
_INCEPTION, _WEBSITE, _ISO, _ROR_ID = "P571", "P856", "P297", "P6782"


class Source(Protocol):
    """A knowledge base that finds candidates for a name."""

    @property
    def name(self) -> str:
        """What it is called in reports and in the column `object_source`."""

    def candidates(self, mention: Mention) -> Iterable[Record]:
        """Return records that might be meant.

        Raises:
            SourceError: it does not answer as it should.
        """


@dataclass(frozen=True, slots=True)
class RorApi:
    """The registry's own API, version 2. `client_id` raises the number of requests it allows."""

    client: Client
    url: str = _ROR_API
    name: str = "ROR"

    def candidates(self, mention: Mention) -> Iterable[Record]:
        """Search by name in all of a record's names."""
        quoted = mention.name.replace("\\", " ").replace('"', " ")
        found = self.client.get(self.url, {"query": f'"{quoted}"'})
        items = found.get("items") if isinstance(found, dict) else None
        if not isinstance(items, list):
            raise _strange(self.name)
        try:
            return [record_of_ror(item) for item in items[:_CANDIDATES]]
        except DataError as error:
            raise _strange(self.name) from error


@dataclass(slots=True)
class Wikidata:
    """Wikidata's search and its items, by the API of MediaWiki."""

    client: Client
    url: str = _WIKIDATA_API
    name: str = "Wikidata"
    languages: tuple[str, ...] = ("en", "ru", "zh")
    _codes: dict[str, str] = field(default_factory=dict)  # item of a country → its ISO code
    _labels: dict[str, str] = field(default_factory=dict)

    def candidates(self, mention: Mention) -> Iterable[Record]:
        """Search labels and aliases, then fetch the items."""
        keys: dict[str, None] = {}
        for language in self.languages:
            keys.update(dict.fromkeys(self._search(mention.name, language)))
        items = list(self._items(list(keys)[:_CANDIDATES]))
        self._learn(items)
        return [self._record(item) for item in items]

    def _search(self, name: str, language: str) -> Iterator[str]:
        asked = {
            "action": "wbsearchentities",
            "format": "json",
            "type": "item",
            "limit": "7",
            "search": name,
            "language": language,
            "uselang": "en",
        }
        found = self._get(asked)
        try:
            keys = [str(entry["id"]) for entry in found["search"]]
        except (KeyError, TypeError) as error:
            raise _strange(self.name) from error
        yield from filter(_ITEM.fullmatch, keys)

    def _items(
        self, keys: list[str], props: str = "labels|aliases|claims"
    ) -> Iterator[dict[str, Any]]:
        for start in range(0, len(keys), _BATCH):
            asked = {
                "action": "wbgetentities",
                "format": "json",
                "ids": "|".join(keys[start : start + _BATCH]),
                "props": props,
                "languages": "|".join(_LANGUAGES),
            }
            found = self._get(asked).get("entities")
            if not isinstance(found, dict):
                raise _strange(self.name)
            yield from (item for item in found.values() if "missing" not in item)

    def _get(self, asked: dict[str, str]) -> Any:
        found = self.client.get(self.url, asked)
        if not isinstance(found, dict) or "error" in found:
            raise SourceError(f"{self.name} refuses the request", hint=_said(found))
        return found

    def _learn(self, items: list[dict[str, Any]]) -> None:
        """Learn codes of countries and names of places that the items refer to."""
        wanted = {
            value
            for item in items
            for property_ in (_COUNTRY, *_PLACES)
            for value in _values(item, property_)
            if value not in self._labels
        }
        for item in self._items(sorted(wanted), props="labels|claims"):
            key = str(item["id"])
            self._labels[key] = _label(item)
            self._codes[key] = next(_values(item, _ISO), "")

    def _record(self, item: dict[str, Any]) -> Record:
        country = next(_values(item, _COUNTRY), "")
        places = [self._labels.get(key, "") for name in _PLACES for key in _values(item, name)]
        year = re.match(r"\+(\d{4})-", next(_values(item, _INCEPTION), ""))
        return Record(
            id=WIKIDATA + str(item["id"]),
            names=tuple(_names(item)) or (Name(str(item["id"])),),
            country=self._codes.get(country, ""),
            country_name=self._labels.get(country, ""),
            city=next(filter(None, places), ""),
            kinds=tuple(_values(item, _IS)),
            parents=tuple(WIKIDATA + key for name in _PARENTS for key in _values(item, name)),
            children=tuple(WIKIDATA + key for name in _CHILDREN for key in _values(item, name)),
            established=int(year[1]) if year else None,
            links=tuple(_values(item, _WEBSITE)),
            external_ids=tuple(("ror", ROR + key) for key in _values(item, _ROR_ID)),
        )


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Any service of the Reconciliation API (0.1 or 0.2), as OpenRefine uses it."""

    client: Client
    url: str
    name: str
    space: str  # what its identifiers begin with when they are no IRIs

    def candidates(self, mention: Mention) -> Iterable[Record]:
        """Send one query of a batch; what comes back has names and kinds alone."""
        query = {"q0": {"query": mention.name, "limit": _CANDIDATES}}
        found = self.client.post(self.url, {"queries": json.dumps(query, ensure_ascii=False)})
        try:
            return [self._record(entry) for entry in found["q0"]["result"]]
        except (KeyError, TypeError, AttributeError) as error:
            raise _strange(self.name) from error

    def _record(self, entry: Mapping[str, Any]) -> Record:
        key = str(entry["id"])
        kinds = [kind if isinstance(kind, str) else kind["id"] for kind in entry.get("type") or ()]
        return Record(
            id=key if re.match(r"https?://", key) else self.space + key,
            names=(Name(str(entry["name"])),),
            kinds=tuple(kinds),
        )


@dataclass(frozen=True, slots=True)
class Sparql:
    """Any SPARQL endpoint. The query has `$name` where the name goes, as a plain string.

    It selects `?item` and `?name`, and if need be `?language`, `?country` (ISO code) and `?city`.
    """

    client: Client
    url: str
    query: str
    name: str

    def candidates(self, mention: Mention) -> Iterable[Record]:
        """Run the query for one name."""
        literal = json.dumps(mention.name, ensure_ascii=False)
        asked = self.query.replace("$name", literal)
        found = self.client.get(
            self.url, {"query": asked}, accept="application/sparql-results+json"
        )
        try:
            rows = [
                {name: cell["value"] for name, cell in row.items()}
                for row in found["results"]["bindings"]
            ]
            items: dict[str, list[dict[str, str]]] = {}
            for row in rows:
                items.setdefault(row["item"], []).append(row)
            return [_of_rows(item, group) for item, group in items.items()]
        except (KeyError, TypeError, AttributeError) as error:
            raise _strange(self.name) from error


def _of_rows(item: str, rows: list[dict[str, str]]) -> Record:
    names = dict.fromkeys((row["name"], row.get("language", "")) for row in rows)
    return Record(
        id=item,
        names=tuple(Name(text, NameKind.LABEL, language) for text, language in names),
        country=next((row["country"] for row in rows if "country" in row), ""),
        city=next((row["city"] for row in rows if "city" in row), ""),
    )


def _names(item: Mapping[str, Any]) -> Iterator[Name]:
    for entry in (item.get("labels") or {}).values():
        yield Name(entry["value"], NameKind.LABEL, entry["language"])
    for group in (item.get("aliases") or {}).values():
        for entry in group:
            short = re.fullmatch(r"[A-ZА-ЯЁ]{2,8}", entry["value"])
            kind = NameKind.ACRONYM if short else NameKind.ALIAS
            yield Name(entry["value"], kind, entry["language"])


def _label(item: Mapping[str, Any]) -> str:
    labels = item.get("labels") or {}
    best = labels.get("en") or labels.get("mul") or next(iter(labels.values()), {"value": ""})
    return str(best["value"])


def _values(item: Mapping[str, Any], property_: str) -> Iterator[str]:
    """Yield the values of a property: keys of items, strings, or times; the best rank alone."""
    claims = (item.get("claims") or {}).get(property_) or []
    preferred = [claim for claim in claims if claim.get("rank") == "preferred"]
    for claim in preferred or [claim for claim in claims if claim.get("rank") != "deprecated"]:
        value = (claim.get("mainsnak") or {}).get("datavalue", {}).get("value")
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict) and (found := value.get("id") or value.get("time")):
            yield str(found)


def _strange(name: str) -> SourceError:
    hint = "it may have changed, or something between here and there answers for it"
    return SourceError(f"{name} answers with something unexpected", hint=hint)


def _said(found: Any) -> str:
    error = found.get("error") if isinstance(found, dict) else None
    return str(error.get("info", ""))[:200] if isinstance(error, dict) else ""
