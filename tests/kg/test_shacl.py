"""Validation as a builder meets it: the same results as pySHACL's, made ready once."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pyshacl
import pytest
from rdflib import SH, Graph

from kg.data import shapes_dir
from kg.errors import OntologyError, Place
from kg.iris import Iris
from kg.terms import Quad, iri, text, typed
from kg.validation.memory import graph_of, term_of
from kg.validation.report import Result, local_name, report_people, report_turtle
from kg.validation.shacl import CURATED, Shapes, validate

EX = "https://example.org/"
SHAPES = """
@prefix : <https://example.org/shapes#> .
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Club a sh:NodeShape ; sh:targetClass ex:Club ; sh:closed true ;
    sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
    sh:message "A club has nothing else." ; sh:property :Size, :Town .
:Size a sh:PropertyShape ; sh:path ex:size ; sh:datatype xsd:integer ; sh:minCount 1 ;
    sh:message "Say how many (size)." , "Сколько?"@ru .
:Town a sh:PropertyShape ; sh:path ex:town ; sh:node :Place ; sh:severity sh:Warning .
:Place a sh:NodeShape ; sh:property :Name .
:Name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ; sh:message "Name the town (name)." .
:Chair a sh:PropertyShape ; sh:targetSubjectsOf ex:chair ; sh:path ( ex:chair ex:name ) ;
    sh:minCount 1 ; sh:message "Name the chair (name)." .
"""
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@pytest.fixture
def shapes() -> Shapes:
    return Shapes.parse([("clubs.ttl", SHAPES)])


def quads(*triples: tuple[str, str, str]) -> list[Quad]:
    return [Quad(iri(EX + s), iri(p if ":" in p else EX + p), o, iri(EX)) for s, p, o in triples]


CLUB = ("club", TYPE, iri(EX + "Club"))


def test_good_data_give_no_result(shapes: Shapes) -> None:
    assert validate(shapes, quads(CLUB, ("club", "size", typed("3", "integer")))) == ()


def test_result_says_what_is_wrong_in_english(shapes: Shapes) -> None:
    (result,) = validate(shapes, quads(CLUB))

    assert result == Result(
        focus=f"{EX}club",
        path=f"{EX}size",
        value="",
        shape="https://example.org/shapes#Size",
        component="MinCountConstraintComponent",
        severity="Violation",
        message="Say how many (size).",
    )


def test_nested_failure_gives_the_message_of_what_must_be_mended(shapes: Shapes) -> None:
    data = quads(CLUB, ("club", "size", typed("3", "integer")), ("club", "town", iri(EX + "port")))

    (result,) = validate(shapes, data)

    assert (result.message, result.severity) == ("Name the town (name).", "Warning")
    assert result.value == f"<{EX}port>"


def test_ill_typed_literal_is_a_result_and_no_noise(
    shapes: Shapes, caplog: pytest.LogCaptureFixture
) -> None:
    (result,) = validate(shapes, quads(CLUB, ("club", "size", typed("many", "integer"))))

    assert result.component == "DatatypeConstraintComponent"
    assert result.value == typed("many", "integer")
    assert caplog.text == ""


@pytest.mark.parametrize("end", ["_:b0", iri(EX), text("x")])
def test_values_that_cannot_be_compared_are_results(end: str) -> None:
    order = ":Order a sh:PropertyShape ; sh:targetSubjectsOf ex:end ; sh:path ex:start ;"
    ordered = f'{SHAPES} {order} sh:lessThan ex:end ; sh:message "Order." .'
    data = quads(("a", "start", typed("1", "integer")), ("a", "end", end))
    sound = quads(("b", "start", typed("1", "integer")), ("b", "end", typed("2", "integer")))

    results = validate(Shapes.parse([("clubs.ttl", ordered)]), [*data, *sound])

    assert {(r.focus, r.rule, r.component) for r in results} == {
        (f"{EX}a", "Order", "LessThanConstraintComponent")
    }


def test_path_of_several_steps_is_written_as_sparql_does(shapes: Shapes) -> None:
    (result,) = validate(shapes, quads(("club", "chair", iri(EX + "doe"))))

    assert result.path == f"<{EX}chair> / <{EX}name>"


def test_context_is_looked_up_and_not_judged(shapes: Shapes) -> None:
    club = quads(CLUB, ("club", "size", typed("3", "integer")), ("club", "town", iri(EX + "port")))
    bad_club = quads(("other", TYPE, iri(EX + "Club")))
    named = quads(("port", "name", text("Port", "en")))

    assert validate(shapes, club, context=[*named, *bad_club]) == ()


def test_results_are_those_of_pyshacl_itself() -> None:
    cases = Path(__file__).parent.parent / "cases" / "shapes"
    data = Graph()
    for file in [cases / "base.ttl", *sorted(cases.glob("*/*.ttl"))]:
        data.parse(file)
    shapes_graph = Graph()
    for file in sorted(shapes_dir().glob("*.ttl")):
        shapes_graph.parse(file)

    _, report, _ = pyshacl.validate(data, shacl_graph=shapes_graph)
    found = validate(Shapes.load(shapes_dir()), _quads(data))

    assert isinstance(report, Graph)
    assert len(found) > 200
    assert {_short(result) for result in found} == _reported(report)


def _quads(data: Graph) -> list[Quad]:
    lines = data.serialize(format="nt").splitlines()
    return [Quad(*line.removesuffix(" .").split(" ", 2), "") for line in lines if line]


def _short(result: Result) -> tuple[str, ...]:
    return result.focus, result.rule, result.component, result.severity


def _reported(report: Graph) -> set[tuple[str, ...]]:
    names = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
    rows = [
        [str(report.value(node, name)) for name in names]
        for node in report.objects(None, SH.result)
    ]
    return {(row[0], *map(local_name, row[1:])) for row in rows}


def test_shapes_pickle_for_other_processes(shapes: Shapes) -> None:
    again = pickle.loads(pickle.dumps(shapes))

    assert again.digest == shapes.digest
    assert validate(again, quads(CLUB)) == validate(shapes, quads(CLUB))


def test_digest_changes_with_the_shapes_and_not_with_the_folder(tmp_path: Path) -> None:
    (tmp_path / "clubs.ttl").write_text(SHAPES, encoding="utf-8")
    same = Shapes.parse([("clubs.ttl", SHAPES)])

    assert Shapes.load(tmp_path).digest == same.digest
    assert Shapes.parse([("clubs.ttl", SHAPES + "#")]).digest != same.digest


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("ex:broken a", "clubs.ttl:1:1: not Turtle"),
        (f"{SHAPES} :Two a sh:PropertyShape ; sh:path ex:a , ex:b .", "malformed shape"),
        (f"{SHAPES} :Two a sh:NodeShape ; sh:node :Missing ; sh:targetNode ex:a .", "missing"),
        (f"{SHAPES} :Two a sh:NodeShape ; sh:nodeKind sh:IRI, sh:Literal .", "malformed shape"),
    ],
)
def test_malformed_shapes_are_refused_when_they_are_read(wrong: str, why: str) -> None:
    with pytest.raises(OntologyError, match=why):
        Shapes.parse([("clubs.ttl", wrong)])


def test_folder_without_shapes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="no shapes"):
        Shapes.load(tmp_path)


def test_shapes_follow_the_concepts_to_another_base() -> None:
    shapes = Shapes.load(shapes_dir(), iris=Iris("https://data.example.org/"))

    assert not [name for name, content in shapes.texts if "w3id.org/unipact/concept/" in content]
    assert shapes.digest != Shapes.load(shapes_dir()).digest


def test_curated_topics_exist() -> None:
    assert {f"{name}.ttl" for name in CURATED} <= {file.name for file in shapes_dir().iterdir()}


def test_terms_come_back_as_they_were_written() -> None:
    terms = [iri(EX), text('a "b"\n\\', "en"), typed("01", "integer"), text("плюс \U0001f600")]

    for term in terms:
        assert str(term_of(term).n3()).startswith(term[0])
    assert str(term_of(terms[1])) == 'a "b"\n\\'
    assert str(term_of(terms[2])) == "01"
    assert str(term_of('"\\u0416\\U0001F600"')) == "Ж\U0001f600"


def test_graph_is_true_even_when_empty() -> None:
    assert graph_of([])


MISSING = Result(
    focus="https://w3id.org/unipact/id/2016-05-01-visit/member",
    path="https://w3id.org/unipact/ontology#member",
    value="",
    shape="https://w3id.org/unipact/shapes#MembershipMember",
    component="MinCountConstraintComponent",
    severity="Violation",
    message="Say who is the member (member).",
    kind="Membership",
)


def test_report_for_people_says_where_what_and_what_to_do() -> None:
    lines = report_people([MISSING], {MISSING.focus: Place("annotations.yaml", 41, 14)})

    assert lines == (
        'annotations.yaml:41:14: Membership "member": Say who is the member (member).'
        " (rule MembershipMember)",
    )


def test_thing_without_a_place_is_told_by_its_iri() -> None:
    (line,) = report_people([replace(MISSING, severity="Info")], {})

    assert line.startswith(f"info: {MISSING.focus}: Say who")


@pytest.mark.parametrize("part", ["id/a/talks#when", "article/a#talks.quote", "article/a#char=1,2"])
def test_part_of_a_thing_is_found_where_the_thing_is(part: str) -> None:
    base = "https://w3id.org/unipact/"
    whole = {"id/a/talks#when": "id/a/talks", "article/a#talks.quote": "article/a#talks"}
    result = Result(base + part, "", '"x"', MISSING.shape, "", "Warning", "Mend it.")

    (line,) = report_people([result], {base + whole.get(part, "article/a"): Place("a.yaml", 3)})

    assert line.startswith("a.yaml:3: warning: node ")
    assert 'Mend it. Found: "x".' in line


def test_report_for_machines_is_a_shacl_report_without_blank_nodes() -> None:
    odd = Result("urn:a", "<urn:b> / <urn:c>", '"\\"x\\n"@en', MISSING.shape, "InC", "Info", "«»")

    nameless = replace(odd, focus="_:b0")

    report = report_turtle([odd, nameless, MISSING, MISSING])

    graph = Graph().parse(data=report, format="turtle")
    (node,) = graph.subjects(SH.conforms)
    assert len(list(graph.objects(node, SH.result))) == 3
    assert not [term for triple in graph for term in triple if type(term).__name__ == "BNode"]
    assert report == report_turtle([MISSING, nameless, odd])


def test_report_without_results_conforms() -> None:
    assert "sh:conforms true ." in report_turtle([])
