"""What the ontology says of itself and of its terms."""

import re
from datetime import date

import pytest
import rdflib
from rdflib.namespace import (
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    TIME,
    VANN,
    XSD,
)

from kg.data import ontology_dir

HEADER = rdflib.URIRef("https://w3id.org/unipact/ontology")
UP = rdflib.Namespace(f"{HEADER}#")
CONCEPT = "https://w3id.org/unipact/concept/"
BUNDLED = [DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, TIME, VANN, XSD]
BY_HAND = (
    "http://www.w3.org/ns/oa#",
    "http://linkedevents.org/ontology/",
    "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "http://vivoweb.org/ontology/core#",
    "https://w3id.org/semanticarts/ns/ontology/gist/",
)
ARTICLES = (
    "2020-05-28-shanghai-office-digest",
    "2020-06-17-changes-in-cooperation",
    "2020-12-04-uasr-executive-board",
    "2021-05-19-shanghai-office-news",
    "2022-06-10-aturc-summit",
)


@pytest.fixture(scope="module")
def graph():
    graph = rdflib.Graph()
    for file in sorted(ontology_dir().glob("*.ttl")):
        graph.parse(file)
    return graph


def own_terms(graph):
    return [term for term in set(graph.subjects(RDFS.isDefinedBy, HEADER)) if term in UP]


def pinned() -> list[str]:
    lines = (ontology_dir() / "reused.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


def test_version_has_its_own_iri_and_number(graph):
    version = str(graph.value(HEADER, OWL.versionInfo))

    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert graph.value(HEADER, OWL.versionIRI) == rdflib.URIRef(f"{HEADER}/{version}")


def test_ontology_names_prefix_licence_and_dates(graph):
    assert str(graph.value(HEADER, VANN.preferredNamespacePrefix)) == "up"
    assert str(graph.value(HEADER, VANN.preferredNamespaceUri)) == str(UP)
    assert str(graph.value(HEADER, DCTERMS.license)).startswith("https://creativecommons.org/")
    created, modified = (graph.value(HEADER, p).value for p in (DCTERMS.created, DCTERMS.modified))
    assert date(2026, 1, 1) <= created <= modified


def test_nothing_is_imported(graph):
    assert (None, OWL.imports, None) not in graph


def test_no_blank_node_is_needed(graph):
    assert not [node for triple in graph for node in triple if isinstance(node, rdflib.BNode)]


def test_every_term_of_the_namespace_says_that_it_is_defined_here(graph):
    iris = {node for triple in graph for node in triple if isinstance(node, rdflib.URIRef)}

    assert {iri for iri in iris if iri in UP} == set(own_terms(graph))


def test_every_example_names_an_article(graph):
    examples = {term: str(graph.value(term, SKOS.example)) for term in own_terms(graph)}

    assert [t for t, text in examples.items() if not any(slug in text for slug in ARTICLES)] == []


def test_every_note_says_what_a_term_is_not(graph):
    notes = {term: str(graph.value(term, SKOS.scopeNote)) for term in own_terms(graph)}
    negations = re.compile(r"\b(not|no|never|nothing|absent|only)\b", re.IGNORECASE)

    assert [term for term, text in notes.items() if not negations.search(text)] == []


@pytest.mark.parametrize(
    ("language", "letters"), [("en", "[A-Za-z]"), ("ru", "[А-Яа-яё]|EDTF"), ("zh", "[一-鿿]|EDTF")]
)
def test_labels_are_in_the_script_of_their_language(graph, language, letters):
    labels = [
        label
        for label in [*graph.objects(None, RDFS.label), *graph.objects(None, SKOS.prefLabel)]
        if label.language == language
    ]

    assert len(labels) > 300
    assert [label for label in labels if not re.search(letters, label)] == []


@pytest.mark.parametrize(
    ("concept", "label"),
    [
        ("topic/university-city-development", "University-City-Development"),
        ("topic/railway-transport-technology", "railway transport technology"),
        ("topic/advanced-automotive-technology", "advanced automotive technology"),
        ("topic/robotics", "robotics"),
        ("topic/intelligent-system-technology", "intelligent system technology"),
        ("agreement-kind/memorandum-of-understanding", "memorandum of understanding"),
        ("agreement-kind/cooperation-agreement", "cooperation agreement"),
        ("mode/online", "online"),
        ("status/planned", "planned"),
    ],
)
def test_concept_is_labelled_in_the_words_of_the_articles(graph, concept, label):
    assert rdflib.Literal(label, lang="en") in graph.objects(
        rdflib.URIRef(CONCEPT + concept), SKOS.prefLabel
    )


def test_reused_terms_are_those_that_are_pinned(graph):
    homes = {*graph.objects(None, RDFS.isDefinedBy), graph.value(HEADER, DCTERMS.license)}
    used = {str(node) for triple in graph for node in triple if isinstance(node, rdflib.URIRef)}
    used |= {
        str(node.datatype)
        for node in graph.objects()
        if isinstance(node, rdflib.Literal) and node.datatype
    }
    used |= {str(RDF.langString), str(XSD.string)}
    ours = "https://w3id.org/unipact/"

    foreign = {iri for iri in used - {str(home) for home in homes} if not iri.startswith(ours)}

    assert pinned() == sorted(foreign)


def test_pinned_terms_exist_in_their_vocabularies():
    unknown = [
        iri
        for iri in pinned()
        if not iri.startswith(BY_HAND)
        and not any(rdflib.URIRef(iri) in namespace for namespace in BUNDLED)
    ]

    assert unknown == []


def test_founding_may_be_both_fact_and_event(graph):
    assert (UP.Fact, OWL.disjointWith, UP.Event) not in graph
    assert (UP.Event, OWL.disjointWith, UP.Fact) not in graph


def test_company_may_also_be_a_platform(graph):
    pairs = set(graph.subject_objects(OWL.disjointWith))

    assert not {(UP.Organization, UP.Platform), (UP.Platform, UP.Organization)} & pairs
    assert not {(UP.Agent, UP.Platform), (UP.Platform, UP.Agent)} & pairs


@pytest.mark.parametrize(
    ("status", "reality"),
    [
        ("accepted", "actual"),
        ("planned", "prospective"),
        ("proposed", "prospective"),
        ("postponed", "unreal"),
    ],
)
def test_status_is_of_the_right_reality(graph, status, reality):
    broader = graph.value(rdflib.URIRef(f"{CONCEPT}status/{status}"), SKOS.broader)

    assert broader == rdflib.URIRef(f"{CONCEPT}reality/{reality}")
