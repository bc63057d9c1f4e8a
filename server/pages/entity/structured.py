"""What search engines are told of a thing, in terms of schema.org."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from server.pages.entity.classes import Classes
from server.pages.entity.identities import Identity
from server.pages.entity.said import Names, Said
from server.pages.entity.statements import Statement

# The first that fits; a planned event is an event for schema.org, too, which has a status for it.
_TYPES: Final = (
    ("up:University", "CollegeOrUniversity"),
    ("up:Person", "Person"),
    ("up:Organization", "Organization"),
    ("up:Event", "Event"),
    ("up:Country", "Country"),
    ("up:City", "City"),
    ("up:Place", "Place"),
    ("up:Course", "Course"),
    ("up:Programme", "Project"),
    ("up:Project", "Project"),
    ("up:Article", "NewsArticle"),
    ("skos:Concept", "DefinedTerm"),
)
_POSTPONED: Final = {
    "postponed": "https://schema.org/EventPostponed",
    "cancelled": "https://schema.org/EventCancelled",
}


def structured(
    iri: str, said: Said, *, names: Names, other_names: Sequence[str], classes: Classes,
    identities: Sequence[Identity], itself: Statement,
) -> dict[str, Any] | None:  # fmt: skip
    """Return the description of a thing, None when schema.org has no class for it."""
    kinds = said.iris("rdf:type")
    type = next((name for ours, name in _TYPES if classes.has(kinds, ours)), "")
    if not type or classes.has(kinds, "up:Fact"):
        return None
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": type,
        "@id": iri,
        "name": names.of(iri).text,
        "alternateName": list(other_names),
        "sameAs": [one.iri for one in identities if one.relation in ("exactMatch", "sameAs")],
    }
    if type == "Event":
        found |= _event(said, itself)
    elif places := [names.of(place).text for place in said.iris("up:place")]:
        found["location"] = [{"@type": "Place", "name": place} for place in places]
    return {name: value for name, value in found.items() if value}


def _event(said: Said, itself: Statement) -> dict[str, Any]:
    days = [day for _, day in itself.days if day.earliest and day.earliest == day.latest]
    status = said.first("up:status").rpartition("/")[2]
    return {
        "startDate": days[0].earliest if days else "",
        "eventStatus": _POSTPONED.get(status, ""),
    }
