"""Values of properties for a table's things (data extension), and which properties there are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from kg.prefixes import VOCABULARIES
from server.languages import best, language
from server.reconciling.asked import Extended, Extension
from server.reconciling.constraints import Known, facts
from server.reconciling.reading import rows, term
from server.reconciling.vocabulary import Vocabulary
from server.site import Site

PROPOSED: Final = 50
_XSD: Final = VOCABULARIES["xsd"]
_WHOLE: Final = frozenset(
    f"{_XSD}{name}" for name in ("integer", "int", "long", "short", "nonNegativeInteger")
)
_BROKEN: Final = frozenset(f"{_XSD}{name}" for name in ("decimal", "double", "float"))


def extended(site: Site, vocabulary: Vocabulary, asked: Extension) -> dict[str, Any]:
    """Return the values of each property of each thing.

    Raises:
        Problem: there are too many values, or no worker is free.
    """
    known = facts(site, asked.ids, {one.property for _, one in asked.properties})
    return {
        "meta": [_meta(vocabulary, name, one) for name, one in asked.properties],
        "rows": {
            iri: {
                name: _cells(known.get((iri, one.property), ()), one)
                for name, one in asked.properties
            }
            for iri in asked.ids
        },
    }


def proposed(site: Site, vocabulary: Vocabulary, type: str, limit: int) -> list[dict[str, str]]:
    """Return properties that things of a class have, the most frequent first.

    Without a class, those of everything that the ontology names.

    Raises:
        Problem: no worker is free.
    """
    if not type:
        own = [one for one in vocabulary.properties.values() if one.names]
        return [{"id": one.iri, "name": one.name} for one in own][:limit]
    found = rows(site, "reconcile-proposal", **{"class": term(type)})
    terms = [vocabulary.property(row["property"][1]) for row in found]
    return [{"id": one.iri, "name": one.name} for one in terms][:limit]


def _meta(vocabulary: Vocabulary, name: str, asked: Extended) -> dict[str, Any]:
    known = vocabulary.property(asked.property)
    found: dict[str, Any] = {"id": name, "name": known.name}
    ranges = [iri for iri in known.broader if iri in vocabulary.classes]
    if ranges and asked.content == "name":
        found["type"] = vocabulary.type(ranges[0])
    return found


def _cells(known: Sequence[Known], asked: Extended) -> list[dict[str, Any]]:
    wanted = [one for one in known if _is_wanted(one, asked.language)]
    return [_cell(one, asked) for one in wanted[: asked.limit or None]]


def _is_wanted(known: Known, wanted: str) -> bool:
    tag = known.language.lower()
    return not wanted or not tag or tag.split("-")[0] == wanted.lower().split("-")[0]


def _cell(known: Known, asked: Extended) -> dict[str, Any]:
    if known.kind == "iri":
        name = best(known.names, asked.language or language())
        if asked.content == "id" or not name:
            return {"str": known.text}
        return {"id": known.text, "name": name}
    if known.datatype in _WHOLE and known.text.lstrip("+-").isdecimal() and len(known.text) < 19:
        return {"int": int(known.text)}
    if known.datatype in _BROKEN and math.isfinite(number := _number(known.text)):
        return {"float": number}
    if known.datatype == f"{_XSD}date" and len(known.text) == len("2020-01-01"):
        return {"date": f"{known.text}T00:00:00"}
    return {"str": known.text}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
