"""A written release gets dumps, label index and statistics afterwards, as a build makes them."""

from __future__ import annotations

import pytest

from kg.changes import complete
from kg.errors import ReleaseError
from kg.releases import Releases
from kg.releases.labels import search
from kg.releases.loading import load_release
from tests.kg.changes.written import AUTHORITY, GAMMA, OWN, delete, insert
from tests.kg.corpora import Corpus

SAID = 'ex:s ex:p "said" .'


def test_until_it_is_complete_a_release_says_so_and_the_one_before_has_the_dumps(releases):
    before = releases.current()

    written = insert(releases, GAMMA, AUTHORITY).release

    assert written.manifest.pending
    assert not written.dump_dir.exists()
    assert not [name for name in written.manifest.files if name.startswith("dump/")]
    assert releases.latest_complete().id == before.id
    assert f"void:triples {written.manifest.triples} " in written.description.read_text()


def test_a_complete_release_is_what_a_build_would_have_made(releases, tmp_path):
    written = insert(releases, GAMMA, AUTHORITY).release

    done = complete(releases)

    corpus = Corpus(tmp_path / "built")
    file = corpus.seeds / "authority" / "all.ttl"
    file.write_text(file.read_text() + GAMMA, encoding="utf-8")
    built = corpus.build()
    assert done.dataset.read_bytes() == built.dataset.read_bytes()
    assert set(built.manifest.files) <= set(done.manifest.files)
    assert releases.latest_complete().id == written.id
    assert releases.verify("current").manifest == done.manifest


def test_counts_kept_by_the_write_are_those_of_the_complete_release(releases):
    insert(releases, GAMMA, AUTHORITY)
    written = delete(
        releases, 'id:gamma skos:prefLabel "Gamma College"@en ; a up:University .', AUTHORITY
    )
    pending = insert(releases, SAID).release.manifest

    done = complete(releases).manifest

    for name in ("quads", "triples", "stored", "entities", "articles", "graphs", "change"):
        assert getattr(done, name) == getattr(pending, name), name
    assert written.release.manifest.entities == done.entities


def test_new_labels_are_found_when_the_release_is_complete(releases):
    written = insert(releases, GAMMA, AUTHORITY).release
    assert search(written.search_db, "gamma") == []

    done = complete(releases)

    assert [hit.label for hit in search(done.search_db, "gamma")] == ["Gamma College"]


def test_releases_between_are_passed_over_and_can_be_completed_later(releases):
    between = insert(releases, SAID).release.id
    last = insert(releases, 'ex:s ex:p "later" .').release.id

    complete(releases)

    assert releases.get(between).manifest.pending
    assert releases.latest_complete().id == last
    assert complete(releases, between).manifest.quads == releases.get(last).manifest.quads - 1


def test_completing_keeps_the_order_of_releases(releases):
    first = insert(releases, SAID).release.id
    second = insert(releases, 'ex:s ex:p "later" .').release.id

    complete(releases, first)

    assert [release.id for release in releases.list()][:2] == [second, first]


def test_a_literal_that_a_store_writes_in_another_form_is_removed_from_the_dump(tmp_path):
    file = tmp_path / "own.ttl"
    file.write_text("<x:s> <x:p> 01, 2 .", encoding="utf-8")
    shelf = tmp_path / "releases"
    release = load_release([file], shelf)
    delete(Releases(shelf), "<x:s> <x:p> 1 .", f"{release.manifest.base}graph/loaded/own")

    assert b'"01"' not in complete(Releases(shelf)).dataset.read_bytes()


def test_prune_keeps_what_a_pending_release_is_completed_from(releases):
    built = releases.current().id
    insert(releases, SAID)

    assert releases.prune(keep=1) == ()
    complete(releases)
    assert releases.prune(keep=1) == (built,)
    assert releases.verify("current").path.joinpath("texts").is_dir()


def test_a_release_that_somebody_reads_is_not_pruned(releases):
    built = releases.current().id
    insert(releases, SAID)
    complete(releases)

    with releases.pin(built):
        assert releases.prune(keep=1) == ()

    assert releases.prune(keep=1) == (built,)


def test_prune_by_age_keeps_what_is_younger(releases):
    built = releases.current().id
    insert(releases, SAID)
    complete(releases)

    assert releases.prune(keep=1, older_than=1) == ()
    assert releases.prune(keep=1, older_than=0) == (built,)


def test_a_release_whose_ancestors_are_gone_is_completed_from_its_store(releases):
    first = releases.current().id
    insert(releases, SAID)
    releases.discard(first)

    done = complete(releases)

    assert f'"said" <{OWN}>' in done.dataset.read_text(encoding="utf-8")
    with pytest.raises(ReleaseError):
        releases.get(first)
