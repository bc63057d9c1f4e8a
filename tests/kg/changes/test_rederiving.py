"""After a change, derived triples are what deriving everything anew would make of it."""

from __future__ import annotations

import os
import random
from itertools import islice

import pytest
from rdflib.paths import Path
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef

from kg.changes.makers import Makers
from kg.data import ontology_dir
from kg.errors import OntologyError, Problems
from kg.iris import Iris
from kg.rules import load_rules
from kg.rules.reads import focuses
from kg.terms import Quad
from tests.kg.changes.derived_world import (
    DERIVED,
    GRAPHS,
    IRIS,
    PREFIXES,
    TABLE,
    World,
    asserted,
    expand,
    quads_in,
    random_changes,
    statement,
)

TIMES = int(os.environ.get("UNIPACT_FUZZ", "1"))
RULES = load_rules(ontology_dir() / "rules")
UP = PREFIXES["up"]
TYPE = expand("rdf:type")
READ = ("rdf:type", "rdfs:subClassOf", "up:inheritsStatusVia", "skos:broader", "skos:inScheme")
KEPT = tuple(map(expand, READ))


@pytest.fixture(scope="module")
def terms(ontology):
    """What rules read of the ontology and the concepts."""
    return frozenset(quad for quad in ontology.quads(IRIS) if quad.predicate in KEPT)


def world_of(terms, chance, *, statements, rules=RULES):
    return World(rules, terms | {statement(chance) for _ in range(statements)})


@pytest.mark.parametrize("seed", range(8 * TIMES))
def test_random_changes_one_after_the_other_come_to_the_same_as_deriving_anew(terms, seed):
    chance = random.Random(seed)
    world = world_of(terms, chance, statements=chance.choice((20, 80, 140)))

    for change in islice(random_changes(world, chance), 20):
        world.change(**change)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_statement_of_a_kind_that_a_rule_reads_can_go_and_come_back(rule, terms):
    chance = random.Random(rule.name)
    world = world_of(terms, chance, statements=120)
    wanted = {f"<{predicate}>" for predicate in properties(rule)} | {TYPE}

    for predicate in sorted(wanted):
        stated = sorted(q for q in world.quads if q.predicate == predicate and q.graph in GRAPHS)
        for quad in chance.sample(stated, min(len(stated), 2 * TIMES)):
            world.change(remove=[quad])
            world.change(add=[quad])


def properties(rule):
    """Return the properties that the query of a rule names in its WHERE."""
    return set(map(str, _predicates(prepareQuery(rule.query).algebra["p"])))


def _predicates(part):
    if isinstance(part, CompValue):
        for key, value in part.items():
            if key == "triples":  # (subject, predicate, object), or many of them in one list
                flat = [term for some in value for term in some]
                yield from (leaf for path in flat[1::3] for leaf in _leaves(path))
            elif key != "_vars":
                yield from _predicates(value)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _predicates(one)


def _leaves(path):
    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, CompValue):
        yield from (leaf for value in path.values() for leaf in _leaves(value))
    elif isinstance(path, list | tuple):
        yield from (leaf for one in path for leaf in _leaves(one))
    elif isinstance(path, Path):
        yield from _leaves(list(vars(path).values()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_a_rule_declares_covers_every_property_of_its_query(rule):
    reads = [read for focus in focuses(rule) for read in focus.reads]
    named = [one for read in reads if not isinstance(one := read.triple.predicates, str)]
    declared = {name.value for names in named for name in names}
    any_at_all = [
        read
        for read in reads
        if isinstance(name := read.triple.predicates, str)
        and not any(name in tie.variables for tie in read.ties)
    ]

    assert properties(rule)
    assert any_at_all or properties(rule) <= declared


def test_every_shipped_rule_says_what_it_reads():
    assert [rule.name for rule in RULES if not focuses(rule)] == []
    assert Makers.of(RULES, IRIS)


def test_edges_of_shipped_rules_follow_who_says_it():
    yielding = [rule for rule in RULES if "up:yields [" in rule.query.partition("WHERE")[0]]
    silent = [
        rule.name
        for rule in yielding
        if f"{UP}accordingTo"
        not in {
            predicate.value
            for focus in focuses(rule)
            for read in focus.reads
            if not isinstance(read.triple.predicates, str)
            for predicate in read.triple.predicates
        }
    ]

    assert len(yielding) >= 7
    assert silent == []


def facts_of(quads):
    """Return what is said of some facts, by fact."""
    kinds = {expand(f"up:{kind}") for kind in ("Membership", "Agreement", "Participation")}
    facts = sorted(q.subject for q in quads if q.predicate == TYPE and q.object in kinds)
    return [[q for q in quads if q.subject == fact] for fact in facts]


def is_read(quad):
    """Tell whether a rule may read the statement: mentions and descriptions of terms are many."""
    return quad.predicate in KEPT or not quad.graph.endswith(("/mentions>", "/ontology>"))


def test_shipped_articles_and_their_facts_can_change(seeds_store):
    chance = random.Random(5)
    world = World(RULES, frozenset(q for q in asserted(seeds_store) if is_read(q)))
    article = chance.choice(
        sorted({q.graph for q in world.quads if "/article/" in q.graph and q.graph.count("/") == 6})
    )
    statuses = sorted(q for q in world.quads if q.predicate == expand("up:status"))

    for some in [
        [q for q in world.quads if q.graph == article],
        *chance.sample(facts_of(world.quads), TIMES),
        *([quad] for quad in chance.sample(statuses, TIMES)),
    ]:
        world.change(remove=some)
        world.change(add=some)


def quad(subject, predicate, value, graph=GRAPHS[0]):
    return Quad(expand(subject), expand(predicate), expand(value), graph)


def partnership(fact, *parties):
    return [
        quad(fact, "rdf:type", "up:Partnership"),
        quad(fact, "up:status", "c:status/in-force"),
        quad(fact, "up:reportedIn", "n:article"),
        quad("n:article", "dcterms:issued", '"2021-01-01"'),
        *(quad(fact, "up:party", party) for party in parties),
    ]


def edge(world, predicate="up:partnerOf"):
    wanted = (expand("n:a"), expand(predicate), expand("n:b"))
    return {q.graph for q in quads_in(world.store) if q[:3] == wanted and q.graph}


def test_an_edge_of_two_facts_stays_when_one_goes(terms):
    both = [*partnership("n:one", "n:a", "n:b"), *partnership("n:two", "n:a", "n:b")]
    world = World(RULES, terms | frozenset(both))

    world.change(remove=[quad("n:one", "up:party", "n:a")])

    assert edge(world) == {f"<{IRIS.graph('derived')}>"}


def test_an_edge_moves_when_it_rests_on_somebodys_words(terms):
    world = World(RULES, terms | frozenset(partnership("n:one", "n:a", "n:b")))

    world.change(add=[quad("n:one", "up:accordingTo", "n:c")])

    assert edge(world) == {f"<{IRIS.graph('derived-attributed')}>"}


def test_what_is_asserted_is_derived_again_when_it_is_no_longer_asserted(terms):
    fact = partnership("n:one", "n:a", "n:b")
    world = World(RULES, terms | frozenset(fact))
    (derived,) = {
        q for q in quads_in(world.store) if "reality>" in q.predicate and q.graph in DERIVED
    }

    stated = world.change(add=[derived._replace(graph=GRAPHS[1])])
    unstated = world.change(remove=[derived._replace(graph=GRAPHS[1])])

    assert stated.removed == {derived} == unstated.added


def test_a_change_that_no_rule_reads_derives_nothing(terms):
    world = World(RULES, terms | frozenset(partnership("n:one", "n:a", "n:b")))

    assert not world.change(add=[quad("n:one", "up:note", '"x"')])


def test_rules_that_declare_nothing_are_followed_too(terms, tmp_path):
    rules = (*RULES, *written(tmp_path, "?a up:friendOf ?b", "?a up:partnerOf ?b"))
    chance = random.Random(1)
    world = world_of(terms, chance, statements=80, rules=rules)

    for change in islice(random_changes(world, chance), 10):
        world.change(**change)


def test_a_class_of_very_many_things_can_get_a_superclass(terms):
    many = {quad(f"n:x{number}", "rdf:type", "n:Club") for number in range(2_100)}
    world = World(RULES, terms | many)

    delta = world.change(add=[quad("n:Club", "rdfs:subClassOf", "up:University")])

    assert len(delta.added) > 2_100


def test_concepts_follow_the_base_of_the_release(ontology):
    iris = Iris("https://example.org/")
    terms = frozenset(quad for quad in ontology.quads(iris) if quad.predicate in KEPT)
    fact = partnership("n:one", "n:a", "n:b")
    old, new = expand("c:status/in-force"), "<https://example.org/concept/status/in-force>"
    world = World(
        RULES, terms | {q._replace(object=q.object.replace(old, new)) for q in fact}, iris
    )
    party = quad("n:one", "up:party", "n:a")

    delta = world.change(remove=[party])

    assert any("partnerOf" in q.predicate for q in delta.removed)


def written(folder, template, where, *head):
    prefixes = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
    lines = "".join(f"# {line}\n" for line in ("Derives: x.", *head))
    query = f"CONSTRUCT {{ {template} }} WHERE {{ {where} }}"
    (folder / "90-own.rq").write_text(f"{lines}{prefixes}{query}", encoding="utf-8")
    return load_rules(folder)


@pytest.mark.parametrize(
    ("template", "where", "head", "message"),
    [
        ("?a n:q ?b", "?a n:p ?b", ["focus: ?a"], "does not say what it reads"),
        ("?a n:q ?b", "?a n:p ?b", ["focus: ?a", "reads: a b"], "cannot be read: 'a b'"),
        ("?a n:q ?b", "?a n:p ?b", ["focus: ?a", "reads: ?a x:p ?b"], "cannot be read: 'x:p'"),
        ("?a n:q ?b", "?a n:p ?b", ["focus: ?a", "reads: ?c n:p* ?a"], "cannot be read"),
        ("?a n:q ?b", "?a n:p ?b", ["focus: ?a", "reads: ?c n:p ?b"], "does not lead to a focus"),
        ("?b n:q ?c", "?a n:p ?b, ?c", ["focus: ?a", "reads: ?a n:p ?b"], "no line `makes:` leads"),
        ("?a n:q ?b", "?a n:p ?b } LIMIT 1 #", ["focus: ?a", "reads: ?a n:p ?b"], "no focus"),
    ],
)
def test_a_wrong_declaration_is_refused(template, where, head, message, tmp_path):
    with pytest.raises(Problems) as caught:
        written(tmp_path, template, where, *head)

    (error,) = caught.value.errors
    assert isinstance(error, OntologyError)
    assert message in str(error)


def test_every_property_of_the_random_world_is_read_by_a_rule():
    read = {f"<{name}>" for rule in RULES for name in properties(rule)}
    attributes = {"up:mode", "up:place"}  # read by a variable

    assert {expand(key.strip()) for key in TABLE if key not in attributes} <= read
