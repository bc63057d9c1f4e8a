"""The key table is the ontology's own, and a JSON-LD context that processors understand."""

import json

import pyoxigraph
import pytest
import rdflib

from kg.data import ontology_dir
from kg.ontology import Ontology, context_document

# rdflib's JSON-LD parser uses parts of rdflib that rdflib has deprecated
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

NODE = "https://example.org/fact"
UP = "https://w3id.org/unipact/ontology#"
CONCEPT = "https://w3id.org/unipact/concept/"
LITERALS = {
    "xsd:boolean": "true",
    "xsd:date": "2016-01-01",
    "xsd:duration": "P14D",
    "xsd:integer": "18",
    "xsd:string": "words",
}


@pytest.fixture(scope="module")
def ontology():
    return Ontology.load(ontology_dir())


@pytest.fixture(scope="module")
def document():
    return json.loads((ontology_dir() / "context.jsonld").read_text(encoding="utf-8"))


def with_rdflib(text: str) -> set[tuple[str, str]]:
    return {(str(p), str(o)) for _, p, o in rdflib.Graph().parse(data=text, format="json-ld")}


def with_pyoxigraph(text: str) -> set[tuple[str, str]]:
    quads = pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.JSON_LD)
    return {(quad.predicate.value, quad.object.value) for quad in quads}


def test_file_is_what_the_ontology_gives(ontology):
    written = (ontology_dir() / "context.jsonld").read_text(encoding="utf-8")

    assert written == context_document(ontology)


def test_every_key_has_an_iri_and_what_it_takes(ontology, document):
    table = document["keys"]

    assert set(table["classes"]) == set(ontology.classes)
    assert set(table["properties"]) == set(ontology.properties)
    for key, row in table["properties"].items():
        assert row["iri"] == document["@context"][key]["@id"]
        assert row["domains"], key
        assert row["schemes"] or (row["ranges"] and row["ranges"] != ["concept"]), key


def value_of(key, row, ontology):
    """A value that the property takes, as JSON, and the RDF term that it must become."""
    if row["schemes"]:
        scheme = row["schemes"][0]
        concept = sorted(ontology.concepts[scheme])[0]
        return concept, f"{CONCEPT}{scheme}/{concept}"
    if row["ranges"] == ["class"]:
        return "University", f"{UP}University"
    if row["ranges"] == ["rdf:langString"]:
        return {"en": "words"}, "words"
    if row["ranges"][0] in LITERALS:
        return LITERALS[row["ranges"][0]], LITERALS[row["ranges"][0]]
    return "https://example.org/thing", "https://example.org/thing"


@pytest.mark.parametrize("processor", [with_rdflib, with_pyoxigraph])
def test_processor_reads_every_key(processor, ontology, document):
    rows = document["keys"]["properties"]
    values = {key: value_of(key, row, ontology) for key, row in rows.items()}
    written = {key: value for key, (value, _) in values.items()}

    read = processor(json.dumps({"@context": document["@context"], "id": NODE, **written}))

    assert read == {(rows[key]["iri"], term) for key, (_, term) in values.items()}


@pytest.mark.parametrize("processor", [with_rdflib, with_pyoxigraph])
def test_processor_reads_every_concept(processor, ontology, document):
    for key, row in document["keys"]["properties"].items():
        concepts = {c.key: c.iri for s in row["schemes"] for c in ontology.concepts[s].values()}
        text = json.dumps({"@context": document["@context"], "id": NODE, key: sorted(concepts)})

        assert {term for _, term in processor(text)} == set(concepts.values())


@pytest.mark.parametrize("processor", [with_rdflib, with_pyoxigraph])
def test_processor_reads_is_as_a_class(processor, document):
    text = json.dumps({"@context": document["@context"], "id": NODE, "is": ["Membership", "Event"]})

    assert {term for _, term in processor(text)} == {f"{UP}Membership", f"{UP}Event"}


def test_table_of_keys_beside_the_context_is_no_data(document):
    assert with_rdflib(json.dumps(document)) == set()
