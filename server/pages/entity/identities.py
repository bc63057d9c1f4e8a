"""What other knowledge bases call a thing, and how each link was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from server.pages.naming import kept
from server.site import Site

_BASES: Final = {
    "https://ror.org/": "ROR",
    "http://www.wikidata.org/entity/": "Wikidata",
    "https://www.wikidata.org/entity/": "Wikidata",
    "https://sws.geonames.org/": "GeoNames",
    "https://orcid.org/": "ORCID",
    "http://dbpedia.org/resource/": "DBpedia",
    "https://viaf.org/viaf/": "VIAF",
    "http://viaf.org/viaf/": "VIAF",
    "https://d-nb.info/gnd/": "GND",
    "https://isni.org/isni/": "ISNI",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """A link to a record elsewhere; what is not known of it is "".

    Attributes:
        relation: local name of the property: exactMatch, closeMatch …
        method: local name of the justification of SEMAPV: ManualMappingCuration …
        anchor: its place in the page; the link is a thing with an address of its own.
    """

    iri: str
    relation: str
    confidence: str = ""
    method: str = ""
    day: str = ""
    comment: str = ""
    reviewer: str = ""
    author: str = ""
    anchor: str = ""

    @property
    def base(self) -> str:
        """The knowledge base."""
        return next((name for start, name in _BASES.items() if self.iri.startswith(start)), "")

    @property
    def local(self) -> str:
        """What the record is called there."""
        return self.iri.rstrip("/").rpartition("/")[2] if self.base else self.iri


def read(site: Site, this: str) -> list[Identity]:
    """Return the links of a thing, exact ones first."""
    found: dict[tuple[str, str], Identity] = {}
    for row in kept(site, "identities", this=this):
        cells = {name: str(cell[1]) for name, cell in row.items()}
        relation = _local(cells["property"])
        identity = Identity(
            iri=cells["target"],
            relation=relation,
            confidence=cells.get("confidence", ""),
            method=_local(cells.get("justification", "")),
            day=cells.get("day", "")[:10],
            comment=cells.get("comment", ""),
            reviewer=cells.get("reviewer", ""),
            author=cells.get("author", ""),
            anchor=cells.get("link", "").partition("#")[2],
        )
        found.setdefault((relation, identity.iri), identity)
    return sorted(
        found.values(), key=lambda one: (one.relation != "exactMatch", not one.base, one.iri)
    )


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
