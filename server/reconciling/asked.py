"""What a client of the reconciliation service asks for, read from JSON and judged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from server.problems import Problem
from server.reconciling.vocabulary import Vocabulary

MOST_QUERIES: Final = 50  # in one batch
MOST_CANDIDATES: Final = 50  # for one query
MOST_CONSTRAINTS: Final = 10  # properties of one query
MOST_VALUES: Final = 20  # of one property
MOST_IDS: Final = 100  # things whose values are asked for at once
MOST_PROPERTIES: Final = 20
LONGEST: Final = 500  # characters of a name or a value
CANDIDATES: Final = 5
_NAMES: Final = frozenset({"query", "type", "types", "limit", "properties", "type_strict"})


class Strictness(StrEnum):
    """How the types asked for count: all of them, any of them, or as a wish."""

    ANY = "any"
    SHOULD = "should"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a constraint: a text, number or boolean as text, or the IRI of a thing."""

    text: str
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One of these values is expected of a property."""

    property: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A query for candidates; `types` are IRIs."""

    text: str
    types: tuple[str, ...] = ()
    strictness: Strictness = Strictness.ANY
    limit: int = CANDIDATES
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Extended:
    """A property whose values are asked for: at most `limit` of each thing, 0 for all."""

    property: str
    limit: int = 0
    content: str = "name"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """A request for values; `names` are the properties as they were asked for."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, Extended], ...]


def batch(text: str, vocabulary: Vocabulary) -> dict[str, Query]:
    """Read a batch of queries.

    Raises:
        Problem: it is not as the API has it, or beyond a limit.
    """
    found = _object(_parsed(text, "queries"), "queries")
    if len(found) > MOST_QUERIES:
        detail = f"the batch has {len(found):,} queries; {MOST_QUERIES} are allowed"
        raise Problem("limit", detail, where={"in": "queries"}, hint="send smaller batches")
    return {name: query(asked, vocabulary, where=name) for name, asked in found.items()}


def single(text: str, vocabulary: Vocabulary) -> Query:
    """Read one query: its JSON, or the bare name that is looked for.

    Raises:
        Problem: it is not as the API has it, or beyond a limit.
    """
    if text.lstrip().startswith("{"):
        return query(_parsed(text, "query"), vocabulary, where="query")
    return query({"query": text}, vocabulary, where="query")


def query(asked: object, vocabulary: Vocabulary, *, where: str) -> Query:
    """Read one query of a batch.

    Raises:
        Problem: it is not as the API has it, or beyond a limit.
    """
    given = _object(asked, where)
    if unknown := sorted(given.keys() - _NAMES):
        raise _wrong(where, f"there is no member {unknown[0][:40]!r} of a query")
    constraints = _list(given.get("properties", []), f"{where}.properties", MOST_CONSTRAINTS)
    text = _text(given.get("query", ""), f"{where}.query").strip()
    if not text and not constraints:
        raise _wrong(where, "a query needs a name or properties")
    types = given.get("type") or given.get("types") or []
    strict = given.get("type_strict", Strictness.ANY.value)
    if strict not in list(Strictness):
        raise _wrong(f"{where}.type_strict", "type_strict is any, should or all")
    return Query(
        text=text,
        types=tuple(_types(types, vocabulary, f"{where}.type")),
        strictness=Strictness(strict),
        limit=_limit(given.get("limit"), f"{where}.limit"),
        constraints=tuple(
            _constraint(one, vocabulary, f"{where}.properties[{number}]")
            for number, one in enumerate(constraints)
        ),
    )


def extension(text: str, vocabulary: Vocabulary) -> Extension:
    """Read a request for values of properties.

    Raises:
        Problem: it is not as the API has it, or beyond a limit.
    """
    given = _object(_parsed(text, "extend"), "extend")
    if "ids" not in given or "properties" not in given:
        raise _wrong("extend", "ids and properties are needed")
    ids = [_text(one, "extend.ids") for one in _list(given["ids"], "extend.ids", MOST_IDS)]
    listed = _list(given["properties"], "extend.properties", MOST_PROPERTIES)
    return Extension(
        tuple(dict.fromkeys(ids)),
        tuple(
            _extended(one, vocabulary, f"extend.properties[{number}]")
            for number, one in enumerate(listed)
        ),
    )


def property_iri(name: object, vocabulary: Vocabulary, where: str) -> str:
    """Return the property that a client means.

    Raises:
        Problem: there is none of that name.
    """
    iri = vocabulary.iri(_text(name, where))
    if not iri:
        hint = "ask /reconcile/suggest/property, or give an IRI"
        raise _wrong(where, f"there is no property {str(name)[:80]!r}", hint)
    return iri


def _types(given: object, vocabulary: Vocabulary, where: str) -> list[str]:
    listed = [given] if isinstance(given, str | dict) else _list(given, where, MOST_VALUES)
    found = []
    for one in listed:
        name = _text(one.get("id", "") if isinstance(one, dict) else one, where)
        iri = vocabulary.iri(name)
        if not iri:
            hint = "ask /reconcile/suggest/type, or give an IRI"
            raise _wrong(where, f"there is no type {name[:80]!r}", hint)
        found.append(iri)
    return found


def _constraint(given: object, vocabulary: Vocabulary, where: str) -> Constraint:
    members = _object(given, where)
    if "v" not in members or "pid" not in members:
        raise _wrong(where, "a property needs pid and v")
    values = members["v"] if isinstance(members["v"], list) else [members["v"]]
    listed = _list(values, f"{where}.v", MOST_VALUES)
    iri = property_iri(members["pid"], vocabulary, f"{where}.pid")
    return Constraint(iri, tuple(_value(one, f"{where}.v") for one in listed))


def _value(given: object, where: str) -> Value:
    match given:
        case bool():
            return Value(str(given).lower())
        case int() | float() | str():
            return Value(_text(str(given), where))
        case {"id": str(iri), **others}:
            return Value(_text(others.get("name", ""), where), _text(iri, where))
    raise _wrong(where, "a value is a text, a number, a boolean, or an object with an id")


def _extended(given: object, vocabulary: Vocabulary, where: str) -> tuple[str, Extended]:
    members = _object(given, where)
    iri = property_iri(members.get("id", ""), vocabulary, f"{where}.id")
    settings = _object(members.get("settings") or {}, f"{where}.settings")
    limit = settings.get("limit") or 0
    if not (str(limit).isascii() and str(limit).isdigit()) or len(str(limit)) > 6:
        raise _wrong(f"{where}.settings.limit", "limit is a number of values, 0 for all")
    content = settings.get("content") or "name"
    if content not in ("name", "id"):
        raise _wrong(f"{where}.settings.content", "content is name or id")
    language = _text(settings.get("language") or "", f"{where}.settings.language")
    return str(members["id"]), Extended(iri, int(limit), content, language)


def _limit(given: object, where: str) -> int:
    if given is None:
        return CANDIDATES
    if isinstance(given, str) and given.isascii() and given.isdigit():
        given = int(given[:6])
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= MOST_CANDIDATES:
        raise _wrong(where, f"limit is a number from 1 to {MOST_CANDIDATES}")
    return given


def _parsed(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(where, f"{where} is not JSON") from error


def _object(given: object, where: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise _wrong(where, "an object is expected here")
    return given


def _list(given: object, where: str, most: int) -> Sequence[Any]:
    if not isinstance(given, list):
        raise _wrong(where, "a list is expected here")
    if len(given) > most:
        detail = f"{len(given):,} values; {most} are allowed"
        raise Problem("limit", detail, where={"in": where})
    return given


def _text(given: object, where: str) -> str:
    if not isinstance(given, str):
        raise _wrong(where, "a text is expected here")
    if len(given) > LONGEST:
        detail = f"a text of {len(given):,} characters; {LONGEST} are allowed"
        raise Problem("limit", detail, where={"in": where})
    if any(0xD800 <= ord(char) <= 0xDFFF for char in given):
        raise _wrong(where, "the text has half a character in it")
    return given


def _wrong(where: str, detail: str, hint: str = "") -> Problem:
    return Problem("bad-request", detail, where={"in": where[:200]}, hint=hint)
