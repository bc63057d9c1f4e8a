"""Mapping sets are read and written without losing anything that their authors wrote."""

from __future__ import annotations

import pytest

from kg.data import seeds_dir
from kg.errors import LinkError
from kg.linking.sssom import Decision, MappingSet, read_sets

TEXT = """#curie_map:
#  ror: "https://ror.org/"
#  unipact: "https://w3id.org/unipact/id/"
#license: https://creativecommons.org/licenses/by/4.0/
subject_id\tpredicate_id\tobject_id\tpredicate_modifier\tdecision\treviewer_label\tcomment
unipact:a\tskos:closeMatch\tror:1\t\t\t\tone\u2028two
unipact:b\tskos:exactMatch\tror:2\t\taccepted\tAnna\t"quoted\tcell"
unipact:c\tskos:exactMatch\tror:3\t\treview\t\t
unipact:d\tskos:exactMatch\tror:4\tNot\t\tAnna\t
unipact:e\tskos:exactMatch\tsssom:NoTermFound\t\t\t\t
"""


@pytest.fixture
def mappings(tmp_path):
    file = tmp_path / "ror.sssom.tsv"
    file.write_text(TEXT, encoding="utf-8", newline="")
    return MappingSet.read(file)


def test_decision_of_each_row_is_read(mappings):
    assert [row.decision for row in mappings.rows] == [
        Decision.ACCEPTED, Decision.ACCEPTED, Decision.REVIEW, Decision.REJECTED, Decision.NONE,
    ]  # fmt: skip
    assert [row.reviewed for row in mappings.rows] == [False, True, False, True, False]


def test_what_is_read_and_written_stays_as_it_was(mappings):
    mappings.write()

    assert mappings.file.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("kind", ["ror", "wikidata", "geonames"])
def test_shipped_files_are_written_as_they_are(kind):
    mappings = MappingSet.read(seeds_dir() / "links" / f"{kind}.sssom.tsv")

    assert mappings.with_rows(mappings.rows).to_text() == mappings.file.read_text(encoding="utf-8")


def test_new_rows_take_their_place_by_subject(mappings):
    cells = {"subject_id": "unipact:aa", "predicate_id": "skos:closeMatch", "object_id": "ror:9"}

    changed = mappings.with_rows([*mappings.rows, mappings.row({**cells, "confidence": "0.5"})])

    assert [row.says("subject_id")[8:] for row in changed.rows] == ["a", "aa", "b", "c", "d", "e"]
    assert changed.columns[-1] == "confidence"


def test_exact_match_that_nobody_reviewed_is_refused(mappings):
    cells = {"subject_id": "unipact:f", "predicate_id": "skos:exactMatch", "object_id": "ror:9"}

    with pytest.raises(LinkError, match="reviewed"):
        mappings.row(cells)


def test_iris_are_shortened_by_the_longest_prefix(mappings):
    assert mappings.curie("https://ror.org/042nb2s44") == "ror:042nb2s44"
    assert mappings.curie("https://example.org/x") == "https://example.org/x"
    assert mappings.expand("ror:042nb2s44") == "https://ror.org/042nb2s44"


def test_every_curated_link_of_the_shipped_corpus_has_its_decision():
    decided = {kind: [] for kind in Decision}
    for mappings in read_sets(seeds_dir() / "links"):
        for row in mappings.rows:
            decided[row.decision].append(row)

    assert {kind: len(rows) for kind, rows in decided.items()} == {
        Decision.ACCEPTED: 64, Decision.REVIEW: 5, Decision.REJECTED: 0, Decision.NONE: 60,
    }  # fmt: skip
    assert all(row.says("comment") and row.says("mapping_date") for row in decided[Decision.NONE])
