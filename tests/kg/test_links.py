"""Only accepted matches become links; a wrong row is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.data import seeds_dir
from kg.errors import Problems
from kg.iris import Iris
from kg.links import read_links

HEAD = """#curie_map:
#  ror: "https://ror.org/"
#  unipact: "https://w3id.org/unipact/id/"
subject_id\tpredicate_modifier\tpredicate_id\tobject_id\tcomment
"""


def links(folder: Path, *rows: str, head: str = HEAD, iris: Iris | None = None):
    (folder / "ror.sssom.tsv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return list(read_links(folder, iris or Iris()))


def test_an_accepted_row_becomes_a_link(tmp_path):
    (quad,) = links(tmp_path, "unipact:mit\t\tskos:exactMatch\tror:042nb2s44\t\u2028 as it is")

    assert quad == (
        "<https://w3id.org/unipact/id/mit>",
        "<http://www.w3.org/2004/02/skos/core#exactMatch>",
        "<https://ror.org/042nb2s44>",
        "<https://w3id.org/unipact/graph/links>",
    )


@pytest.mark.parametrize(
    "row",
    [
        "unipact:mit\tNot\tskos:exactMatch\tror:1\t",
        "unipact:mit\t\tskos:exactMatch\tsssom:NoTermFound\t",
        "unipact:mit\t\tskos:relatedMatch\tror:1\t",
    ],
)
def test_a_row_that_is_no_accepted_match_is_left_out(row, tmp_path):
    assert links(tmp_path, row) == []


def test_subjects_follow_the_base(tmp_path):
    row = "unipact:mit\t\tskos:exactMatch\tror:042nb2s44\t"

    (quad,) = links(tmp_path, row, iris=Iris("https://example.org/"))

    assert quad.subject == "<https://example.org/id/mit>"


def test_all_wrong_rows_are_named_with_their_lines(tmp_path):
    rows = [
        "unipact:mit\t\tskos:exactMatch\tnowhere:1\t",
        "unipact:mit\t\towl:sameAs\tror:1\t",
        "unipact:mit\tperhaps\tskos:exactMatch\tror:1\t",
        "\t\tskos:exactMatch\tror:1\t",
        "unipact:mit\t\tskos:exactMatch\tror:a b\t",
    ]

    with pytest.raises(Problems) as caught:
        links(tmp_path, *rows)

    assert [error.where.line for error in caught.value.errors] == [5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    "head", ["", "#curie_map: [\nsubject_id\tpredicate_id\tobject_id\n", "subject_id\tx\n", "#a\n"]
)
def test_a_file_that_is_no_mapping_set_is_an_error(head, tmp_path):
    with pytest.raises(Problems):
        links(tmp_path, "a\tb\tc", head=head)


def test_shipped_links_can_be_used():
    assert len(list(read_links(seeds_dir() / "links", Iris()))) > 50
