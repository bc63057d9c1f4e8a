"""The shipped corpus with names, titles and quotes that mean harm."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pyoxigraph as ox

import unipact

HIT = "window.__hit=1"
SCRIPT = f"<script>{HIT}</script>"
_MEAN = (
    SCRIPT,
    f"<img src=/x onerror={HIT}>",
    f'" onmouseover="{HIT}" autofocus onfocus="{HIT}" x="',
    f"</script></title></textarea></style>{SCRIPT}<!--",
    "\u202e\u2067gnp.txe\u2066 \u200f\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 20,
    "{{ 7 * 7 }} ${7*7} <%= 7 %> ]]> &lt;b&gt; &#60;",
    f"javascript:{HIT}//",
    "\u0e49" * 8 + "Z" + "\u0300\u0301" * 50,
    "n" * 10_000,
)
_NAMES = frozenset(
    ox.NamedNode(iri)
    for iri in (
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/2004/02/skos/core#altLabel",
        "http://www.w3.org/2004/02/skos/core#note",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://purl.org/dc/terms/title",
        "http://www.w3.org/ns/oa#exact",
        "http://www.w3.org/ns/oa#prefix",
        "http://www.w3.org/ns/oa#suffix",
        "https://w3id.org/unipact/ontology#words",
        "https://w3id.org/unipact/ontology#text",
        "https://w3id.org/unipact/ontology#originalTitle",
        "https://w3id.org/unipact/ontology#printedAs",
    )
)
_TERMS = "https://w3id.org/unipact/graph/ontology"


def spoil(shipped: Path, releases: Path, work: Path) -> None:
    """Make a release of another one's statements; what names things in it means harm."""
    mean = cycle(_MEAN)
    spoilt = work / "spoilt.nq"
    quads = ox.parse(path=str(shipped / "dump" / "unipact.nq"), format=ox.RdfFormat.N_QUADS)
    ox.serialize((_spoilt(quad, mean) for quad in quads), str(spoilt), ox.RdfFormat.N_QUADS)
    release = unipact.load([spoilt], releases=releases)
    texts = release.path / "texts"
    texts.mkdir(exist_ok=True)
    for text in (shipped / "texts").iterdir():
        content = text.read_text(encoding="utf-8")
        (texts / text.name).write_text(SCRIPT + content[len(SCRIPT) :], encoding="utf-8")


def _spoilt(quad: ox.Quad, mean: cycle[str]) -> ox.Quad:
    value, graph = quad.object, quad.graph_name
    is_term = isinstance(graph, ox.NamedNode) and graph.value == _TERMS
    if is_term or quad.predicate not in _NAMES or not isinstance(value, ox.Literal):
        return quad
    name = f"{next(mean)} {value.value}"  # the first word that a search finds stays
    spoilt = ox.Literal(name, language=value.language) if value.language else ox.Literal(name)
    return ox.Quad(quad.subject, quad.predicate, spoilt, graph)
