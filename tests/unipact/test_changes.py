"""`unipact changes` and what `unipact releases` says of written releases."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import unipact
from kg.changes import Change, Writer
from kg.releases import Releases
from unipact.command import cli

OWN = "https://example.org/own"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Releases with two writes, by anna and by boris."""
    root = tmp_path_factory.mktemp("written") / "releases"
    unipact.build(releases=root)
    for who in ("anna", "boris"):
        text = f'INSERT DATA {{ GRAPH <{OWN}> {{ <x:s> <x:by> "{who}" }} }}'
        change = Change(
            lambda store, text=text: store.update(text), {OWN}, by=who, operation="INSERT DATA"
        )
        Writer(Releases(root)).propose(change)
    return root


def run(folder, *words):
    done = CliRunner().invoke(cli, [*words, "--releases", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_changes_are_listed_with_who_made_them(folder):
    rows = json.loads(run(folder, "changes", "list", "--json"))

    assert [row["by"] for row in rows] == ["anna", "boris"]
    assert [row["added"] for row in rows] == [1, 1]
    assert all(row["in_force"] and row["graphs"] == [OWN] for row in rows)
    assert "anna  INSERT DATA" in run(folder, "changes", "list")


def test_a_change_is_shown_as_rdf_patch(folder):
    shown = run(folder, "changes", "show", "000002")

    assert 'H by "boris" .' in shown
    assert f'A <x:s> <x:by> "boris" <{OWN}> .' in shown


def test_exported_changes_are_files_of_the_seeds(folder, tmp_path):
    said = run(folder, "changes", "export", str(tmp_path))

    (file,) = (tmp_path / "changes").iterdir()
    assert said == f"{file}: 2 quads\n"
    assert '"anna"' in file.read_text(encoding="utf-8")


def test_releases_are_compared(folder):
    first, _, last = [row["id"] for row in reversed(json.loads(listed(folder)))]

    counts = json.loads(run(folder, "releases", "diff", first, last, "--json"))
    patch = run(folder, "releases", "diff", last, first)

    assert counts == {"from": first, "to": last, "added": {OWN: 2}, "removed": {}}
    assert patch.count("\nD ") == 2
    assert len(unipact.diff(first, last, releases=folder).added) == 2


def listed(folder):
    return run(folder, "releases", "list", "--json")


def test_pending_dumps_are_told_and_made(folder):
    assert "dumps pending" in run(folder, "releases", "list").splitlines()[0]

    run(folder, "releases", "complete")

    assert "dumps pending" not in run(folder, "releases", "list").splitlines()[0]
    assert json.loads(listed(folder))[0]["written"]["by"] == "boris"


def test_without_changes_there_is_nothing_to_export(tmp_path):
    unipact.build(releases=tmp_path)

    done = CliRunner().invoke(cli, ["changes", "export", "--releases", str(tmp_path)])

    assert "no change is in force" in str(done.exception)
