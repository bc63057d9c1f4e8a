"""Releases: choosing, verifying, removing; a damaged one is told in words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import ReleaseError
from kg.releases import Releases
from kg.releases.manifest import FORMAT
from tests.kg.corpora import SENTENCE, Corpus


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """An older release of one article, and the current one of two."""
    corpus = Corpus(tmp_path_factory.mktemp("two"))
    corpus.build()
    corpus.write("2021-06-01-beta")
    corpus.build()
    return corpus.releases


@pytest.fixture
def releases(two: Releases, tmp_path: Path) -> Releases:
    shutil.copytree(two.root, tmp_path / "releases", symlinks=True)
    return Releases(tmp_path / "releases")


def older(releases: Releases) -> str:
    return next(name for name in releases.ids() if name != releases.current_id())


def test_a_folder_without_releases_says_how_to_make_one(tmp_path):
    with pytest.raises(ReleaseError, match="there is no release") as caught:
        Releases(tmp_path / "nowhere").current()

    assert "unipact build" in caught.value.hint
    assert Releases(tmp_path / "nowhere").list() == ()


def test_use_goes_back_and_forth(releases):
    newer, old = releases.current().id, older(releases)

    assert releases.use(old).manifest.articles == 1
    assert releases.current().id == old
    assert releases.use(newer[:6]).id == newer


def test_an_unknown_release_is_told_with_those_there_are(releases):
    with pytest.raises(ReleaseError, match="no release is called 'ffff'") as caught:
        releases.get("ffff")

    assert releases.current().id in caught.value.hint


def test_prune_never_removes_the_current_or_a_pinned_release(releases):
    old = older(releases)

    assert releases.prune(0, pinned=[old]) == ()
    assert releases.prune(0) == (old,)
    assert releases.ids() == (releases.current_id(),)


def test_a_dump_that_was_changed_is_found(releases):
    with (releases.current().dump_dir / "unipact.ttl").open("a", encoding="utf-8") as file:
        file.write("# more\n")

    with pytest.raises(ReleaseError, match="is damaged") as caught:
        releases.verify("current")

    assert caught.value.hint == "dump/unipact.ttl was changed"


def test_everything_that_is_missing_is_found(releases):
    current = releases.current()
    current.search_db.unlink()
    shutil.rmtree(current.store_path)
    shutil.rmtree(current.texts_dir)

    with pytest.raises(ReleaseError) as caught:
        releases.verify("current")

    assert [line.split(":")[0] for line in caught.value.hint.splitlines()][1:] == [
        "store",
        "search.db",
    ]


def test_a_manifest_that_is_rubbish_is_told_in_words(releases):
    (releases.current().path / "manifest.json").write_text("{", encoding="utf-8")

    with pytest.raises(ReleaseError, match="the manifest is damaged"):
        releases.current()


def test_a_newer_format_is_refused(releases):
    file = releases.current().path / "manifest.json"
    text = file.read_text(encoding="utf-8").replace(f'"format": {FORMAT}', '"format": 99')
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ReleaseError, match="a release of format 99"):
        releases.current()


def test_a_damaged_release_is_replaced_when_its_content_is_built_again(tmp_path):
    corpus = Corpus(tmp_path)
    first = corpus.build()
    (first.dump_dir / "unipact.nt").write_text("rubbish", encoding="utf-8")

    assert corpus.build().id == first.id
    assert corpus.releases.verify("current")


def test_a_reader_keeps_its_release_while_another_is_published_and_it_is_pruned(tmp_path):
    corpus = Corpus(tmp_path)
    store = ox.Store.read_only(str(corpus.build().store_path))
    before = len(store)
    corpus.write("2021-05-04-alpha", text=SENTENCE + " And more.")
    corpus.build()

    corpus.releases.prune(1)

    assert len(store) == before
    assert len(corpus.releases.ids()) == 1
