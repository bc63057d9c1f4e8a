"""Writes to a release whose default graph is its own: blank nodes and empty graphs are kept."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.changes import Change, Writer, complete, read_patch
from kg.errors import ChangeError
from kg.releases import Releases
from kg.releases.loading import load_release
from tests.kg.changes.written import BASE, ask, write

KNOWS = "<x:knows>"


@pytest.fixture
def releases(tmp_path):
    file = tmp_path / "own.ttl"
    file.write_text('<x:s> <x:p> "loaded" .', encoding="utf-8")
    load_release([file], tmp_path / "releases", default_graph="store")
    return Releases(tmp_path / "releases")


def test_the_default_graph_can_be_written(releases):
    outcome = write(releases, 'INSERT DATA { <x:s> <x:p> "written" }', {""})

    assert ask(outcome.release, '<x:s> <x:p> "loaded", "written"')
    assert {quad.graph for quad in outcome.delta.added} == {f"<{BASE}graph/default>"}
    manifest = releases.verify("current").manifest
    assert (manifest.quads, manifest.triples, manifest.stored) == (2, 2, 2)


def test_a_named_graph_does_not_show_in_the_default_graph(releases):
    release = write(releases, "INSERT DATA { GRAPH <x:g> { <x:a> <x:b> <x:c> } }", {"x:g"}).release

    assert ask(release, "GRAPH <x:g> { <x:a> <x:b> <x:c> }")
    assert not ask(release, "<x:a> <x:b> <x:c>")


def test_blank_nodes_stay_blank_nodes(releases):
    text = f"INSERT DATA {{ _:a {KNOWS} _:b . GRAPH <x:g> {{ _:a {KNOWS} _:a }} }}"

    outcome = write(releases, text, {"", "x:g"})

    assert ask(
        outcome.release, f"?a {KNOWS} ?b GRAPH <x:g> {{ ?a {KNOWS} ?a }} FILTER(ISBLANK(?a))"
    )
    assert read_patch(outcome.release.patch).delta == outcome.delta
    assert not write(releases, f"INSERT DATA {{ <x:s> {KNOWS} <x:s> }}", {""}).delta.removed


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf", "nq", "trig", "jsonld"])
def test_blank_nodes_stand_in_every_dump(suffix, releases):
    write(releases, f"INSERT DATA {{ _:a {KNOWS} _:b ; a _:c ; skos:prefLabel _:d }}", {""})

    dump = complete(releases).dump_dir / f"unipact.{suffix}"

    found = [*ox.parse(path=str(dump))]
    assert len(found) == 4
    assert sum(isinstance(quad.subject, ox.BlankNode) for quad in found) == 3
    assert sum(isinstance(quad.object, ox.BlankNode) for quad in found) == 3


def test_empty_graphs_are_made_and_dropped(releases):
    made = write(releases, "CREATE GRAPH <x:empty>", {"x:empty"})
    dropped = write(releases, "DROP GRAPH <x:empty>", None)

    assert (made.changed, made.created) == (True, {"x:empty"})
    assert (dropped.changed, dropped.dropped) == (True, {"x:empty"})
    store = ox.Store.read_only(str(made.release.store_path))
    assert store.contains_named_graph(ox.NamedNode("x:empty"))


def test_an_empty_graph_is_made_where_no_quad_is_a_candidate(releases):
    name = ox.NamedNode("x:empty")
    change = Change(lambda store: store.add_graph(name), {"x:empty"}, candidates=[])

    assert Writer(releases).propose(change).created == {"x:empty"}


def test_everything_can_be_cleared(releases):
    outcome = write(releases, "CLEAR ALL", None)

    assert releases.verify("current").manifest.quads == 0
    assert len(outcome.delta.removed) == 1
    assert complete(releases).manifest.quads == 0


def test_the_name_that_dumps_give_to_the_default_graph_is_taken(releases):
    with pytest.raises(ChangeError, match="no graph may be called"):
        write(releases, f"INSERT DATA {{ GRAPH <{BASE}graph/default> {{ <x:a> <x:b> 1 }} }}", None)


def test_a_candidate_of_the_default_graph_is_compared(releases):
    quad = ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal("more"))

    outcome = Writer(releases).propose(Change(lambda store: store.add(quad), candidates=[quad]))

    assert len(outcome.delta.added) == 1
