"""A copy made beforehand is used when it fits, and is never in the way."""

from __future__ import annotations

import pytest

from kg.changes import Change, Writer, copies
from kg.changes.attempt import STEPS
from tests.kg.changes.written import OWN, ask, insert, merge_is_kept, run


@pytest.fixture
def writer(releases):
    writer = Writer(releases)
    yield writer
    writer.close()


def said(value):
    text = f'INSERT DATA {{ GRAPH <{OWN}> {{ <x:s> <x:p> "{value}" }} }}'
    return Change(lambda store: store.update(text), {OWN})


def left(releases):
    return [*releases.root.glob(".prepared-*")]


def test_a_prepared_write_is_a_whole_release(writer, releases):
    writer.prepare()

    release = writer.propose(said(1)).release

    assert releases.verify("current").id == release.id
    assert {path.name for path in release.path.iterdir()} >= {"store", "manifest.json"}
    assert not (release.path / ".lock").exists()
    assert left(releases) == []


def test_a_copy_of_an_older_release_is_not_used(writer, releases):
    writer.prepare()
    insert(releases, '<x:s> <x:p> "first" .')

    release = writer.propose(said("second")).release

    assert ask(release, '<x:s> <x:p> "first", "second"')
    assert left(releases) == []


def test_a_refused_change_does_not_spoil_the_next(writer, releases):
    writer.prepare()
    with pytest.raises(SyntaxError):
        writer.propose(Change(lambda store: store.update("rubbish"), {OWN}))

    assert ask(writer.propose(said(1)).release, '<x:s> <x:p> "1"')


def test_preparing_twice_makes_one_copy(writer, releases):
    writer.prepare()
    writer.prepare()

    assert len(left(releases)) == 1


def test_a_copy_of_the_living_stays_and_one_of_the_dead_goes(writer, releases):
    writer.prepare()
    (mine,) = left(releases)
    dead = releases.root / ".prepared-dead"
    dead.mkdir()

    other = Writer(releases)
    other.prepare()

    assert mine in left(releases)
    assert dead not in left(releases)
    other.close()
    assert left(releases) == [mine]


def test_a_store_of_many_files_is_tidied(writer, releases, monkeypatch):
    for value in range(3):
        writer.propose(said(value))
    before = tables(releases.current().path)
    monkeypatch.setattr(copies, "_MANY", 1)

    writer.prepare()

    (prepared,) = left(releases)
    assert tables(prepared) < before
    assert merge_is_kept(releases.verify(writer.propose(said("last")).release.id))


def tables(folder):
    return len([*folder.glob("store/*.sst")])


@pytest.mark.parametrize("step", [2, len(STEPS)])
def test_a_prepared_write_that_is_killed_leaves_the_old_release(step, releases):
    before = releases.current().id

    code, _ = run(releases, "prepared-1", f"kill-{step}")

    assert code == -9
    assert releases.verify("current").id == before
    writer = Writer(releases)
    writer.prepare()
    assert len(left(releases)) == 1
    writer.close()
