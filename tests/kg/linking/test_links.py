"""Only accepted matches become links; a wrong row is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.data import seeds_dir
from kg.errors import Problems
from kg.iris import Iris
from kg.linking.links import read_links

HEAD = """#curie_map:
#  ror: "https://ror.org/"
#  unipact: "https://w3id.org/unipact/id/"
subject_id\tpredicate_modifier\tpredicate_id\tobject_id\tcomment\treviewer_label\tmapping_justification\tdecision
"""
MIT = "<https://w3id.org/unipact/id/mit>"
SKOS = "http://www.w3.org/2004/02/skos/core#"


def links(folder: Path, *rows: str, head: str = HEAD, iris: Iris | None = None):
    (folder / "ror.sssom.tsv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return list(read_links(folder, iris or Iris()))


def test_an_accepted_row_becomes_a_link_with_an_identifier(tmp_path):
    made = links(tmp_path, "unipact:mit\t\tskos:exactMatch\tror:042nb2s44\t\u2028 as it is\tAnna")

    said = {(quad.subject, quad.predicate, quad.object) for quad in made}
    assert (MIT, f"<{SKOS}exactMatch>", "<https://ror.org/042nb2s44>") in said
    assert (MIT, "<https://schema.org/identifier>", '"ror:042nb2s44"') in said
    assert {quad.graph for quad in made} == {"<https://w3id.org/unipact/graph/links>"}


def test_a_link_says_how_it_was_found_and_who_reviewed_it(tmp_path):
    row = "unipact:mit\t\tskos:closeMatch\tror:042nb2s44\tas printed\tAnna\tsemapv:LexicalMatching"

    made = links(tmp_path, row)

    said = {quad.predicate: quad.object for quad in made if quad.subject != MIT}
    assert said["<https://w3id.org/sssom/reviewer_label>"] == '"Anna"'
    assert said["<https://w3id.org/sssom/comment>"] == '"as printed"'
    assert said["<https://w3id.org/sssom/mapping_justification>"] == (
        "<https://w3id.org/semapv/vocab/LexicalMatching>"
    )
    assert said["<http://www.w3.org/2002/07/owl#annotatedTarget>"] == "<https://ror.org/042nb2s44>"


def test_a_close_match_gives_no_identifier(tmp_path):
    made = links(tmp_path, "unipact:mit\t\tskos:closeMatch\tror:042nb2s44\t")

    assert "<https://schema.org/identifier>" not in {quad.predicate for quad in made}


@pytest.mark.parametrize(
    "row",
    [
        "unipact:mit\tNot\tskos:exactMatch\tror:1\t",
        "unipact:mit\t\tskos:exactMatch\tsssom:NoTermFound\t",
        "unipact:mit\t\tskos:relatedMatch\tror:1\t",
        "unipact:mit\t\tskos:closeMatch\tror:1\t\t\t\treview",
        "unipact:mit\t\tskos:exactMatch\tror:1\t\t\t\treview",
    ],
)
def test_a_row_that_is_no_accepted_match_is_left_out(row, tmp_path):
    assert links(tmp_path, row) == []


def test_subjects_follow_the_base(tmp_path):
    row = "unipact:mit\t\tskos:closeMatch\tror:042nb2s44\t"

    made = links(tmp_path, row, iris=Iris("https://example.org/"))

    assert {quad.subject.partition("#")[0].rstrip(">") for quad in made} == {
        "<https://example.org/id/mit"
    }


def test_all_wrong_rows_are_named_with_their_lines(tmp_path):
    rows = [
        "unipact:mit\t\tskos:exactMatch\tnowhere:1\t\tAnna",
        "unipact:mit\t\towl:sameAs\tror:1\t\tAnna",
        "unipact:mit\tperhaps\tskos:exactMatch\tror:1\t\tAnna",
        "\t\tskos:exactMatch\tror:1\t\tAnna",
        "unipact:mit\t\tskos:exactMatch\tror:1\t",
        "unipact:mit\t\tskos:closeMatch\tror:1\t\t\t\tperhaps",
        "unipact:mit\tNot\tskos:closeMatch\tror:1\t\t\t\taccepted",
    ]

    with pytest.raises(Problems) as caught:
        links(tmp_path, *rows)

    assert [error.where.line for error in caught.value.errors] == [5, 6, 7, 8, 9, 10, 11]


@pytest.mark.parametrize(
    "row",
    [
        "unipact:mit\t\tskos:exactMatch\tror:a b\t\tAnna",
        "unipact:mit\t\tskos:closeMatch\tror:1\t\t\tnowhere:X",
    ],
)
def test_what_cannot_be_an_iri_is_named(row, tmp_path):
    with pytest.raises(Problems):
        links(tmp_path, row)


@pytest.mark.parametrize(
    "head", ["", "#curie_map: [\nsubject_id\tpredicate_id\tobject_id\n", "subject_id\tx\n", "#a\n"]
)
def test_a_file_that_is_no_mapping_set_is_an_error(head, tmp_path):
    with pytest.raises(Problems):
        links(tmp_path, "a\tb\tc", head=head)


def test_shipped_links_can_be_used():
    assert len(list(read_links(seeds_dir() / "links", Iris()))) > 50
