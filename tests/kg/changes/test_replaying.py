"""What was written is made again on top of the seeds, or the build says why it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import build_release, check_corpus
from kg.changes import KeptChanges, complete
from kg.errors import Conflict, Invalid
from tests.kg.changes.written import (
    AUTHORITY,
    BASE,
    GAMMA,
    OWN,
    PREFIXES,
    ask,
    copy,
    delete,
    insert,
    write,
)
from tests.kg.corpora import Corpus

SAID = 'ex:s ex:p "said" .'
TURTLE = PREFIXES.replace("PREFIX", "@prefix").replace(">\n", "> .\n")
BETA = 'id:beta skos:prefLabel "Beta Institute"@en .'


@pytest.fixture
def corpus(tmp_path, built):
    corpus = Corpus(tmp_path / "corpus")
    copy(built.releases, corpus.releases.root)
    return corpus


def curate(corpus, old, new):
    file = corpus.seeds / "authority" / "all.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_write_is_still_there_after_the_next_build(corpus):
    written = insert(corpus.releases, GAMMA, AUTHORITY).release.id

    built = corpus.build()

    assert ask(built, GAMMA)
    assert ask(built, "id:gamma a up:Agent")
    assert complete(corpus.releases, written).dataset.read_bytes() == built.dataset.read_bytes()
    assert corpus.releases.verify("current").id == built.id


def test_an_unchanged_corpus_is_built_once_after_a_write(corpus):
    insert(corpus.releases, SAID)
    built = corpus.build().id

    assert corpus.build().id == built
    assert corpus.steps == []


def test_writes_before_and_after_a_build_are_all_in_force(corpus):
    insert(corpus.releases, SAID)
    corpus.build()
    insert(corpus.releases, 'ex:s ex:p "later" .')

    built = corpus.build()

    assert ask(built, 'ex:s ex:p "said", "later"')


def test_going_back_takes_later_writes_out_of_force(corpus):
    first = insert(corpus.releases, SAID).release.id
    insert(corpus.releases, 'ex:s ex:p "later" .')
    corpus.releases.use(first)

    built = corpus.build()

    assert ask(built, SAID)
    assert not ask(built, 'ex:s ex:p "later"')
    assert len(KeptChanges(corpus.releases.root).all()) == 2


@pytest.fixture
def renamed(corpus):
    """A corpus whose entity was renamed by one write."""
    text = f"""DELETE {{ GRAPH <{AUTHORITY}> {{ id:beta skos:prefLabel ?old }} }}
        INSERT {{ GRAPH <{AUTHORITY}> {{ id:beta skos:prefLabel "Beta College"@en }} }}
        WHERE {{ id:beta skos:prefLabel ?old }}"""
    write(corpus.releases, text, {AUTHORITY})
    return corpus


def test_a_change_of_what_the_seeds_changed_too_is_a_conflict(renamed):
    current = renamed.releases.current().id
    curate(renamed, "Beta Institute", "Beta University")

    with pytest.raises(Conflict, match="cannot be made on top of the seeds") as caught:
        renamed.build()

    assert "no longer there" in caught.value.hint
    assert '"Beta Institute"@en' in caught.value.hint
    assert renamed.releases.current().id == current


def test_what_was_removed_here_and_there_is_no_conflict(corpus):
    alias = 'id:beta skos:altLabel "BI"@en .'
    named = f"{corpus.seeds}/authority/more.ttl"
    Path(named).write_text(f"{TURTLE}{alias}", encoding="utf-8")
    corpus.build()
    delete(corpus.releases, alias, AUTHORITY)
    Path(named).unlink()

    assert not ask(corpus.build(), alias)


def test_a_change_that_the_seeds_have_taken_over_is_no_conflict(renamed):
    curate(renamed, "Beta Institute", "Beta College")

    built = renamed.build()

    assert ask(built, 'id:beta skos:prefLabel "Beta College"@en')


def test_changes_can_be_dropped(renamed):
    built = build_release(renamed.inputs, renamed.releases.root, drop_changes=True)

    assert ask(built, BETA)
    assert built.manifest.change == ""
    assert renamed.build().id == built.id


def test_an_entity_deleted_by_a_write_stays_retired(corpus):
    insert(corpus.releases, GAMMA, AUTHORITY)
    delete(corpus.releases, GAMMA, AUTHORITY)

    assert corpus.build().retired() == {f"{BASE}id/gamma": ""}


def patch(corpus, *rows):
    folder = corpus.seeds / "changes"
    folder.mkdir(exist_ok=True)
    text = "\n".join(["TX .", *rows, "TC .", ""])
    (folder / "own.rdfp").write_text(text, encoding="utf-8")


def test_patches_of_the_seeds_are_made_in_every_build(corpus):
    patch(corpus, f"A <x:s> <x:p> <x:o> <{OWN}> .")

    built = corpus.build()

    assert ask(built, f"GRAPH <{OWN}> {{ <x:s> <x:p> <x:o> }}")
    assert built.manifest.change == ""


def test_a_patch_of_the_seeds_that_does_not_fit_is_named(corpus):
    patch(corpus, f"D <x:s> <x:p> <x:o> <{OWN}> .", f"A <x:s> <x:p> <x:other> <{OWN}> .")

    with pytest.raises(Conflict, match="own"):
        corpus.build()

    (error,) = check_corpus(corpus.inputs).errors
    assert isinstance(error, Conflict)


def test_what_a_patch_brings_is_validated(corpus):
    up = f"{BASE}ontology#University"
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    patch(corpus, f"A <{BASE}id/nameless> <{rdf}> <{up}> <{AUTHORITY}> .")

    with pytest.raises(Invalid, match="nameless"):
        corpus.build()
