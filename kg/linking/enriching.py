"""What other knowledge bases say of the records that entities are linked to: the graph `external`.

It is said of the records, never of our entities, and each record names its source and licence; so
it does not mix with what articles say. It is kept as a file of the seeds, so that git sees it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg import terms
from kg.disk import write_whole
from kg.errors import DataError, Place
from kg.iris import Iris
from kg.linking.sssom import Decision, MappingSet
from kg.prefixes import VOCABULARIES
from kg.releases.stores import encode
from kg.terms import Quad, iri

CC0: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
_KINDS: Final = {"label": "prefLabel", "alias": "altLabel", "acronym": "altLabel"}
_SKOS, _SCHEMA, _DCTERMS = (VOCABULARIES[name] for name in ("skos", "schema", "dcterms"))
_ORG: Final = VOCABULARIES["org"]


def linked(mappings: MappingSet) -> frozenset[str]:
    """Return the records that accepted rows link to."""
    return frozenset(row.object for row in mappings.rows if row.decision is Decision.ACCEPTED)


def said_by_ror(
    entries: Iterable[Mapping[str, Any]], wanted: Collection[str], *, source: str
) -> Iterator[tuple[str, str, str]]:
    """Yield triples, in encoded terms, of what ROR says of some records.

    Args:
        entries: records in ROR's schema v2.
        wanted: the ids of those to take.
        source: the name and version of the dump.
    """
    for entry in entries:
        if entry["id"] not in wanted:
            continue
        record = iri(entry["id"])
        for predicate, value in _of_entry(entry):
            yield record, iri(predicate), value
        yield record, iri(f"{_DCTERMS}source"), terms.text(source)
        yield record, iri(f"{_DCTERMS}license"), iri(CC0)


def _of_entry(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in entry["names"]:
        kind = "label" if "label" in name["types"] else name["types"][0]
        if kind in _KINDS or "ror_display" in name["types"]:
            text = terms.text(name["value"], name.get("lang") or "")
            yield _SKOS + _KINDS.get(kind, "prefLabel"), text
    for place in entry.get("locations", ())[:1]:
        details = place["geonames_details"]
        for predicate, number in (
            ("latitude", details.get("lat")),
            ("longitude", details.get("lng")),
        ):
            if number is not None:
                yield _SCHEMA + predicate, terms.typed(_decimal(number), "decimal")
        if code := details.get("country_code"):
            yield f"{_SCHEMA}addressCountry", terms.text(code)
    if (year := entry.get("established")) is not None:
        yield f"{_SCHEMA}foundingDate", terms.text(f"{year:04d}")  # years compare as text
    for relation in entry.get("relationships", ()):
        if relation["type"] == "parent":
            yield f"{_ORG}subOrganizationOf", iri(relation["id"])


def _decimal(number: float) -> str:
    text = f"{number:.6f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def write(file: Path, triples: Iterable[tuple[str, str, str]]) -> int:
    """Write triples as sorted N-Triples, whole or not at all; return how many.

    Raises:
        DataError: nothing to write.
    """
    lines = sorted({f"{' '.join(triple)} .\n" for triple in triples})
    if not lines:
        raise DataError("nothing is said of the linked records there", where=Place(str(file)))
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, "".join(lines).encode())
    return len(lines)


def read_external(folder: Path, iris: Iris) -> Iterator[Quad]:
    """Yield what stands in the `*.nt` files of a folder as `graph/external`, sorted.

    Raises:
        DataError: a file is not N-Triples, has a blank node, or speaks of an IRI of our own.
    """
    graph = iri(iris.graph("external"))
    found: set[Quad] = set()
    for file in sorted(folder.glob("*.nt")):
        try:
            for quad in ox.parse(path=str(file), format=ox.RdfFormat.N_TRIPLES):
                subject = encode(quad.subject)
                if subject.startswith(f"<{iris.base}"):
                    what = f"{subject} is our own: only others' records are described here"
                    raise DataError(what, where=Place(str(file)))
                found.add(Quad(subject, encode(quad.predicate), encode(quad.object), graph))
        except (SyntaxError, OSError) as error:
            raise DataError(f"not N-Triples: {error}", where=Place(str(file))) from error
    yield from sorted(found)
