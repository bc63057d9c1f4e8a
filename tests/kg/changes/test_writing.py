"""A write is a new release, whole and checked, or nothing at all."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.changes import Change, Writer
from kg.errors import ChangeError, Conflict, DataError, Rejected, ReleaseError
from kg.releases import Releases
from tests.kg.changes.written import (
    AUTHORITY,
    BASE,
    GAMMA,
    OWN,
    ask,
    delete,
    insert,
    merge_is_kept,
    write,
)

SAID = 'ex:s ex:p "said" .'


def test_a_write_is_a_new_release_that_is_current_and_whole(releases):
    before = releases.current()

    outcome = insert(releases, SAID)

    assert outcome.changed
    assert releases.verify("current").id == outcome.release.id != before.id
    assert ask(outcome.release, f"GRAPH <{OWN}> {{ {SAID} }} {SAID}")
    assert not ask(releases.verify(before.id), SAID)


def test_the_manifest_says_who_wrote_when_and_how_much(releases):
    before = releases.current().manifest

    manifest = insert(
        releases, GAMMA, AUTHORITY, by="anna", request="POST /sparql", operation="INSERT DATA"
    ).release.manifest

    assert manifest.parent == before.id
    assert (manifest.written.by, manifest.written.request) == ("anna", "POST /sparql")
    assert manifest.written.added[AUTHORITY] == 2
    assert manifest.written.when.endswith("Z")
    assert manifest.quads == before.quads + sum(manifest.written.added.values())
    assert manifest.entities == before.entities + 1


def test_a_write_that_changes_nothing_publishes_nothing(releases):
    first = insert(releases, SAID)

    again = insert(releases, SAID)

    assert not again.changed
    assert again.release.id == first.release.id
    assert len(releases.ids()) == 2


def test_merge_and_derived_triples_are_kept_in_step(releases):
    added = insert(releases, GAMMA, AUTHORITY).release

    assert ask(added, "id:gamma a up:Agent")
    assert merge_is_kept(added)
    removed = delete(releases, GAMMA, AUTHORITY).release
    assert not ask(removed, "id:gamma ?p ?o")
    assert merge_is_kept(removed)


def test_a_triple_of_two_graphs_stays_in_the_merge_until_the_last_one_goes(releases):
    insert(releases, SAID)
    insert(releases, SAID, "https://example.org/other")

    one = delete(releases, SAID).release
    none = delete(releases, SAID, "https://example.org/other").release

    assert ask(one, SAID)
    assert not ask(none, SAID)


def test_a_violation_is_refused_with_its_report_and_nothing_changes(releases):
    before = releases.current().id

    with pytest.raises(Rejected, match="violation") as caught:
        insert(releases, "id:nameless a up:University .", AUTHORITY)

    assert f"{BASE}id/nameless" in {result.focus for result in caught.value.results}
    assert (releases.current().id, len(releases.ids())) == (before, 1)


def test_a_write_that_expects_another_release_is_refused(releases):
    first = releases.current().id
    second = insert(releases, SAID, expected={first}).release.id

    with pytest.raises(Conflict, match="another release"):
        insert(releases, 'ex:s ex:p "later" .', expected={first})

    assert releases.current().id == second


def test_undoing_a_write_makes_a_release_of_its_own(releases):
    first = releases.current().id
    insert(releases, SAID)

    undone = delete(releases, SAID).release

    assert undone.id != first
    assert undone.manifest.quads == releases.get(first).manifest.quads


def test_a_change_made_again_after_going_back_is_another_release(releases):
    first = releases.current().id
    once = insert(releases, SAID, by="anna").release
    releases.use(first)

    again = insert(releases, SAID, by="boris").release

    assert again.id != once.id
    assert again.manifest.written.by == "boris"


def test_what_rules_derive_cannot_be_written(releases):
    with pytest.raises(ChangeError, match="what rules derive"):
        insert(releases, SAID, f"{BASE}graph/derived")


@pytest.mark.parametrize(
    "how", [{"graphs": {""}}, {"candidates": [ox.Quad(*[ox.NamedNode("x:y")] * 3)]}]
)
def test_a_change_of_the_merge_is_refused(how, releases):
    with pytest.raises(ChangeError, match="must name its graph"):
        Writer(releases).propose(Change(lambda store: None, **how))


@pytest.mark.parametrize("silently", ["CLEAR DEFAULT", "INSERT DATA { <x:s> <x:p> <x:o> }"])
def test_a_change_that_writes_the_merge_beside_a_graph_is_refused(silently, releases):
    with pytest.raises(ChangeError, match="writes to the default graph"):
        write(releases, f"{silently} ; INSERT DATA {{ GRAPH <{OWN}> {{ {SAID} }} }}", None)


def test_blank_nodes_become_iris_beside_a_merge(releases):
    outcome = insert(releases, "_:a ex:knows _:b . _:b ex:knows _:a .")

    assert all(
        term.startswith(f"<{BASE}.well-known/genid/")
        for quad in outcome.delta.added
        for term in (quad.subject, quad.object)
    )
    assert ask(outcome.release, "?a ex:knows ?b . ?b ex:knows ?a FILTER(ISIRI(?a) && ?a != ?b)")


def test_only_known_candidates_are_compared(releases):
    quad = ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal(1), ox.NamedNode(OWN))
    written = ox.Literal("01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    same = ox.Quad(quad.subject, quad.predicate, written, quad.graph_name)

    first = Writer(releases).propose(Change(lambda store: store.add(quad), candidates=[quad]))
    second = Writer(releases).propose(Change(lambda store: store.add(same), candidates=[same]))

    assert [added.object for added in first.delta.added] == [
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]
    assert not second.changed


def test_graphs_made_and_dropped_are_told(releases):
    made = insert(releases, SAID)
    dropped = write(releases, f"CLEAR GRAPH <{OWN}>", None)

    assert (made.created, made.dropped) == ({OWN}, frozenset())
    assert (dropped.created, dropped.dropped) == (frozenset(), {OWN})


def test_an_entity_that_is_deleted_is_retired_until_it_is_written_again(releases):
    insert(releases, GAMMA, AUTHORITY)
    gone = delete(releases, GAMMA, AUTHORITY).release
    back = insert(releases, GAMMA, AUTHORITY).release

    assert gone.retired() == {f"{BASE}id/gamma": ""}
    assert back.retired() == {}


def test_what_a_change_raises_comes_through_and_nothing_is_left_behind(releases):
    with pytest.raises(SyntaxError):
        write(releases, "INSERT rubbish", {OWN})

    assert list(releases.root.glob(".staging-*")) == []
    assert len(releases.ids()) == 1


def test_a_term_of_rdf_1_2_is_refused(releases):
    with pytest.raises(DataError):
        insert(releases, "ex:s ex:p <<( ex:a ex:b ex:c )>> .")


def test_a_write_waits_for_another_only_for_a_time(releases):
    with releases.lock(), pytest.raises(ReleaseError, match="another process is writing"):
        Writer(releases, wait=0.01).propose(Change(lambda store: None, {OWN}))


def test_without_a_release_there_is_nothing_to_write_to(tmp_path):
    with pytest.raises(ReleaseError, match="no release"):
        insert(Releases(tmp_path), SAID)
