"""What is purged is gone from every release, from the caches, and does not come back."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import DataError, ReleaseError
from kg.releases import Releases
from kg.releases.purging import purge
from tests.kg.corpora import Corpus

PERSON = "https://w3id.org/unipact/id/petrova"
ARTICLE = "https://w3id.org/unipact/article/2021-06-01-beta"


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    corpus = Corpus(tmp_path)
    corpus.build()
    corpus.write("2021-06-01-beta")
    corpus.build()
    return corpus


def everything(releases: Releases) -> str:
    files = [path for path in releases.root.rglob("*") if path.is_file()]
    kept = [path for path in files if path.suffix in (".nq", ".ttl", ".trig", ".json", ".jsonl")]
    return "".join(path.read_text(encoding="utf-8") for path in kept if path.name != "purged.json")


def test_a_person_is_gone_from_every_release(corpus):
    old = corpus.releases.ids()

    replaced = purge(corpus.releases, PERSON)

    assert sorted(replaced) == sorted(old)
    assert corpus.releases.ids() == tuple(sorted(filter(None, replaced.values())))
    assert "id/petrova" not in everything(corpus.releases)
    assert "id:petrova" not in everything(corpus.releases)
    assert not (corpus.releases.root / ".cache").exists()
    for name in corpus.releases.ids():
        assert not corpus.releases.verify(name).manifest.validated


def test_the_rest_stays_with_what_is_derived_from_it(corpus):
    purge(corpus.releases, PERSON)

    store = ox.Store.read_only(str(corpus.releases.current().store_path))
    up, base = "https://w3id.org/unipact/ontology#", "https://w3id.org/unipact/id/"
    assert store.query(f"ASK {{ <{base}alpha> <{up}partnerOf> <{base}beta> }}")
    assert not store.query(f"ASK {{ ?person <{up}worksFor> ?organization }}")


def test_an_article_goes_with_its_graphs_texts_and_facts(corpus):
    (only_newer,) = purge(corpus.releases, ARTICLE).values()

    current = corpus.releases.current()
    assert current.id == only_newer
    assert [article.slug for article in current.articles()] == ["2021-05-04-alpha"]
    assert "2021-06-01-beta" not in everything(corpus.releases)
    assert [path.name for path in current.texts_dir.iterdir()] == ["2021-05-04-alpha.txt"]


def test_old_ids_and_the_iri_are_recorded_as_gone(corpus):
    old = corpus.releases.ids()

    purge(corpus.releases, PERSON)

    assert corpus.releases.purged() == dict.fromkeys([*old, PERSON])


def test_what_was_purged_cannot_be_built_again_from_the_same_seeds(corpus):
    purge(corpus.releases, PERSON)

    with pytest.raises(ReleaseError, match="what was purged would come back") as caught:
        corpus.build()

    assert PERSON in caught.value.hint


def test_an_unknown_iri_changes_nothing(corpus):
    before = corpus.releases.ids()

    with pytest.raises(DataError, match="no release says anything"):
        purge(corpus.releases, PERSON + "x")

    assert corpus.releases.ids() == before
