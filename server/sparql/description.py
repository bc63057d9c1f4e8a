"""What the endpoint says of itself: SPARQL 1.1 Service Description, with VoID of its data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from server.sparql.textsearch import SERVICE

MOST_GRAPHS: Final = 1000  # named graphs that are listed; more are told in a comment
RDF_FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_VOID: Final = "http://rdfs.org/ns/void#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_GEOF: Final = "http://www.opengis.net/def/function/geosparql/"
_A: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_RESULTS: Final = (
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
    "Turtle N-Triples JSON-LD RDF_XML"
).split()
FUNCTIONS: Final = (
    "area asGeoJSON centroid convexHull coordinateDimension difference dimension distance "
    "ehContains ehCoveredBy ehCovers ehDisjoint ehEquals ehInside ehMeet ehOverlap envelope "
    "getSRID intersection isEmpty isSimple length perimeter rcc8dc rcc8ec rcc8eq rcc8ntpp "
    "rcc8ntppi rcc8po rcc8tpp rcc8tppi relate sfContains sfCrosses sfDisjoint sfEquals "
    "sfIntersects sfOverlaps sfTouches sfWithin spatialDimension symDifference union"
).split()
"""GeoSPARQL's functions that the engine has."""


@dataclass(frozen=True, slots=True)
class Described:
    """What the description is about.

    Attributes:
        endpoints: the IRIs that the endpoint is known by.
        base: the base of the data's IRIs.
        is_union: whether the default graph is the merge of all graphs.
        triples: how many triples the default graph has.
        graphs: IRIs of the named graphs, at most `MOST_GRAPHS` and one.
        void: the file that describes the data, Turtle.
    """

    endpoints: Sequence[str]
    base: str
    is_union: bool
    triples: int
    graphs: Sequence[str]
    void: Path


def describe(described: Described, format: str, prefixes: Mapping[str, str]) -> bytes:
    """Return the description in an RDF format, by its name in `negotiation`."""
    body = ox.serialize(
        (*_service(described), *_dataset(described)),
        format=RDF_FORMATS[format],
        prefixes={**prefixes, "sd": _SD, "geof": _GEOF},
    )
    assert body is not None
    return body


def _service(described: Described) -> Iterator[Triple]:
    service = BlankNode("service")
    yield Triple(service, _A, _sd("Service"))
    for endpoint in described.endpoints:
        yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    simple = NamedNode("http://www.w3.org/ns/entailment/Simple")
    yield Triple(service, _sd("defaultEntailmentRegime"), simple)
    if described.is_union:
        yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    search = NamedNode(SERVICE)
    yield Triple(service, _sd("feature"), search)
    yield Triple(search, _A, _sd("Feature"))
    yield Triple(search, NamedNode(_RDFS + "label"), Literal("search by name", language="en"))
    for name in _RESULTS:
        yield Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name))
    for name in FUNCTIONS:
        function = NamedNode(_GEOF + name)
        yield Triple(service, _sd("extensionFunction"), function)
        yield Triple(function, _A, _sd("Function"))
    yield Triple(service, _sd("defaultDataset"), NamedNode(f"{described.base}dataset"))


def _dataset(described: Described) -> Iterator[Triple]:
    dataset, default = NamedNode(f"{described.base}dataset"), BlankNode("default")
    yield Triple(dataset, _A, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, _A, _sd("Graph"))
    yield Triple(default, NamedNode(_VOID + "triples"), Literal(described.triples))
    for number, graph in enumerate(described.graphs[:MOST_GRAPHS]):
        named = BlankNode(f"graph{number}")
        yield Triple(dataset, _sd("namedGraph"), named)
        yield Triple(named, _A, _sd("NamedGraph"))
        yield Triple(named, _sd("name"), NamedNode(graph))
    if len(described.graphs) > MOST_GRAPHS:
        more = Literal(f"{MOST_GRAPHS:,} of the named graphs are listed", language="en")
        yield Triple(dataset, NamedNode(_RDFS + "comment"), more)
    yield from (quad.triple for quad in ox.parse(path=described.void, format=ox.RdfFormat.TURTLE))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
