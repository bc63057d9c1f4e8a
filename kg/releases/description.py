"""A release's description of itself: VoID and DCAT, in Turtle, without blank nodes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from kg.iris import Iris
from kg.prefixes import VOCABULARIES, prefixes
from kg.releases.counts import Counts
from kg.releases.manifest import MERGE, FileEntry, Manifest
from kg.terms import text

TITLE: Final = "UniPact: reported cooperation of universities"
_ABOUT: Final = (
    "Facts about cooperation between universities, alliances, companies and people, each with the "
    "article that reports it, the words that say it, its certainty and its status."
)
_EXAMPLES: Final = 5
Block = list[str]  # a subject, then its predicates and values


def describe(manifest: Manifest, counts: Counts, iris: Iris, *, examples: Iterable[str]) -> str:
    """Return the description; all of it follows from the arguments.

    `examples` are encoded IRIs of entities worth looking at.
    """
    blocks = [
        _dataset(manifest, counts, iris, list(examples)[:_EXAMPLES]),
        *_partitions(counts, iris),
        *_linksets(counts, iris),
        *_distributions(manifest, iris),
    ]
    return _text(blocks, iris)


def describe_briefly(manifest: Manifest, iris: Iris) -> str:
    """Return what is known of a written release before it is counted through: no partition."""
    block = [
        *_head(manifest, iris),
        f"void:triples {manifest.triples}",
        f"void:entities {manifest.entities}",
        *_addresses(iris),
    ]
    return _text([block], iris)


def _dataset(manifest: Manifest, counts: Counts, iris: Iris, examples: list[str]) -> Block:
    return [
        *_head(manifest, iris),
        f"void:triples {counts.triples}",
        f"void:entities {counts.entities}",
        f"void:classes {len(counts.classes)}",
        f"void:properties {len(counts.properties)}",
        f"void:distinctSubjects {counts.subjects}",
        *_addresses(iris),
        *(f"void:exampleResource {example}" for example in examples),
        *(f"void:vocabulary <{name}>" for name in _vocabularies(counts)),
        *(f"void:classPartition <{_part(iris, 'class', name)}>" for name in sorted(counts.classes)),
        *(
            f"void:propertyPartition <{_part(iris, 'property', name)}>"
            for name in sorted(counts.properties)
        ),
        *(f"void:subset <{_linkset(iris, link)}>" for link in sorted(counts.links)),
        *(f"dcat:distribution <{iri}>" for iri, *_ in _files(manifest, iris)),
        *(f"void:dataDump <{iri}>" for iri, *_ in _files(manifest, iris)),
    ]


def _head(manifest: Manifest, iris: Iris) -> Block:
    """Return what identifies a release."""
    dated = [
        f'dcterms:{name} "{manifest.created}"^^xsd:date'
        for name in ("issued", "modified")
        if manifest.created
    ]
    return [
        f"<{iris.dataset()}> a void:Dataset, dcat:Dataset",
        f"dcterms:title {text(TITLE, 'en')}",
        f"dcterms:description {text(_ABOUT, 'en')}",
        f"dcterms:license <{manifest.licence}>",
        *dated,
        f"dcterms:identifier {text(manifest.id)}",
        f"dcat:version {text(manifest.id)}",
    ]


def _addresses(iris: Iris) -> Block:
    return [f'void:uriSpace "{iris.base}"', f"void:sparqlEndpoint <{iris.base}sparql>"]


def _text(blocks: Iterable[Block], iris: Iris) -> str:
    names = prefixes(iris)
    head = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in names.items())
    body = "\n\n".join(" ;\n    ".join(block) + " ." for block in blocks)
    return f"{head}\n{body}\n"


def _vocabularies(counts: Counts) -> list[str]:
    used = {name[1:-1] for name in (*counts.properties, *counts.classes)}
    return sorted(
        namespace
        for namespace in VOCABULARIES.values()
        if any(name.startswith(namespace) for name in used)
    )


def _partitions(counts: Counts, iris: Iris) -> Iterator[Block]:
    for name, count in sorted(counts.classes.items()):
        yield [
            f"<{_part(iris, 'class', name)}> a void:Dataset",
            f"void:class {name}",
            f"void:entities {count}",
        ]
    for name, count in sorted(counts.properties.items()):
        yield [
            f"<{_part(iris, 'property', name)}> a void:Dataset",
            f"void:property {name}",
            f"void:triples {count}",
        ]


def _linksets(counts: Counts, iris: Iris) -> Iterator[Block]:
    for (predicate, host), count in sorted(counts.links.items()):
        yield [
            f"<{_linkset(iris, (predicate, host))}> a void:Linkset",
            f"dcterms:title {text(f'Links to {host}', 'en')}",
            f"void:subjectsTarget <{iris.dataset()}>",
            f"void:objectsTarget <https://{host}/>",
            f"void:linkPredicate {predicate}",
            f"void:triples {count}",
        ]


def _distributions(manifest: Manifest, iris: Iris) -> Iterator[Block]:
    for iri, name, entry in _files(manifest, iris):
        checksum = f"{iri}#checksum"
        packed = name.endswith(".gz")
        media = "https://www.iana.org/assignments/media-types/"
        held = "the merge of all graphs" if entry.holds == MERGE else "the dataset, graph by graph"
        yield [
            f"<{iri}> a dcat:Distribution",
            f"dcterms:title {text(name)}",
            f"dcterms:description {text(f'{held}; {entry.note}' if entry.note else held, 'en')}",
            f"dcterms:license <{manifest.licence}>",
            f"dcat:downloadURL <{iri}>",
            f"dcat:mediaType <{media}{entry.media_type}>",
            *([f"dcat:compressFormat <{media}application/gzip>"] if packed else []),
            f"dcat:byteSize {entry.size}",
            f"spdx:checksum <{checksum}>",
        ]
        yield [
            f"<{checksum}> a spdx:Checksum",
            "spdx:algorithm spdx:checksumAlgorithm_sha256",
            f'spdx:checksumValue "{entry.sha256}"^^xsd:hexBinary',
        ]


def _files(manifest: Manifest, iris: Iris) -> Iterator[tuple[str, str, FileEntry]]:
    """Yield IRI, name and entry of each dump."""
    for path, entry in sorted(manifest.files.items()):
        folder, _, name = path.rpartition("/")
        if folder == "dump":
            yield iris.download(manifest.id, name), name, entry


def _part(iris: Iris, kind: str, name: str) -> str:
    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    return iris.part(iris.dataset(), f"{kind}-{digest}")


def _linkset(iris: Iris, link: tuple[str, str]) -> str:
    return _part(iris, "links", " ".join(link))
