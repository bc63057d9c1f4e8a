"""`unipact link`: what a curator does, from a dump to a release with links."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import unipact
from kg.data import seeds_dir
from unipact.command import cli

ENTRY = {
    "id": "https://ror.org/02x1pa065",
    "names": [{"value": "UASR Secretariat", "types": ["ror_display", "label"], "lang": "en"}],
    "locations": [{"geonames_id": 1, "geonames_details": {"country_code": "CN", "name": "Xi'an"}}],
    "status": "active",
    "types": ["other"],
    "relationships": [],
    "links": [],
    "external_ids": [],
    "established": 2015,
}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return Path(shutil.copytree(seeds_dir(), tmp_path / "seeds"))


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    file = tmp_path / "ror.json"
    file.write_text(json.dumps([ENTRY]), encoding="utf-8")
    return file


def run(*words: object, said: str = "") -> Result:
    return CliRunner().invoke(cli, ["link", *map(str, words)], input=said)


def decisions(seeds: Path, *words: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run("list", "--seeds", seeds, "--json", *words).stdout)
    return found


def test_what_is_found_is_written_and_what_people_decided_stays(
    seeds: Path, dump: Path, seeds_release: unipact.OpenRelease
) -> None:
    before = [row for row in decisions(seeds) if row["reviewed"]]

    done = run("find", "--ror", dump, "--seeds", seeds, "--releases", seeds_release.path.parent)

    assert done.exit_code == 0, done.output
    after = decisions(seeds)
    assert [row for row in after if row in before] == before
    assert len(after) > len(before)
    found = {row["object"] for row in after if row["subject"].endswith("/uasr-secretariat")}
    assert found <= {ENTRY["id"], "https://w3id.org/sssom/NoTermFound"}


def test_reviewer_accepts_rejects_and_stops(
    seeds: Path, seeds_release: unipact.OpenRelease
) -> None:
    waiting = decisions(seeds, "--decision", "review")

    done = run(
        "review", "--reviewer", "Anna", "--seeds", seeds,
        "--releases", seeds_release.path.parent, said="c\nr\nq\n",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    assert "2 decided" in done.output
    assert len(decisions(seeds, "--decision", "review")) == len(waiting) - 2
    assert len(decisions(seeds, "--decision", "rejected")) == 1


def test_accepted_link_is_in_the_release_that_apply_builds(seeds: Path, tmp_path: Path) -> None:
    run("review", "--reviewer", "Anna", "--seeds", seeds, "--releases", tmp_path, said="c\nq\n")

    done = run("apply", "--seeds", seeds, "--releases", tmp_path / "releases")

    assert done.exit_code == 0, done.output
    dump = (tmp_path / "releases" / "current" / "dump" / "unipact.nq").read_text(encoding="utf-8")
    assert '<https://w3id.org/sssom/reviewer_label> "Anna"' in dump


def test_what_the_registry_says_goes_to_a_graph_of_its_own(seeds: Path, tmp_path: Path) -> None:
    entry = {**ENTRY, "id": "https://ror.org/042nb2s44"}
    (tmp_path / "ror.jsonl").write_text(json.dumps(entry) + "\n", encoding="utf-8")

    done = run("enrich", "--ror", tmp_path / "ror.jsonl", "--seeds", seeds)

    assert done.exit_code == 0, done.output
    said = (seeds / "external" / "ror.nt").read_text(encoding="utf-8")
    assert "UASR Secretariat" in said
    assert "publicdomain/zero" in said


@pytest.mark.parametrize(
    "words",
    [
        ("find",),
        ("find", "--ror", "DUMP", "--source", "ror"),
        ("find", "--source", "sparql", "--into", "x", "--within", "https://x/"),
        ("find", "--source", "reconcile", "--url", "http://127.0.0.1:1/"),
    ],
)
def test_what_makes_no_sense_is_told(
    seeds: Path, dump: Path, seeds_release: unipact.OpenRelease, words: tuple[str, ...]
) -> None:
    given = [dump if word == "DUMP" else word for word in words]

    done = run(*given, "--seeds", seeds, "--releases", seeds_release.path.parent)

    assert done.exit_code != 0
