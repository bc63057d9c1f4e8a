"""The prefixes that dumps, queries and pages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kg.iris import ONTOLOGY, Iris

VOCABULARIES: Final[Mapping[str, str]] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "sssom": "https://w3id.org/sssom/",
    "time": "http://www.w3.org/2006/time#",
    "up": ONTOLOGY,
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def prefixes(iris: Iris) -> dict[str, str]:
    """Return prefix → namespace in the order of their names, with those of this base.

    >>> prefixes(Iris())["article"]
    'https://w3id.org/unipact/article/'
    """
    ours = {name: f"{iris.base}{name}/" for name in ("article", "concept", "graph", "id")}
    return dict(sorted({**VOCABULARIES, **ours}.items()))
