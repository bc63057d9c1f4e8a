"""Any folder of Turtle files becomes a table of keys, or says what keeps it from that."""

import pickle
import shutil

import pytest

from kg.data import ontology_dir
from kg.errors import Problems
from kg.iris import Iris
from kg.ontology import Ontology

PREFIXES = """
@prefix up: <https://w3id.org/unipact/ontology#> .
@prefix concept: <https://w3id.org/unipact/concept/> .
@prefix status: <https://w3id.org/unipact/concept/status/> .
@prefix ex: <https://example.org/terms#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture(scope="module")
def ontology():
    return Ontology.load(ontology_dir())


@pytest.fixture
def folder(tmp_path):
    for file in ontology_dir().glob("*.ttl"):
        shutil.copy(file, tmp_path)
    return tmp_path


def load_with(folder, turtle: str) -> Ontology:
    (folder / "extra.ttl").write_text(PREFIXES + turtle, encoding="utf-8")
    return Ontology.load(folder)


def test_subclass_has_the_statuses_of_its_nearest_superclass(ontology):
    assert ontology.classes["Course"].statuses == ontology.classes["Programme"].statuses
    assert ontology.classes["University"].statuses is None


def test_founding_is_a_fact_and_an_event_with_its_own_default(ontology):
    founding = ontology.classes["Founding"]

    assert {"Fact", "Event", "Entity"} <= founding.superclasses
    assert founding.is_fact
    assert (founding.default_status, founding.status_required) == ("happened", False)


def test_forgotten_status_of_a_proposal_cannot_read_as_done(ontology):
    assert ontology.classes["Proposal"].status_required
    assert ontology.classes["Agreement"].default_status is None


def test_participation_looks_up_its_status_at_its_event(ontology):
    assert ontology.classes["Participation"].inherits_status_via == "event"


def test_key_is_taken_by_subclasses_of_its_domain(ontology):
    assert ontology.takes("University", "country")
    assert ontology.takes("Course", "mode")
    assert not ontology.takes("Membership", "proposer")


def test_description_takes_every_attribute(ontology):
    attributes = [key for key, term in ontology.properties.items() if term.attribute]

    assert len(attributes) > 20
    assert all(ontology.takes("Description", key) for key in attributes)


def test_derived_properties_are_not_offered_to_a_hand(ontology):
    assert "memberOf" not in ontology.properties_of("University")
    assert "country" in ontology.properties_of("University")


@pytest.mark.parametrize(
    ("key", "ranges"),
    [
        ("label", ("rdf:langString",)),
        ("when", ("date",)),
        ("evidence", ("passage",)),
        ("memberKind", ("class",)),
        ("status", ("concept",)),
        ("value", ("xsd:integer",)),
        ("discussed", ("Entity", "Fact")),
        ("yields", ("resource",)),
    ],
)
def test_range_says_how_a_value_is_read(ontology, key, ranges):
    assert ontology.properties[key].ranges == ranges


def test_concept_is_found_in_any_scheme_of_a_property(ontology):
    assert ontology.find_concept("kind", "accelerator").scheme == "programme-kind"
    assert (
        ontology.find_concept("kind", "summit").iri == f"{Iris().concept('event-kind', 'summit')}"
    )
    assert ontology.find_concept("kind", "signed") is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("organisation", "organization"),
        ("Party", "party"),
        ("acording-to", "accordingTo"),
        ("zzz", None),
    ],
)
def test_mistyped_key_gets_a_hint(ontology, word, meant):
    assert ontology.nearest(word, ontology.properties) == meant


def test_ontology_survives_the_way_to_another_process(ontology):
    assert pickle.loads(pickle.dumps(ontology)) == ontology


def test_quads_are_sorted_and_stand_in_the_graph_of_the_ontology(ontology):
    quads = list(ontology.quads(Iris()))

    assert quads == sorted(set(quads))
    assert {quad.graph for quad in quads} == {"<https://w3id.org/unipact/graph/ontology>"}


def test_concepts_move_to_another_base_and_terms_stay(ontology):
    quads = list(ontology.quads(Iris("https://kg.example.org/")))
    subjects = {quad.subject for quad in quads}

    assert quads == sorted(quads)
    assert "<https://kg.example.org/concept/status/planned>" in subjects
    assert "<https://w3id.org/unipact/ontology#Event>" in subjects
    assert not any("w3id.org/unipact/concept" in term for quad in quads for term in quad)


def test_another_file_adds_classes_properties_and_concepts(folder):
    ontology = load_with(
        folder,
        """
        ex:Laboratory a owl:Class ; rdfs:subClassOf up:OrganizationUnit .
        ex:field a owl:ObjectProperty ; rdfs:domain ex:Laboratory ; rdfs:range skos:Concept ;
            up:valuesFrom <https://w3id.org/unipact/concept/field> .
        <https://w3id.org/unipact/concept/field> a skos:ConceptScheme .
        <https://w3id.org/unipact/concept/field/optics> a skos:Concept ;
            skos:inScheme <https://w3id.org/unipact/concept/field> .
        """,
    )

    assert "Organization" in ontology.superclasses("Laboratory")
    assert ontology.takes("Laboratory", "country")
    assert ontology.find_concept("field", "optics").label == "optics"


def test_own_ontology_with_its_own_namespace_needs_nothing_of_ours(tmp_path):
    ontology = load_with(
        tmp_path,
        """
        <https://example.org/terms> a owl:Ontology .
        ex:Ship a owl:Class ; rdfs:isDefinedBy <https://example.org/terms> .
        ex:Port a owl:Class ; rdfs:isDefinedBy <https://elsewhere.example/terms> .
        ex:length a owl:DatatypeProperty ; rdfs:domain ex:Ship ; rdfs:range xsd:decimal .
        """,
    )

    assert set(ontology.classes) == {"Ship"}
    assert ontology.properties["length"].ranges == ("xsd:decimal",)


def test_blank_nodes_get_the_same_names_every_time(folder):
    turtle = (
        "ex:Lab a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty up:unitOf ] ."
    )

    one, other = load_with(folder, turtle), load_with(folder, turtle)

    assert list(one.quads(Iris())) == list(other.quads(Iris()))
    assert not any(term.startswith("_:") for quad in one.quads(Iris()) for term in quad)
    kept = [q.subject for q in one.quads(Iris("https://k.example/")) if "genid" in q.subject]
    assert kept[0].startswith("<https://k.example/.well-known/genid/ontology/extra-")


NEAR = "ex:near a owl:ObjectProperty ; rdfs:domain up:Place"
WRONG = {
    "has no range": f"{NEAR} .",
    "has no domain": "ex:near a owl:ObjectProperty ; rdfs:range up:Place .",
    "not a scheme": f"{NEAR} ; rdfs:range skos:Concept ; up:valuesFrom concept:nearness .",
    "needs both the range": f"{NEAR} ; rdfs:range skos:Concept .",
    "has the range up:Plaice": f"{NEAR} ; rdfs:range up:Plaice .",
    "subclass of itself": "ex:A a owl:Class ; rdfs:subClassOf up:Group . "
    "up:Group rdfs:subClassOf ex:A .",
    "has the key 'Event' of": "ex:Event a owl:Class .",
    "is not declared as a class": "ex:A a owl:Class ; rdfs:subClassOf up:Organisation .",
    "has no usable key": "ex:a.b a owl:Class .",
    "no scheme of statuses has": "ex:A a owl:Class ; up:statuses ex:s . "
    "ex:s skos:member status:gone .",
    "a collection without members": "ex:A a owl:Class ; up:statuses ex:none .",
    "which it does not allow": "ex:A a owl:Class ; up:defaultStatus status:refused .",
    "which is no property": "ex:A a owl:Class ; up:inheritsStatusVia ex:nothing .",
    "state its own": "ex:A a owl:Class ; rdfs:subClassOf up:Gift, up:Post .",
    "more than one up:defaultStatus": "up:Post up:defaultStatus status:planned .",
    "exactly one declared scheme": "ex:a a skos:Concept .",
    "a concept of its scheme": "status:Some_Key a skos:Concept ; skos:inScheme concept:status .",
    "cannot be a scheme": "ex:things a skos:ConceptScheme .",
    "in both": "up:level up:valuesFrom concept:mode, concept:item . "
    "<https://w3id.org/unipact/concept/item/online> a skos:Concept ; skos:inScheme concept:item .",
    "not Turtle": "ex:a a owl:Class",
    "triple terms": "ex:a rdfs:comment <<( ex:a ex:b ex:c )>> .",
}


@pytest.mark.parametrize("words", WRONG)
def test_error_says_what_is_wrong(folder, words):
    with pytest.raises(Problems, match=words) as caught:
        load_with(folder, WRONG[words])

    assert str(folder) in str(caught.value)


def test_error_names_the_line_of_the_term(folder):
    with pytest.raises(Problems, match=r"extra\.ttl:13:1: .*near"):
        load_with(folder, "\n\nex:near a owl:ObjectProperty ; rdfs:domain up:Place .")


def test_all_that_is_wrong_is_told_at_once(folder):
    with pytest.raises(Problems) as caught:
        load_with(folder, "ex:near a owl:ObjectProperty . ex:a a skos:Concept .")

    assert len(caught.value.errors) == 3


def test_folder_without_files_is_an_error(tmp_path):
    with pytest.raises(Problems, match=r"no \*\.ttl file"):
        Ontology.load(tmp_path / "nowhere")
