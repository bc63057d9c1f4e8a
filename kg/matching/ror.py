"""Reads organisations from a ROR dump, schema v2, one at a time.

A dump is a JSON array or JSON Lines, plain, gzipped, or zipped as ROR ships it.
Source: https://ror.readme.io/docs/ror-data-structure
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, cast

from kg.errors import DataError, KgError, Place, Problems
from kg.matching.records import Name, NameKind, Record, Status

_CHUNK: Final = 1 << 20  # bytes read at once
_LONGEST: Final = 1 << 24  # characters of one record; real ones have up to 100,000
_MOST_ERRORS: Final = 20
_BETWEEN: Final = re.compile(r"[\s,\[\]\ufeff]*")
_ID: Final = re.compile(r"https://ror\.org/0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}")
_DAMAGED: Final = (OSError, EOFError, zipfile.BadZipFile, zlib.error, UnicodeDecodeError)


def read_ror(path: Path) -> Iterator[Record]:
    """Yield the records of a dump in its order.

    Raises:
        DataError: the file cannot be read, or is not JSON.
        Problems: records that cannot be used, told after all others were yielded; or the first
            twenty, when there are more.
    """
    errors: list[KgError] = []
    for number, line, entry in _entries(path):
        try:
            yield record_of_ror(entry)
        except DataError as error:
            name = entry.get("id") if isinstance(entry, dict) else None
            what = f"record {number} ({name or 'without id'}): {error.what}"
            errors.append(DataError(what, where=Place(str(path), line)))
        if len(errors) == _MOST_ERRORS:
            break
    if errors:
        raise Problems(errors)


def entries_of_ror(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a dump as they are written, those that cannot be used left out.

    Raises:
        DataError: the file cannot be read, or is not JSON.
    """
    for _, _, entry in _entries(path):
        with suppress(DataError):
            record_of_ror(entry)
            yield entry


def record_of_ror(entry: object) -> Record:
    """Return a record from its JSON in schema v2.

    Raises:
        DataError: a field is missing or of another type.
    """
    if not isinstance(entry, dict):
        raise DataError("not an object")
    if "names" not in entry and "name" in entry:
        raise DataError("schema v1 is not supported", hint="use the dump in schema v2")
    try:
        return _record(entry)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"not a record of ROR's schema v2: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _record(entry: Mapping[str, Any]) -> Record:
    if not _ID.fullmatch(_text(entry["id"])):
        raise ValueError(f"{entry['id']!r} is no ROR identifier")
    place = _place(entry)
    related = [(_text(link["type"]), _text(link["id"])) for link in entry.get("relationships", ())]
    year = entry.get("established")
    if year is not None and not isinstance(year, int):
        raise ValueError(f"established: {year!r} is no year")
    return Record(
        id=entry["id"],
        names=_names(entry),
        country=_text(place.get("country_code") or ""),
        country_name=_text(place.get("country_name") or ""),
        region=_text(place.get("country_subdivision_name") or ""),
        city=_text(place.get("name") or ""),
        kinds=tuple(map(_text, entry.get("types", ()))),
        status=Status(entry["status"]),
        parents=tuple(other for kind, other in related if kind == "parent"),
        children=tuple(other for kind, other in related if kind == "child"),
        successors=tuple(other for kind, other in related if kind == "successor"),
        established=year,
        links=tuple(_text(link["value"]) for link in entry.get("links", ())),
        external_ids=_external_ids(entry),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _place(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    details = [location["geonames_details"] for location in entry.get("locations", ())]
    return details[0] if details else {}


def _names(entry: Mapping[str, Any]) -> tuple[Name, ...]:
    """Return the names, the one to display first; a name of two kinds is the lesser one."""
    found = sorted(entry["names"], key=lambda name: "ror_display" not in name["types"])
    names = tuple(
        Name(" ".join(_text(name["value"]).split()), _kind(name["types"]), name.get("lang") or "")
        for name in found
    )
    if not names or not all(name.text for name in names):
        raise ValueError("names: none, or an empty one")
    return names


def _kind(types: list[str]) -> NameKind:
    if "acronym" in types and "ror_display" not in types:
        return NameKind.ACRONYM
    if "label" in types or "ror_display" in types:
        return NameKind.LABEL
    return NameKind.ALIAS


def _external_ids(entry: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (_text(group["type"]), _text(value))
        for group in entry.get("external_ids", ())
        for value in group["all"]
    )


def _entries(path: Path) -> Iterator[tuple[int, int, Any]]:
    """Yield the number, the line and the JSON value of each entry."""
    decoder = json.JSONDecoder()
    number, line, rest = 0, 1, ""
    with _opened(path) as stream:
        more = True
        text = codecs.iterdecode(iter(lambda: stream.read(_CHUNK), b""), "utf-8")
        while more:
            piece = next(text, None)
            more = piece is not None
            rest += piece or ""
            at = 0
            while True:
                begin = _BETWEEN.match(rest, at).end()  # type: ignore[union-attr]  # matches nothing too
                line += rest.count("\n", at, begin)
                at = begin
                if at == len(rest):
                    break
                try:
                    entry, end = decoder.raw_decode(rest, at)
                except (json.JSONDecodeError, RecursionError) as error:
                    if more and len(rest) - at < _LONGEST:
                        break
                    raise DataError(
                        f"record {number + 1} is not JSON: {error}", where=Place(str(path), line)
                    ) from error
                number += 1
                yield number, line, entry
                line += rest.count("\n", at, end)
                at = end
            rest = rest[at:]


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            begin = file.read(4)
        if begin.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(path) as archive, archive.open(_member(archive)) as stream:
                yield stream
        elif begin.startswith(b"\x1f\x8b"):
            with gzip.open(path) as packed:
                yield cast(IO[bytes], packed)
        else:
            with path.open("rb") as plain:
                yield plain
    except _DAMAGED as error:
        raise DataError(f"cannot be read: {error}", where=Place(str(path))) from error


def _member(archive: zipfile.ZipFile) -> str:
    """Return the name of the dump in an archive; releases before 2026 hold schema v1 too."""
    names = sorted(name for name in archive.namelist() if name.endswith((".json", ".jsonl")))
    if not names:
        raise DataError("the archive holds no JSON", where=Place(str(archive.filename)))
    return next((name for name in names if "schema_v2" in name), names[0])
