"""The shapes, the ontology and SHACL itself agree."""

from __future__ import annotations

import re

import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef

from kg.articles.dates import date_bounds
from kg.data import ontology_dir, shapes_dir

UP = Namespace("https://w3id.org/unipact/ontology#")
SCHEMA = Namespace("https://schema.org/")
CONCEPT = "https://w3id.org/unipact/concept/"
SHAPE = Namespace("https://w3id.org/unipact/shapes#")
DESCRIBING_THE_ONTOLOGY = {UP.Attribute, UP.DerivedProperty}


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for file in sorted(shapes_dir().glob("*.ttl")):
        graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ontology_dir() / "unipact.ttl")


def own(ontology: Graph, kind: URIRef) -> set[URIRef]:
    return {term for term in ontology.subjects(RDF.type, kind) if str(term).startswith(UP)}


def written(ontology: Graph) -> set[URIRef]:
    """Properties of the ontology that a rule does not derive."""
    properties = own(ontology, OWL.ObjectProperty) | own(ontology, OWL.DatatypeProperty)
    return properties - own(ontology, UP.DerivedProperty)


def ranges(ontology: Graph, term: URIRef) -> set[URIRef]:
    return {*ontology.objects(term, RDFS.range), *ontology.objects(term, SCHEMA.rangeIncludes)}


def key(term: URIRef) -> str:
    return term.removeprefix(UP)


def test_every_class_of_the_ontology_has_a_shape(shapes: Graph, ontology: Graph) -> None:
    targets = set(shapes.objects(None, SH.targetClass))
    general = {UP.Entity, UP.Fact}

    for class_ in own(ontology, OWL.Class) - DESCRIBING_THE_ONTOLOGY:
        assert set(ontology.transitive_objects(class_, RDFS.subClassOf)) & targets, class_
    for class_ in set(ontology.subjects(RDFS.subClassOf, UP.Fact)) - general:
        assert class_ in targets, class_


def test_every_written_property_has_a_shape(shapes: Graph, ontology: Graph) -> None:
    paths = set(shapes.objects(None, SH.path)) | set(shapes.objects(None, RDF.first))

    assert written(ontology) - paths == set()


def test_every_path_of_a_shape_is_in_the_ontology(shapes: Graph, ontology: Graph) -> None:
    used = {*shapes.objects(None, SH.path), *shapes.objects(None, RDF.first)}
    known = own(ontology, OWL.ObjectProperty) | own(ontology, OWL.DatatypeProperty)
    classes = own(ontology, OWL.Class)

    assert {term for term in used if str(term).startswith(UP)} - known - classes == set()


def test_shape_of_a_property_takes_what_its_range_says(shapes: Graph, ontology: Graph) -> None:
    for term in written(ontology):
        shape = SHAPE[key(term)]
        classes = set(shapes.objects(shape, SH["class"]))
        for choice in shapes.objects(shape, SH["or"]):
            for member in shapes.items(choice):
                classes |= set(shapes.objects(member, SH["class"]))
        taken = classes | set(shapes.objects(shape, SH.datatype))
        for choice in shapes.objects(shape, SH["in"]):
            taken |= {value.datatype for value in shapes.items(choice)}
        if taken:
            assert taken == ranges(ontology, term), term


def test_shape_of_a_property_takes_concepts_of_its_schemes(shapes: Graph, ontology: Graph) -> None:
    for shape, lists in shapes.subject_objects(SH["in"]):
        term = UP[shape.removeprefix(SHAPE).removesuffix("Scheme")]
        if str(shape).endswith("Scheme") and (term, None, None) in ontology:
            assert set(shapes.items(lists)) == set(ontology.objects(term, UP.valuesFrom)), term


def test_single_values_are_single_in_the_shapes_too(shapes: Graph, ontology: Graph) -> None:
    for term in written(ontology) & set(ontology.subjects(RDF.type, OWL.FunctionalProperty)):
        holders = set(shapes.subjects(SH.path, term))
        maximum = {m.value for shape in holders for m in shapes.objects(shape, SH.maxCount)}
        assert 1 in maximum, term


def test_every_collection_of_statuses_is_held(shapes: Graph, ontology: Graph) -> None:
    held = set(shapes.objects(None, SH.hasValue))

    assert set(ontology.objects(None, UP.statuses)) - held == set()


def test_every_scheme_that_a_shape_names_exists(shapes: Graph) -> None:
    concepts = Graph().parse(ontology_dir() / "concepts.ttl")
    schemes = set(concepts.subjects(RDF.type, SKOS.ConceptScheme))
    schemes |= set(concepts.subjects(RDF.type, SKOS.Concept))
    named = {item for lists in shapes.objects(None, SH["in"]) for item in shapes.items(lists)}

    assert {name for name in named if str(name).startswith(CONCEPT)} - schemes == set()


def test_every_property_shape_has_an_iri_and_says_what_to_do(shapes: Graph) -> None:
    for shape in shapes.subjects(SH.path):
        messages = list(shapes.objects(shape, SH.message))
        assert not isinstance(shape, BNode)
        assert len(messages) == 1, shape
        assert isinstance(messages[0], Literal)
        assert str(messages[0]).endswith("."), shape


@pytest.mark.parametrize(
    "edtf",
    (
        "2016 2016-02 2016-02-29 2016-02-29T12:30:00Z 201X 20XX 2016-XX 2016-02-XX 2016-21 "
        "2016~ 2016-05? 2016-05-01% 2016-02/2016-05 2016/.. ../2016 2016/ /2016 "
        "[2016..2017-05] [2016..] [..2016]"
    ).split(),
)
def test_shape_of_a_date_takes_what_is_read_as_a_date(shapes: Graph, edtf: str) -> None:
    pattern = str(shapes.value(SHAPE.edtf, SH.pattern))

    assert date_bounds(edtf).edtf == edtf
    assert re.search(pattern, edtf)


def test_shapes_keep_to_shacl_core_and_its_syntax(shapes: Graph) -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)

    assert conforms, text
    assert not [
        term for term in shapes.predicates() if term in (SH.sparql, SH.js, SH.rule, SH.target)
    ]
