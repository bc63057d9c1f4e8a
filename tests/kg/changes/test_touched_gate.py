"""The gate as a writer meets it: mends pass, new violations do not, graphs of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.changes.delta import Delta
from kg.changes.gate import Gate
from kg.data import shapes_dir
from kg.errors import OntologyError
from kg.iris import Iris
from kg.prefixes import VOCABULARIES
from kg.releases.stores import add
from kg.terms import Quad
from kg.validation.checks import load_checks
from kg.validation.report import report_graph, report_turtle

from .touched_world import AUTHORITY, BASE_ARTICLE, IRIS, LINKS, OWN, World

UP = VOCABULARIES["up"]
SKOS = VOCABULARIES["skos"]
TYPE = f"<{VOCABULARIES['rdf']}type>"
LABEL = f"<{SKOS}prefLabel>"
NORTHPORT = f"<{IRIS.entity('northport')}>"
LAKESIDE = f"<{IRIS.entity('lakeside')}>"
DERIVED = f"<{IRIS.graph('derived')}>"
STATED = f"<{IRIS.concept('certainty', 'stated')}>"


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load(shapes_dir())


@pytest.fixture(scope="module")
def base() -> World:
    return World.of_base()


@pytest.fixture
def world(base: World) -> Iterator[World]:
    """The article of the cases; what a test changes is undone after it."""
    whole = set(base.quads)
    yield base
    undone = Delta(added=frozenset(whole - base.quads), removed=frozenset(base.quads - whole))
    base.change(undone)
    base.settle(undone)


def quad(subject: str, name: str, value: str, graph: str = OWN) -> Quad:
    return Quad(subject, f"<{UP}{name}>", value, graph)


def judged(gate: Gate, world: World, delta: Delta) -> list[str]:
    delta = world.change(delta)
    return [result.rule for result in gate.judge(world.before, world.after, delta)]


def adding(*quads: Quad) -> Delta:
    return Delta(added=frozenset(quads))


def removing(*quads: Quad) -> Delta:
    return Delta(removed=frozenset(quads))


def settled(world: World, delta: Delta) -> None:
    world.settle(world.change(delta))


def label_of(world: World, node: str) -> Quad:
    return next(q for q in world.quads if q[:2] == (node, LABEL) and q.graph == AUTHORITY)


def test_a_write_that_breaks_nothing_passes(gate: Gate, world: World) -> None:
    assert judged(gate, world, adding(Quad(NORTHPORT, LABEL, '"Nordhafen"@de', AUTHORITY))) == []


def test_a_mend_of_one_of_two_faults_passes(gate: Gate, world: World) -> None:
    faults = adding(
        quad(NORTHPORT, "country", '"Utopia"', AUTHORITY),
        Quad(NORTHPORT, LABEL, '"Second"@en', AUTHORITY),
    )
    settled(world, faults)

    assert judged(gate, world, removing(Quad(NORTHPORT, LABEL, '"Second"@en', AUTHORITY))) == []


def test_a_write_beside_what_is_broken_passes(gate: Gate, world: World) -> None:
    settled(world, adding(quad(NORTHPORT, "country", '"Utopia"', AUTHORITY)))

    assert judged(gate, world, adding(Quad(NORTHPORT, LABEL, '"Nordhafen"@de', AUTHORITY))) == []


def test_the_same_fault_with_another_value_is_new(gate: Gate, world: World) -> None:
    settled(world, adding(quad(NORTHPORT, "country", '"Utopia"', AUTHORITY)))

    found = judged(gate, world, adding(quad(NORTHPORT, "country", '"Nowhere"', AUTHORITY)))

    assert set(found) >= {"country", "check-range"}


def test_one_value_too_many_more_is_the_fault_that_was_there(gate: Gate, world: World) -> None:
    dated = next(q for q in world.quads if q.predicate == f"<{UP}edtf>")
    settled(world, adding(dated._replace(object='"2011"')))

    assert judged(gate, world, adding(dated._replace(object='"2012"'))) == []


def test_removing_what_others_refer_to_is_refused(gate: Gate, world: World) -> None:
    northport = {q for q in world.quads if q.subject == NORTHPORT}

    found = judged(gate, world, Delta(removed=frozenset(northport)))

    assert {"check-dangling-reference", "check-range"} <= set(found)


def test_removing_a_thing_with_all_that_refers_to_it_passes(gate: Gate, world: World) -> None:
    new = f"<{IRIS.entity('new-school')}>"
    said = (Quad(new, TYPE, f"<{UP}University>", AUTHORITY), Quad(new, LABEL, '"N"@en', AUTHORITY))
    settled(world, adding(*said))

    assert judged(gate, world, removing(*said)) == []


def test_an_identifier_of_another_entity_is_refused_for_both(gate: Gate, world: World) -> None:
    record = "<https://ror.org/05a28rw58>"
    settled(world, adding(Quad(NORTHPORT, f"<{SKOS}exactMatch>", record, LINKS)))

    found = judged(gate, world, adding(Quad(LAKESIDE, f"<{SKOS}exactMatch>", record, LINKS)))

    assert found == ["check-shared-identifier", "check-shared-identifier"]


def test_a_circle_is_told_of_all_that_stand_in_it(gate: Gate, world: World) -> None:
    settled(world, adding(quad(NORTHPORT, "partOf", LAKESIDE, AUTHORITY)))

    found = judged(gate, world, adding(quad(LAKESIDE, "partOf", NORTHPORT, AUTHORITY)))

    assert found.count("check-circular") == 2


def test_a_concept_out_of_its_collection_breaks_the_facts_that_use_it(
    gate: Gate, world: World
) -> None:
    listed = {
        q
        for q in world.quads
        if q.predicate == f"<{SKOS}member>" and q.subject.endswith("status-of/membership>")
    }

    assert "MembershipStatus" in judged(gate, world, Delta(removed=frozenset(listed)))


def test_a_foreign_thing_in_a_graph_of_ones_own_is_nobodys_business(
    gate: Gate, world: World
) -> None:
    person = Quad("<https://example.org/me>", TYPE, "<http://xmlns.com/foaf/0.1/Person>", OWN)
    name = Quad("<https://example.org/me>", "<http://xmlns.com/foaf/0.1/name>", '"I"', OWN)

    assert judged(gate, world, adding(person, name)) == []


def own_membership(*more: Quad) -> Delta:
    fact = "<https://example.org/facts/1>"
    return adding(
        Quad(fact, TYPE, f"<{UP}Membership>", OWN),
        Quad(fact, LABEL, '"Northport in the alliance"@en', OWN),
        quad(fact, "member", NORTHPORT),
        quad(fact, "organization", f"<{IRIS.entity('alliance')}>"),
        quad(fact, "status", f"<{IRIS.concept('status', 'in-force')}>"),
        quad(fact, "certainty", STATED),
        *(Quad(fact, TYPE, f"<{UP}{name}>", DERIVED) for name in ("Fact", "Entity")),
        *(quad._replace(subject=fact) for quad in more),
    )


def test_a_fact_of_ones_own_needs_no_article(gate: Gate, world: World) -> None:
    role = quad("", "role", f"<{IRIS.concept('role', 'member')}>")

    assert judged(gate, world, own_membership(role)) == []


def test_a_fact_of_ones_own_is_whole(gate: Gate, world: World) -> None:
    assert judged(gate, world, own_membership()) == ["MembershipRole"]


def test_a_fact_of_ones_own_that_names_an_article_quotes_it(gate: Gate, world: World) -> None:
    article = f"<{IRIS.article('2016-05-01-visit')}>"
    role = quad("", "role", f"<{IRIS.concept('role', 'member')}>")

    found = judged(gate, world, own_membership(role, quad("", "reportedIn", article)))

    assert found == ["ReportedEvidence"]


def test_a_note_on_a_curated_thing_keeps_it_a_curated_thing(gate: Gate, world: World) -> None:
    event = f"<{IRIS.entity('fair')}>"
    settled(
        world,
        adding(
            Quad(event, TYPE, f"<{UP}Event>", AUTHORITY), Quad(event, LABEL, '"Fair"@en', AUTHORITY)
        ),
    )

    note = Quad(event, f"<{SKOS}editorialNote>", '"seen"@en', OWN)

    assert judged(gate, world, adding(note)) == []


def test_a_second_status_from_a_graph_of_ones_own_is_refused(gate: Gate, world: World) -> None:
    status = next(
        q for q in world.quads if q.predicate == f"<{UP}status>" and q.graph == BASE_ARTICLE
    )
    other = status._replace(object=f"<{IRIS.concept('status', 'cancelled')}>", graph=OWN)

    assert "status" in judged(gate, world, adding(other))


def test_rejected_results_are_a_report_in_rdf(gate: Gate, world: World) -> None:
    delta = world.change(removing(label_of(world, NORTHPORT)))
    results = gate.judge(world.before, world.after, delta)

    lines = "".join(f"{' '.join(triple)} .\n" for triple in report_graph(results))
    triples = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
    document = ox.serialize((quad.triple for quad in triples), format=ox.RdfFormat.JSON_LD)
    assert document is not None
    assert set(ox.parse(document, format=ox.RdfFormat.JSON_LD)) == set(
        ox.parse(report_turtle(results), format=ox.RdfFormat.TURTLE)
    )


SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <https://example.org/> .
e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; %s .
"""
NEEDS_Q = "sh:property [ sh:path %s ; sh:minCount 1 ]"
ABOVE = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
CHAIN = "e:a e:p e:b . e:b e:p e:c"
CONSTRAINTS = (
    (NEEDS_Q % "( e:p e:q )", "e:a e:p e:b", "e:b e:q e:c"),
    (NEEDS_Q % "( [ sh:inversePath e:q ] e:p )", "e:b e:p e:c", "e:b e:q e:a"),
    (NEEDS_Q % "[ sh:inversePath ( e:p e:p ) ]", "e:c e:p e:b", "e:b e:p e:a"),
    (NEEDS_Q % "( e:p [ sh:inversePath e:q ] )", "e:a e:p e:b", "e:c e:q e:b"),
    (NEEDS_Q % "( [ sh:zeroOrMorePath e:p ] e:q )", CHAIN, "e:c e:q e:d"),
    (NEEDS_Q % "( [ sh:oneOrMorePath e:p ] e:q )", CHAIN, "e:c e:q e:d"),
    (NEEDS_Q % "( [ sh:zeroOrOnePath e:p ] e:q )", "e:a e:p e:b", "e:b e:q e:d"),
    (NEEDS_Q % "[ sh:alternativePath ( e:p ( e:q e:q ) ) ]", "e:a e:q e:b", "e:b e:q e:c"),
    ("sh:property [ sh:path e:p ; sh:class e:Other ]", "e:a e:p e:b", "e:b a e:Other"),
    (
        "sh:property [ sh:path e:p ; sh:class e:Other ]",
        "e:a e:p e:b . e:b a e:Low",
        f"e:Low {ABOVE} e:Other",
    ),
    (
        "sh:property [ sh:path e:p ; sh:node [ sh:property [ sh:path e:q ; sh:minCount 1 ] ] ]",
        "e:a e:p e:b",
        "e:b e:q e:c",
    ),
    (
        "sh:property [ sh:path e:p ; sh:qualifiedMinCount 1 ; "
        "sh:qualifiedValueShape [ sh:class e:Other ] ]",
        "e:a e:p e:b",
        "e:b a e:Other",
    ),
    ("sh:property [ sh:path e:p ; sh:equals e:q ]", "e:a e:p e:b", "e:a e:q e:b"),
    (f"sh:not [ sh:not [ {NEEDS_Q % 'e:p'} ] ]", "", "e:a e:p e:b"),
    (f"sh:or ( [ sh:class e:Other ] [ {NEEDS_Q % 'e:p'} ] )", "", "e:a e:p e:b"),
    ("sh:xone ( [ sh:class e:Other ] [ sh:class e:Low ] )", "", "e:a a e:Other"),
)


def triples_of(text: str) -> frozenset[Quad]:
    parsed = ox.parse(f"@prefix e: <https://example.org/> . {text}", format=ox.RdfFormat.TURTLE)
    return frozenset(Quad(str(t.subject), str(t.predicate), str(t.object), OWN) for t in parsed)


def gate_of(folder: Path, shape: str) -> Gate:
    (folder / "own.ttl").write_text(SHAPE % shape, "utf-8")
    return Gate.load(folder)


@pytest.mark.parametrize(("shape", "rest", "needed"), CONSTRAINTS)
def test_what_a_shape_needs_is_missed_wherever_it_stood(
    shape: str, rest: str, needed: str, tmp_path: Path
) -> None:
    gone = triples_of(f"{needed} .")
    kept = triples_of(f"e:a a e:Thing . {rest and rest + ' .'}")
    before, after = ox.Store(), ox.Store()
    add(before, sorted(kept | gone))
    add(after, sorted(kept))
    gate = gate_of(tmp_path, shape)

    found = gate.judge(before, after, Delta(removed=gone))

    assert [result.focus for result in found] == ["https://example.org/a"]
    assert gate.judge(after, before, Delta(added=gone)) == ()


def test_a_property_that_a_closed_shape_does_not_know_is_refused(tmp_path: Path) -> None:
    gate = gate_of(tmp_path, f"sh:closed true ; sh:ignoredProperties ( {TYPE} )")
    thing, other = triples_of("e:a a e:Thing ."), triples_of("e:a e:other 5 .")
    before, after = ox.Store(), ox.Store()
    add(before, sorted(thing))
    add(after, sorted(thing | other))

    (found,) = gate.judge(before, after, Delta(added=other))

    assert (found.component, found.path) == (
        "ClosedConstraintComponent",
        "https://example.org/other",
    )


def test_a_shape_that_may_read_anything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="nobody can tell what Shape reads"):
        gate_of(tmp_path, 'sh:sparql [ sh:select "SELECT $this WHERE { $this a ?c }" ]')


@pytest.mark.parametrize(
    "line",
    [
        "when moved: ?focus a ?class",
        "when added: ?focus",
        "when added: ?focus nowhere:p ?value",
        "when added: ?other up:p ?value",
        "when added: ?other up:p ?value => ?focus up:p ?nothing",
    ],
)
def test_a_line_that_is_no_trigger_is_refused(line: str, tmp_path: Path) -> None:
    head = f"# message: Mend it.\n# severity: Violation\n# {line}\n"
    query = f"PREFIX up: <{UP}>\nSELECT ?focus WHERE {{ ?focus up:p ?value }}\n"
    (tmp_path / "mine.rq").write_text(head + query, "utf-8")

    with pytest.raises(OntologyError, match="not a trigger"):
        load_checks(tmp_path)


def test_the_gate_follows_another_base() -> None:
    iris = Iris("https://data.example.org/")
    article = f"<{iris.article_graph('a')}>"
    fact = Quad(f"<{iris.reported('a', 'f')}>", TYPE, f"<{UP}Gift>", article)
    before, after = ox.Store(), ox.Store()
    add(after, [fact])

    found = Gate.load(shapes_dir(), iris=iris).judge(before, after, Delta(added=frozenset({fact})))

    assert {"GiftFrom", "GiftTo", "GiftItem"} <= {result.rule for result in found}
