"""A release describes itself in VoID and DCAT, and its graphs in PROV, truly."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import DCAT, DCTERMS, PROV, RDF, VOID

from kg.disk import sha256_of
from kg.releases import Release
from tests.kg.corpora import Corpus

DATASET = rdflib.URIRef("https://w3id.org/unipact/dataset")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    corpus = Corpus(tmp_path_factory.mktemp("described"))
    (corpus.seeds / "links").mkdir()
    rows = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    row = ("https://w3id.org/unipact/id/alpha", "skos:exactMatch", "https://ror.org/042nb2s44")
    link = "\t".join((*row, "semapv:ManualMappingCuration\n"))
    (corpus.seeds / "links" / "a.sssom.tsv").write_text(rows + link, encoding="utf-8")
    return corpus.build()


@pytest.fixture(scope="module")
def void(release: Release) -> rdflib.Graph:
    return rdflib.Graph().parse(release.description)


def test_description_has_no_blank_nodes(void):
    assert not [term for triple in void for term in triple if isinstance(term, rdflib.BNode)]


def test_counts_are_those_of_the_merge(void, release):
    merge = list(ox.parse(path=str(release.dump_dir / "unipact.nt")))

    assert int(void.value(DATASET, VOID.triples)) == len(merge)
    assert int(void.value(DATASET, VOID.properties)) == len({quad.predicate for quad in merge})
    assert int(void.value(DATASET, VOID.distinctSubjects)) == len({quad.subject for quad in merge})


def test_partitions_add_up_to_the_whole(void, release):
    parts = void.objects(DATASET, VOID.propertyPartition)

    assert sum(int(void.value(part, VOID.triples)) for part in parts) == release.manifest.triples


def test_each_dump_is_a_distribution_with_its_size_and_checksum(void, release):
    found = {}
    for node in void.objects(DATASET, DCAT.distribution):
        name = str(node).rpartition("/")[2]
        checksum = void.value(void.value(node, SPDX.checksum), SPDX.checksumValue)
        found[name] = (int(void.value(node, DCAT.byteSize)), str(checksum))

    assert found == {
        path.name: (path.stat().st_size, sha256_of(path)) for path in release.dump_dir.iterdir()
    }


def test_licence_version_and_date_are_given(void, release):
    assert str(void.value(DATASET, DCTERMS.license)).endswith("/by/4.0/")
    assert str(void.value(DATASET, rdflib.URIRef(f"{DCAT}version"))) == release.id
    assert str(void.value(DATASET, DCTERMS.issued)) == "2021-05-04"


def test_links_are_a_linkset_by_target(void):
    (linkset,) = void.subjects(RDF.type, VOID.Linkset)

    assert str(void.value(linkset, VOID.objectsTarget)) == "https://ror.org/"
    assert int(void.value(linkset, VOID.triples)) == 1


def test_an_articles_graph_says_where_it_comes_from(release):
    graph = rdflib.Graph().parse(Path(release.dump_dir, "unipact.nt"))
    base = "https://w3id.org/unipact/"
    node = rdflib.URIRef(f"{base}graph/article/2021-05-04-alpha")

    assert graph.value(node, PROV.wasDerivedFrom) == rdflib.URIRef(
        f"{base}article/2021-05-04-alpha"
    )
    assert str(graph.value(node, PROV.generatedAtTime)).startswith("2021-05-04")
    assert (graph.value(node, PROV.wasGeneratedBy), RDF.type, PROV.Activity) in graph
