"""A build publishes a whole release or none, says what is wrong, and repeats itself exactly."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.build import build_release, check_corpus, parts
from kg.errors import InputError, Invalid, OntologyError, Problems, ReleaseError
from kg.releases import Release
from tests.kg.corpora import SENTENCE, Corpus

UP = "https://w3id.org/unipact/ontology#"
ID = "https://w3id.org/unipact/id/"
SECOND = "2021-06-01-beta"


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return Corpus(tmp_path_factory.mktemp("built")).build()


def ask(release: Release, pattern: str) -> bool:
    store = ox.Store.read_only(str(release.store_path))
    prefixes = {"up": UP, "id": ID, "g": "https://w3id.org/unipact/graph/"}
    return bool(store.query(f"ASK {{ {pattern} }}", prefixes=prefixes))


def test_build_publishes_a_release_that_is_current_and_whole(corpus):
    release = corpus.build()

    assert corpus.releases.current().id == release.id
    assert corpus.releases.verify(release.id).manifest == release.manifest
    assert release.manifest.created == "2021-05-04"
    assert release.manifest.validated


def test_plain_edges_are_derived_with_the_fact_that_yields_them(built):
    fact = "id:2021-05-04-alpha/partnership".replace("/", r"\/")

    assert ask(built, "id:alpha up:partnerOf id:beta")
    assert ask(built, "GRAPH g:derived { id:alpha up:partnerOf id:beta }")
    assert ask(built, f"{fact} up:yields ?e . ?e a <{RDF}Statement> ; <{RDF}object> id:beta")


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def test_default_graph_is_the_merge_of_the_named_graphs(built):
    store = ox.Store.read_only(str(built.store_path))

    named = {quad.triple for quad in store if quad.graph_name != ox.DefaultGraph()}

    assert {
        quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    } == named


def test_a_release_has_no_blank_nodes(built):
    words = built.dataset.read_text(encoding="utf-8").split()

    assert not [word for word in words if word.startswith("_:")]


def test_release_holds_texts_rules_report_and_list_of_articles(built):
    (article,) = built.articles()

    assert (built.texts_dir / f"{article.slug}.txt").read_text(encoding="utf-8") == SENTENCE
    assert json.loads((built.report_dir / "report.json").read_text(encoding="utf-8"))["conforms"]
    assert len(rdflib.Graph().parse(built.report_dir / "report.ttl"))
    assert any(built.rules_dir.iterdir())


def test_two_processes_build_the_same_bytes_whatever_the_hash_seed(corpus, tmp_path):
    other = Corpus(tmp_path / "other")
    for seed, place in (("1", corpus), ("2", other)):
        done = place.build_in_child("nothing", PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr

    ours, theirs = corpus.releases.current(), other.releases.current()

    assert ours.id == theirs.id
    for name in ("manifest.json", "articles.jsonl", *ours.manifest.files):
        assert (ours.path / name).read_bytes() == (theirs.path / name).read_bytes(), name


def test_source_date_epoch_sets_the_date(corpus, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    assert corpus.build().manifest.created == "2023-11-14"


def test_an_unchanged_corpus_is_not_built_again(corpus):
    first = corpus.build()
    made = (first.path / "manifest.json").stat().st_mtime_ns

    assert corpus.build().id == first.id
    assert corpus.steps == []
    assert (first.path / "manifest.json").stat().st_mtime_ns == made


def test_an_unchanged_article_is_neither_read_nor_validated_again(corpus, monkeypatch):
    corpus.build()
    corpus.write(SECOND)
    validated, read = [], []
    monkeypatch.setattr(parts, "validate", spy(validated, parts.validate))
    monkeypatch.setattr(parts, "read", spy(read, parts.read))

    release = corpus.build()

    assert release.manifest.articles == 2
    assert [args[0].path.name for args in read] == [SECOND]
    assert len(validated) == 1


def test_a_change_of_the_authority_that_an_article_does_not_see_costs_no_validation_of_it(
    corpus, monkeypatch
):
    corpus.build()
    file = corpus.seeds / "authority" / "all.ttl"
    new = 'id:gamma a up:University ; skos:prefLabel "Gamma College"@en .\n'
    file.write_text(file.read_text(encoding="utf-8") + new, encoding="utf-8")
    validated = []
    monkeypatch.setattr(parts, "validate", spy(validated, parts.validate))

    corpus.build()

    assert len(validated) == 1  # the authority itself


def spy(calls, function):
    def called(*args, **kwargs):
        calls.append(args)
        return function(*args, **kwargs)

    return called


def test_a_damaged_cache_entry_is_made_anew(corpus):
    first = corpus.build()
    corpus.write(SECOND)
    for entry in (corpus.releases.root / ".cache").glob("??/*"):
        entry.write_bytes(b"{rubbish")

    assert corpus.build().manifest.articles == 2
    assert corpus.releases.ids() == tuple(sorted({first.id, corpus.releases.current().id}))


def test_cache_keeps_only_what_the_last_build_used(corpus):
    corpus.build()
    before = {path.name for path in (corpus.releases.root / ".cache").glob("??/*")}
    corpus.write("2021-05-04-alpha", text=SENTENCE + " And more.")

    corpus.build()

    after = {path.name for path in (corpus.releases.root / ".cache").glob("??/*")}
    assert len(after) == len(before)
    assert after != before


def test_json_lines_are_built_like_folders_by_several_processes(corpus):
    corpus.write_lines("more.jsonl", [f"2021-07-{day:02}-x" for day in range(1, 30)])
    single = corpus.build()

    several = build_release(replace(corpus.inputs, jobs=2), corpus.folder / "again")

    assert single.manifest.articles == 30
    assert several.id == single.id


def test_all_errors_of_all_articles_are_told_at_once(corpus):
    old = corpus.build()
    for slug in ("2021-06-01-bad", "2021-06-02-bad"):
        corpus.write(slug, more="  nowhere: {quote: these words are not there}\n")

    with pytest.raises(Problems) as caught:
        corpus.build()

    assert [error.where.file.split("/")[-2] for error in caught.value.errors] == [
        "2021-06-01-bad",
        "2021-06-02-bad",
    ]
    assert corpus.releases.current().id == old.id


def test_a_fact_that_breaks_a_shape_stops_the_release_and_is_named(corpus):
    fact = "broken: {is: Membership, member: alpha, status: in-force}"
    corpus.write(SECOND, more=f"  again: {{quote: Alpha University, nth: 1, facts: {{{fact}}}}}\n")

    with pytest.raises(Invalid) as caught:
        corpus.build()

    assert "broken" in str(caught.value)
    assert f"{SECOND}/annotations.yaml" in str(caught.value)
    assert not corpus.releases.ids()


def test_two_articles_of_one_name_are_an_error(corpus):
    corpus.write_lines("more.jsonl", ["2021-05-04-alpha"])

    with pytest.raises(Problems, match="two articles '2021-05-04-alpha'"):
        corpus.build()


def test_check_finds_what_a_build_would_and_leaves_nothing(corpus):
    assert check_corpus(corpus.inputs).conforms
    corpus.write(SECOND, more="  nowhere: {quote: these words are not there}\n")

    report = check_corpus(corpus.inputs)

    assert not report.conforms
    assert report.summary.startswith("1 error, 0 violations")
    assert not corpus.releases.root.exists()


def test_a_published_iri_that_would_vanish_stops_the_release_until_it_is_retired(corpus):
    corpus.write(SECOND)
    old = corpus.build()
    for file in (corpus.seeds / "articles" / SECOND).iterdir():
        file.unlink()
    (corpus.seeds / "articles" / SECOND).rmdir()

    with pytest.raises(ReleaseError, match="published IRIs would vanish") as caught:
        corpus.build()

    gone = [name for name in caught.value.hint.splitlines() if name.startswith("http")]
    assert f"{ID}{SECOND}/partnership" in gone
    assert corpus.releases.current().id == old.id
    rows = "".join(f"{name}\t\n" for name in gone)
    (corpus.seeds / "retired.tsv").write_text(f"iri\tsuccessor\n{rows}", encoding="utf-8")
    assert corpus.build().manifest.articles == 1


def test_release_lists_what_was_retired_and_is_another_for_it(corpus):
    before = corpus.build()
    gone, successor = f"{ID}old-name", f"{ID}spbpu"
    (corpus.seeds / "retired.tsv").write_text(
        f"iri\tsuccessor\n{gone}\t{successor}\n", encoding="utf-8"
    )

    release = corpus.build()

    assert (before.retired(), release.retired()) == ({}, {gone: successor})
    assert release.id != before.id
    assert "retired.tsv" in release.manifest.files


@pytest.mark.parametrize("step", range(1, 11))
def test_a_build_killed_at_any_step_leaves_the_old_release_and_does_not_hinder_the_next(
    step, killed_corpus
):
    corpus = killed_corpus
    old = corpus.releases.current()

    killed = corpus.build_in_child(f"kill-{step}")

    assert killed.returncode == -9
    assert corpus.releases.verify("current").id == old.id


def test_after_kills_the_next_build_works_and_cleans_up(killed_corpus):
    release = killed_corpus.build()

    assert release.manifest.articles == 3
    assert [path.name for path in killed_corpus.releases.root.glob(".staging-*")] == []


@pytest.fixture(scope="module")
def killed_corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    corpus = Corpus(tmp_path_factory.mktemp("killed"))
    corpus.build()
    corpus.write("2021-06-01-b")
    corpus.write("2021-06-02-c")
    return corpus


@pytest.mark.parametrize("limit", [1_000, 20_000, 100_000, 400_000])
def test_a_full_disk_is_told_in_words_and_leaves_the_old_release(limit, corpus):
    old = corpus.build()
    corpus.write(SECOND)

    failed = corpus.build_in_child(f"limit-{limit}")

    assert failed.stderr.startswith("ReleaseError: cannot "), failed.stderr
    assert "Traceback" not in failed.stderr
    assert corpus.releases.verify("current").id == old.id
    assert corpus.build().manifest.articles == 2


def test_a_second_build_at_the_same_time_is_refused(corpus):
    corpus.build()
    corpus.write(SECOND)

    with corpus.releases.lock():
        refused = corpus.build_in_child("nothing")

    assert "ReleaseError: another process is writing to" in refused.stderr
    assert str(os.getpid()) in refused.stderr


def test_releases_in_a_place_that_cannot_be_written_are_told_in_words(corpus):
    corpus.releases.root.write_text("a file", encoding="utf-8")

    with pytest.raises(ReleaseError, match="cannot write to"):
        corpus.build()


def test_another_base_moves_every_iri(corpus):
    inputs = replace(corpus.inputs, base="https://example.org/kg/")

    release = build_release(inputs, corpus.releases.root)

    text = release.dataset.read_text(encoding="utf-8")
    assert release.manifest.base == "https://example.org/kg/"
    assert "<https://example.org/kg/id/alpha>" in text
    ours = [word for word in text.split() if word.startswith("<https://w3id.org/unipact/")]
    assert [
        word for word in ours if not word.startswith("<https://w3id.org/unipact/ontology")
    ] == []


def test_another_base_in_the_same_folder_is_refused(corpus):
    corpus.build()

    with pytest.raises(ReleaseError, match="the base would become"):
        build_release(replace(corpus.inputs, base="https://example.org/"), corpus.releases.root)


def test_a_folder_of_articles_alone_can_be_built(corpus):
    (corpus.seeds / "authority" / "all.ttl").unlink()
    with pytest.raises(Problems, match="alpha"):
        build_release(replace(corpus.inputs, seeds=corpus.seeds / "articles"), corpus.folder / "r")


@pytest.mark.parametrize("epoch", ["yesterday", "9" * 30])
def test_a_source_date_epoch_that_is_no_time_is_told(epoch, corpus, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)

    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH"):
        corpus.build()


def test_a_check_that_is_not_sparql_is_told(corpus):
    shapes = corpus.folder / "shapes"
    shutil.copytree(corpus.inputs.shapes, shapes)
    check = "# message: m\n# severity: Warning\nSELECT rubbish"
    (shapes / "graph" / "00.rq").write_text(check, encoding="utf-8")

    with pytest.raises(OntologyError, match="not SPARQL"):
        build_release(replace(corpus.inputs, shapes=shapes), corpus.releases.root)


def test_a_defect_of_the_whole_graph_stops_the_release(corpus):
    shapes = corpus.folder / "shapes"
    shutil.copytree(corpus.inputs.shapes, shapes)
    check = "# message: Two is one too many.\n# severity: Violation\n"
    query = "SELECT ?focus { ?focus a <https://w3id.org/unipact/ontology#Partnership> }"
    (shapes / "graph" / "00.rq").write_text(check + query, encoding="utf-8")
    inputs = replace(corpus.inputs, shapes=shapes)

    with pytest.raises(Invalid, match="Two is one too many"):
        build_release(inputs, corpus.releases.root)

    assert not check_corpus(inputs).conforms
