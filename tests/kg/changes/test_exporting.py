"""What was written becomes seed files: a build of them alone says the same."""

from __future__ import annotations

import pytest

from kg.build import build_release
from kg.changes import KeptChanges
from kg.changes.exporting import export_changes
from tests.kg.changes.written import AUTHORITY, BASE, GAMMA, OWN, ask, copy, insert, write
from tests.kg.corpora import Corpus

FACT = f"{BASE}graph/article/2021-05-04-alpha"


@pytest.fixture
def corpus(tmp_path, built):
    corpus = Corpus(tmp_path / "corpus")
    copy(built.releases, corpus.releases.root)
    return corpus


def export(corpus):
    current = corpus.releases.current().manifest
    changes = KeptChanges(corpus.releases.root).leading_to(current.change)
    return {
        file.relative_to(corpus.seeds).as_posix()
        for file, _ in export_changes(changes, corpus.seeds, base=current.base).files
    }


def test_what_was_exported_and_dropped_is_still_there(corpus):
    rename = f"""DELETE {{ GRAPH <{AUTHORITY}> {{ id:beta skos:prefLabel ?old }} }}
        INSERT {{ GRAPH <{AUTHORITY}> {{ id:beta skos:prefLabel "Beta College"@en }} }}
        WHERE {{ id:beta skos:prefLabel ?old }}"""
    insert(corpus.releases, GAMMA, AUTHORITY)
    write(corpus.releases, rename, {AUTHORITY})
    last = insert(corpus.releases, 'ex:s ex:p "said" .').release.manifest.change

    files = export(corpus)

    assert files == {"authority/written.ttl", f"changes/{last}.rdfp"}
    assert export(corpus) == set()
    built = build_release(corpus.inputs, corpus.releases.root, drop_changes=True)
    assert built.manifest.change == ""
    assert ask(built, f'{GAMMA} id:beta skos:prefLabel "Beta College"@en . ex:s ex:p "said" .')
    assert not ask(built, 'id:beta skos:prefLabel "Beta Institute"@en .')


def test_exported_changes_that_are_not_dropped_are_no_conflict(corpus):
    insert(corpus.releases, GAMMA, AUTHORITY)
    insert(corpus.releases, "ex:s ex:p ex:o .", OWN)
    export(corpus)

    built = corpus.build()

    assert ask(built, f"{GAMMA} ex:s ex:p ex:o .")


def test_a_second_export_writes_only_what_is_new(corpus):
    insert(corpus.releases, "ex:s ex:p ex:o .")
    first = export(corpus)
    insert(corpus.releases, "ex:s ex:p ex:other .")

    second = export(corpus)

    assert first.isdisjoint(second)
    built = build_release(corpus.inputs, corpus.releases.root, drop_changes=True)
    assert ask(built, "ex:s ex:p ex:o, ex:other .")


def test_a_fact_of_an_article_is_exported_as_a_patch(corpus):
    text = f"""DELETE {{ GRAPH <{FACT}> {{ ?fact up:level ?level }} }}
        INSERT {{ GRAPH <{FACT}> {{ ?fact ex:remark "said so" }} }}
        WHERE {{ ?fact a up:Partnership ; up:level ?level }}"""
    write(corpus.releases, text, {FACT})

    (file,) = export(corpus)

    assert file.startswith("changes/")
    built = build_release(corpus.inputs, corpus.releases.root, drop_changes=True)
    assert ask(built, '?fact a up:Partnership ; ex:remark "said so"')
    assert not ask(built, "?fact a up:Partnership ; up:level ?level")
