"""RDF Patch is written and read back, and what is none is refused with its line."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.changes import Delta, Patch, read_patch, write_patch
from kg.changes.patch import PatchReader, delta_of
from kg.errors import DataError
from kg.terms import Quad, text, typed

OLD = Quad("<x:s>", "<x:p>", text('so-called "old"\n', "en"), "<x:g>")
NEW = Quad("_:b1", "<x:p>", typed("01", "integer"), "<x:g>")
PATCH = Patch(Delta(frozenset({NEW}), frozenset({OLD})), {"by": 'Anna "A." Petrova', "id": "1"})


def read(tmp_path, *rows, **more):
    file = tmp_path / "some.rdfp"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return read_patch(file, **more)


def test_what_is_written_is_read_back(tmp_path):
    out = io.StringIO()
    write_patch(PATCH, out)

    assert read(tmp_path, out.getvalue()) == PATCH


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.sets(st.tuples(st.booleans(), TEXT), max_size=5), TEXT)
def test_any_characters_are_read_back(said, who):
    last = {value: adds for adds, value in said}
    quads = {value: Quad("<x:s>", "<x:p>", text(value), "<x:g>") for value in last}
    added = frozenset(quad for value, quad in quads.items() if last[value])
    delta = Delta(added, frozenset(quads.values()) - added)
    out = io.StringIO()

    write_patch(Patch(delta, {"by": who}), out)

    reader = PatchReader("some.rdfp")
    assert delta_of(reader.operations(io.StringIO(out.getvalue(), newline="\n"))) == delta
    assert reader.headers == {"by": who}


def test_a_patch_is_sorted_and_the_same_each_time():
    written = []
    for _ in range(2):
        out = io.StringIO()
        write_patch(PATCH, out)
        written.append(out.getvalue())

    assert written[0] == written[1]
    assert [row[:2] for row in written[0].splitlines()] == ["H ", "H ", "TX", "D ", "A ", "TC"]


def test_the_last_word_on_a_quad_counts(tmp_path):
    patch = read(
        tmp_path, "A <x:s> <x:p> 'a' <x:g> .".replace("'", '"'), 'D <x:s> <x:p> "a" <x:g> .'
    )

    assert not patch.delta.added
    assert len(patch.delta.removed) == 1


def test_an_aborted_transaction_did_nothing(tmp_path):
    assert not read(tmp_path, "TX .", "A <x:s> <x:p> <x:o> <x:g> .", "TA .").delta


def test_triples_are_in_the_graph_that_the_reader_names(tmp_path):
    patch = read(tmp_path, "A <_:b> <x:p> <x:o> .", unnamed="<x:default>")

    assert patch.delta.added == {Quad("_:b", "<x:p>", "<x:o>", "<x:default>")}


def test_prefixes_comments_and_empty_lines_are_passed_over(tmp_path):
    assert not read(tmp_path, "# a comment", "", 'PA "ex" <http://e/> .', 'PD "ex" .').delta


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("A <x:s> <x:p> <x:o> .", "names no graph"),
        ("A <x:s> <x:p> <x:g> <x:h> <x:i> .", "not a quad"),
        ("A ex:s ex:p ex:o ex:g .", "not a quad"),
        ("A <x:s> <x:p> <x:o> <x:g>", "not a quad"),
        ("A <x:s> <x:p> <x:o> <x:g> . <x:s> <x:p> <x:o> <x:g> .", "not"),
        ("A <x:s> <x:p> <<( <x:a> <x:b> <x:c> )>> <x:g> .", "not"),
        ("B <x:s> <x:p> <x:o> <x:g> .", "not a line of RDF Patch"),
        ("TX", "not a line of RDF Patch"),
        ("TC .", "outside a transaction"),
        ("TX .\nTX .", "within a transaction"),
        ("TX .", "without its end"),
        ("H by .", "not a line of RDF Patch"),
    ],
)
def test_what_is_no_patch_is_refused_with_its_line(row, what, tmp_path):
    with pytest.raises(DataError, match=what) as caught:
        read(tmp_path, "# first", row)

    assert caught.value.where.line == 1 + len(row.splitlines())


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_patch(tmp_path / "missing.rdfp")
    (tmp_path / "latin.rdfp").write_bytes(b'H by "\xe9" .\n')
    with pytest.raises(DataError, match=re.escape("cannot be read")):
        read_patch(tmp_path / "latin.rdfp")
