"""Retired IRIs are read strictly."""

from __future__ import annotations

import pytest

from kg.data import seeds_dir
from kg.errors import InputError
from kg.iris import Iris
from kg.releases.retired import read_retired

OLD, NEW = "https://w3id.org/unipact/id/old", "https://w3id.org/unipact/id/new"


def read(folder, text, iris=None):
    (folder / "retired.tsv").write_text(text, encoding="utf-8")
    return read_retired(folder / "retired.tsv", iris or Iris())


def test_an_iri_has_a_successor_or_none(tmp_path):
    found = read(tmp_path, f"iri\tsuccessor\n{OLD}\t{NEW}\n{NEW}\t\n")

    assert found == {OLD: NEW, NEW: ""}


def test_iris_follow_the_base(tmp_path):
    found = read(tmp_path, f"iri\tsuccessor\n{OLD}\t\n", Iris("https://example.org/"))

    assert found == {"https://example.org/id/old": ""}


def test_no_file_retires_nothing(tmp_path):
    assert read_retired(tmp_path / "retired.tsv", Iris()) == {}


@pytest.mark.parametrize(
    "text",
    [
        f"{OLD}\t{NEW}\n",
        f"iri\tsuccessor\n{OLD}\t\n{OLD}\t\n",
        "iri\tsuccessor\na b\t\n",
        "iri\tsuccessor\na\tb\tc\n",
        "iri\tsuccessor\n\t\n",
    ],
)
def test_rubbish_is_refused_with_its_line(text, tmp_path):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)

    assert caught.value.where.line >= 1


def test_the_shipped_file_can_be_read():
    assert read_retired(seeds_dir() / "retired.tsv", Iris()) is not None
