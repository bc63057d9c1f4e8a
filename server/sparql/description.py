"""What the endpoint says of itself: SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Protocol

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_VOID: Final = "http://rdfs.org/ns/void#"
_FORMATS: Final = (
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
    "Turtle N-Triples JSON-LD RDF_XML"
).split()
RDF_FORMATS: Final = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
}


class Described(Protocol):
    """What a manifest must say."""

    @property
    def base(self) -> str:
        """The base of the data's IRIs."""

    @property
    def triples(self) -> int:
        """How many triples the default graph has."""


def describe(endpoint: str, manifest: Described, format: str, prefixes: Mapping[str, str]) -> bytes:
    """Return the description in an RDF format, by its name in `negotiation`."""
    body = pyoxigraph.serialize(
        _triples(endpoint, manifest), format=RDF_FORMATS[format], prefixes={**prefixes, "sd": _SD}
    )
    assert body is not None
    return body


def _triples(endpoint: str, manifest: Described) -> Iterator[Triple]:
    service, dataset, graph = BlankNode("service"), BlankNode("dataset"), BlankNode("graph")
    a = NamedNode(_RDF + "type")
    yield Triple(service, a, _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    for name in _FORMATS:
        format = NamedNode(f"http://www.w3.org/ns/formats/{name}")
        yield Triple(service, _sd("resultFormat"), format)
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, a, _sd("Dataset"))
    yield Triple(dataset, a, NamedNode(_VOID + "Dataset"))
    yield Triple(dataset, NamedNode(_VOID + "uriSpace"), Literal(manifest.base))
    yield Triple(dataset, _sd("defaultGraph"), graph)
    yield Triple(graph, a, _sd("Graph"))
    yield Triple(graph, NamedNode(_VOID + "triples"), Literal(manifest.triples))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
