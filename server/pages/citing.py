"""How a release is cited, and how search engines are told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from kg.releases import Release
from server.downloads import offered
from server.languages import LANGUAGES
from server.pages.origin import origin
from server.site import Site

TITLE: Final = "UniPact: a knowledge graph of university cooperation"
_AUTHOR: Final = "UniPact contributors"
_LICENCES: Final = {"https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0"}


@dataclass(frozen=True, slots=True)
class Citation:
    """A release as it is cited: in a text, and as a BibTeX entry."""

    text: str
    bibtex: str


def licence_name(iri: str) -> str:
    """Return what people call a licence."""
    return _LICENCES.get(iri, iri)


def citation(release: Release, *, address: str) -> Citation:
    """Return how a release is cited; `address` is that of its page."""
    day = release.manifest.created[:10]
    year = day[:4] or "n.d."
    told = ". ".join(
        [f"{_AUTHOR} ({year}). {TITLE}", f"Release {release.id}" + (f", {day}" if day else "")]
    )
    licence = licence_name(release.manifest.licence)
    return Citation(f"{told}. {address}. {licence}.", _bibtex(release, address, day, licence))


def _bibtex(release: Release, address: str, day: str, licence: str) -> str:
    fields = {
        "title": "{UniPact}: a knowledge graph of university cooperation",
        "author": f"{{{_AUTHOR}}}",
        "year": day[:4],
        "date": day,
        "version": release.id,
        "url": address,
        "note": licence,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{unipact-{release.id},", *lines, "}"])


def dataset(site: Site, release: Release) -> dict[str, Any]:
    """Return what schema.org calls a Dataset."""
    here, manifest = origin(site), release.manifest
    found = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{manifest.base}dataset",
        "name": TITLE,
        "description": (
            "Facts on the cooperation of universities, read from news articles: memberships, "
            "agreements, partnerships, events, people. Each has the article, the words, and "
            "whether it happened or was only planned."
        ),
        "url": f"{here}/",
        "identifier": release.id,
        "version": release.id,
        "dateModified": manifest.created,
        "license": manifest.licence,
        "isAccessibleForFree": True,
        "inLanguage": list(LANGUAGES),
        "keywords": [
            "university cooperation", "university alliances", "knowledge graph", "linked data",
            "RDF", "provenance",
        ],
        "creator": {"@type": "Organization", "name": _AUTHOR, "url": manifest.base},
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": f"{here}/download/{release.id}/{name}",
                "encodingFormat": file["media_type"],
                "contentSize": f"{file['size']} B",
                "sha256": file["sha256"],
            }
            for name, file in offered(release).items()
        ],
    }  # fmt: skip
    return {name: value for name, value in found.items() if value != "" and value != []}
