"""Someone else's ontology: annotations follow it without a change of code."""

from kg.articles.authority import Authority
from kg.iris import Iris
from kg.ontology import Ontology
from tests.kg.articles_made import HEAD, Checker

ONTOLOGY = """
@prefix : <https://example.org/trade#> .
@prefix up: <https://w3id.org/unipact/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
up:Fact a owl:Class .
:Firm a owl:Class .
:Sale a owl:Class ; rdfs:subClassOf up:Fact .
skos:prefLabel a owl:DatatypeProperty ; up:key "label" ; rdfs:domain :Firm ;
    rdfs:range rdf:langString .
:seller a owl:ObjectProperty ; rdfs:domain :Sale ; rdfs:range :Firm .
:proof a owl:ObjectProperty ; rdfs:domain :Sale ; rdfs:range up:Passage .
"""
FIRM = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/unipact/id/acme> a <https://example.org/trade#Firm> ; skos:prefLabel "Acme" .
"""


def test_class_and_property_of_another_ontology_can_be_used_at_once(tmp_path):
    for name, content in (("ontology", ONTOLOGY), ("authority", FIRM)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "own.ttl").write_text(content, encoding="utf-8")
    ontology, iris = Ontology.load(tmp_path / "ontology"), Iris()
    authority = Authority.load(tmp_path / "authority", iris=iris)
    sale = {"is": "Sale", "seller": "acme", "proof": "sold"}
    passages = {"p": {"quote": "Acme sold", "facts": {"sale": sale}}}

    quads = Checker(ontology, authority, iris, tmp_path).quads(
        text="Acme sold a boat.", article=HEAD | {"publisher": "acme"}, passages=passages
    )

    trade = [quad[1:3] for quad in quads if "example.org/trade" in quad.predicate]
    assert trade == [
        ("<https://example.org/trade#seller>", "<https://w3id.org/unipact/id/acme>"),
        ("<https://example.org/trade#proof>", "<https://w3id.org/unipact/article/made#char=5,9>"),
    ]
