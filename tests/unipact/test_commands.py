"""The command line as a person uses it: what is printed, and how it ends."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import unipact
from kg.data import seeds_dir
from unipact.command import VERBS, main

Run = Callable[..., "Outcome"]
CONFERENCE = "2020-06-17-changes-in-cooperation"


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process."""

    def run(*words: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["unipact", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsys.readouterr()
        return Outcome(int(stop.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def releases(seeds_release: unipact.OpenRelease) -> Path:
    return seeds_release.path.parent


@pytest.fixture
def copied_seeds(tmp_path: Path) -> Path:
    return shutil.copytree(seeds_dir(), tmp_path / "seeds")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, run: Run) -> None:
    outcome = run(verb, "--help")

    assert outcome.code == 0
    assert outcome.out.startswith("Usage:")


def test_unknown_verb_is_an_error_of_the_user(run: Run) -> None:
    outcome = run("bild")

    assert outcome.code == 2
    assert "bild" in outcome.err


def test_query_prints_csv(run: Run, releases: Path, tmp_path: Path) -> None:
    query = tmp_path / "q.rq"
    query.write_text(
        "SELECT ?name { id:uasr skos:prefLabel ?name FILTER(LANG(?name) = 'en') }", "utf-8"
    )

    outcome = run("query", query, "--format", "csv", "--releases", releases)

    assert outcome == (0, "name\r\nUniversity Alliance of the Silk Road\r\n", "")


def test_query_with_a_mistake_says_where_without_traceback(
    run: Run, releases: Path, tmp_path: Path
) -> None:
    query = tmp_path / "q.rq"
    query.write_text("SELECT ?x { ?x a }", "utf-8")

    outcome = run("query", query, "--releases", releases)

    assert outcome.code == 2
    assert "not SPARQL" in outcome.err
    assert "1:" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_query_never_reaches_the_network(
    query: str, run: Run, releases: Path, tmp_path: Path
) -> None:
    file = tmp_path / "q.rq"
    file.write_text(query, "utf-8")

    outcome = run("query", file, "--releases", releases)

    assert outcome.code == 2
    assert "SERVICE" in outcome.err


def test_explain_leads_from_an_edge_to_its_words(run: Run, releases: Path) -> None:
    outcome = run("explain", "spbpu", "up:partnerOf", "polyu", "--releases", releases)

    assert outcome.code == 0
    assert "strategic" in outcome.out
    assert "according to Dmitry Arseniev" in outcome.out
    assert "two strategic partners of SPbPU" in outcome.out


def test_explain_as_json_has_article_quote_and_status(run: Run, releases: Path) -> None:
    outcome = run("explain", "polyu", "--json", "--releases", releases)

    (fact,) = [fact for fact in json.loads(outcome.out)["facts"] if fact["kind"] == "partnership"]
    assert fact["status"] == "in force"
    assert fact["evidence"][0]["published"] == "2020-12-04"
    assert fact["evidence"][0]["restated"] is True


def test_explain_of_nothing_known_is_an_error_of_the_user(run: Run, releases: Path) -> None:
    outcome = run("explain", "nobody", "--releases", releases)

    assert outcome.code == 2
    assert "says nothing about" in outcome.err


def test_show_lists_articles_and_then_prints_one(run: Run, releases: Path) -> None:
    listed = run("show", "--releases", releases)
    shown = run("show", CONFERENCE, "--releases", releases)

    assert len(listed.out.splitlines()) == 5
    assert CONFERENCE in listed.out
    assert shown.out.index("Bialystok University of Technology") < shown.out.index(
        "Marta Kosior-Kazberuk"
    )


def test_locate_prints_ranges_and_passage(run: Run) -> None:
    outcome = run("locate", "guest from Argentina")

    assert outcome.code == 0
    assert f"{CONFERENCE}/article.txt:" in outcome.out
    assert "in passage 'guest'" in outcome.out


def test_locate_says_when_the_words_stand_nowhere(run: Run) -> None:
    assert run("locate", "words that no article has").code == 2


def test_check_names_file_line_and_nearest_word(run: Run, copied_seeds: Path) -> None:
    file = copied_seeds / "articles" / CONFERENCE / "annotations.yaml"
    file.write_text(
        file.read_text("utf-8").replace("role: organizer", "role: organiser", 1), "utf-8"
    )

    outcome = run("check", "--seeds", copied_seeds)

    assert outcome.code == 2
    assert "annotations.yaml:" in outcome.out
    assert "organizer" in outcome.out
    assert "Traceback" not in outcome.err


def test_check_of_the_shipped_corpus_finds_no_error(run: Run) -> None:
    outcome = run("check", "--json")

    assert outcome.code == 0
    assert json.loads(outcome.out)["conforms"] is True


def test_failed_build_leaves_the_current_release(
    run: Run, copied_seeds: Path, tmp_path: Path
) -> None:
    releases = tmp_path / "releases"
    assert run("build", "--seeds", copied_seeds, "--releases", releases).code == 0
    before = (releases / "current").resolve()
    (copied_seeds / "articles" / CONFERENCE / "article.txt").write_text("other words\n", "utf-8")

    outcome = run("build", "--seeds", copied_seeds, "--releases", releases)

    assert outcome.code == 2
    assert (releases / "current").resolve() == before
    assert run("releases", "verify", "--releases", releases).code == 0


def test_releases_go_back_and_forth(run: Run, copied_seeds: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    run("build", "--seeds", copied_seeds, "--releases", releases)
    first = json.loads(run("releases", "list", "--json", "--releases", releases).out)[0]["id"]
    shutil.rmtree(copied_seeds / "links")
    run("build", "--seeds", copied_seeds, "--releases", releases)

    run("releases", "use", first, "--releases", releases)

    listed = json.loads(run("releases", "list", "--json", "--releases", releases).out)
    assert len(listed) == 2
    assert [row["id"] for row in listed if row["current"]] == [first]


def test_load_makes_a_release_that_says_it_is_not_validated(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "some.ttl"
    data.write_text(
        '<http://example.org/a> <http://example.org/b> [ <http://example.org/c> "d" ] .', "utf-8"
    )

    outcome = run("load", data, "--json", "--releases", tmp_path / "releases")

    assert outcome.code == 0
    assert json.loads(outcome.out)["validated"] is False


def test_load_of_no_rdf_is_an_error_with_its_line(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "some.ttl"
    data.write_text("<http://example.org/a> nonsense", "utf-8")

    outcome = run("load", data, "--releases", tmp_path / "releases")

    assert outcome.code == 2
    assert "some.ttl" in outcome.err


def test_wrong_setting_in_the_environment_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNIPACT_JOBS", "many")

    outcome = run("check")

    assert outcome.code == 2
    assert "UNIPACT_JOBS" in outcome.err


def test_purge_takes_a_person_out_of_every_release(
    run: Run, copied_seeds: Path, tmp_path: Path
) -> None:
    releases = tmp_path / "releases"
    run("build", "--seeds", copied_seeds, "--releases", releases)
    person = "https://w3id.org/unipact/id/romanov"

    outcome = run("releases", "purge", person, "--yes", "--releases", releases)

    assert outcome.code == 0
    assert run("explain", person, "--releases", releases).code == 2
