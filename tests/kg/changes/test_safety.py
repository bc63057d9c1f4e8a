"""A write or a completion that is killed, or that the disk refuses, leaves whole releases."""

from __future__ import annotations

import pytest

from kg.changes import complete
from kg.changes.attempt import STEPS
from tests.kg.changes.written import OWN, ask, insert, run, start

FIRST = '<x:child> <x:n> "0"'


@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
def test_a_write_killed_at_any_step_leaves_the_old_release_and_hinders_nobody(step, releases):
    before = releases.current().id

    code, _ = run(releases, "write-1", f"kill-{step}")

    assert code == -9
    assert releases.verify("current").id == before
    later = insert(releases, f"{FIRST} .").release
    assert releases.verify("current").id == later.id
    assert ask(later, f"GRAPH <{OWN}> {{ {FIRST} }}")
    assert list(releases.root.glob(".staging-*")) == []


@pytest.mark.parametrize("limit", [1_000, 20_000, 60_000])
def test_a_full_disk_refuses_the_write_and_the_old_release_is_served(limit, releases):
    before = releases.current().id

    code, said = run(releases, "write-1", f"limit-{limit}")

    assert code == 1
    assert said.startswith("ReleaseError: cannot "), said
    assert releases.verify("current").id == before
    assert list(releases.root.glob(".staging-*")) == []


def test_two_processes_write_at_once_and_no_write_is_lost(releases):
    processes = [start(releases, "write-5", who=who) for who in ("anna", "boris")]

    ended = [(*process.communicate(), process.returncode) for process in processes]

    assert [code for _, _, code in ended] == [0, 0], ended
    ids = {name for said, _, _ in ended for name in said.split()}
    assert len(ids) == 10
    current = releases.verify("current")
    for who in ("anna", "boris"):
        for turn in range(5):
            assert ask(current, f'<x:{who}> <x:n> "{turn}"')


@pytest.mark.parametrize("step", range(1, 4))
def test_a_completion_killed_at_any_step_is_made_again(step, releases):
    written = insert(releases, f"{FIRST} .").release

    code, _ = run(releases, "complete", f"kill-{step}")

    assert code == -9
    assert releases.verify("current").manifest == written.manifest
    assert not complete(releases).manifest.pending
    assert releases.verify("current").id == written.id
    assert list(releases.root.glob(".completing-*")) == []


def test_a_full_disk_leaves_a_release_pending(releases):
    written = insert(releases, f"{FIRST} .").release

    code, said = run(releases, "complete", "limit-20000")

    assert code == 1
    assert said.startswith("ReleaseError: cannot "), said
    assert releases.verify("current").manifest == written.manifest
