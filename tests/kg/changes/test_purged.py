"""What is purged is gone from written releases and from kept changes, too."""

from __future__ import annotations

import pytest

from kg.changes import KeptChanges
from kg.errors import ChangeError
from kg.releases.purging import purge
from tests.kg.changes.written import AUTHORITY, BASE, ask, delete, insert

NAME = "Carla Gamma"
PERSON = f'id:carla a up:Person ; skos:prefLabel "{NAME}"@en .'
IRI = f"{BASE}id/carla"


def everything(releases):
    files = [path for path in releases.root.rglob("*") if path.is_file()]
    known = (".nq", ".ttl", ".json", ".rdfp", ".tsv")
    return "".join(path.read_text() for path in files if path.suffix in known)


def test_a_person_is_gone_from_releases_patches_and_kept_changes(releases):
    insert(releases, PERSON, AUTHORITY)
    delete(releases, PERSON, AUTHORITY, request=f"DELETE {IRI}")
    insert(releases, "ex:s ex:p ex:o .")

    purge(releases, IRI)

    assert NAME not in everything(releases)
    current = releases.verify("current")
    assert ask(current, "ex:s ex:p ex:o")
    changes = KeptChanges(releases.root).leading_to(current.manifest.change)
    assert [len(change.delta().quads) for change in changes] == [0, 0, 1]


def test_what_was_purged_cannot_be_written_again(releases):
    insert(releases, PERSON, AUTHORITY)
    purge(releases, IRI)

    with pytest.raises(ChangeError, match="was purged"):
        insert(releases, PERSON, AUTHORITY)


def test_changes_go_on_after_a_purge(releases):
    insert(releases, PERSON, AUTHORITY)
    insert(releases, "ex:s ex:p ex:o .")
    purge(releases, IRI)

    later = insert(releases, "ex:s ex:p ex:other .").release

    assert ask(later, "ex:s ex:p ex:o, ex:other")
    assert len(KeptChanges(releases.root).leading_to(later.manifest.change)) == 3
