"""The checks of the ontology find nothing in it, and each finds what it is for."""

from pathlib import Path

import pyoxigraph
import pytest

from kg.data import ontology_dir

CHECKS = sorted((ontology_dir() / "checks").glob("*.rq"))
CASES = Path(__file__).parent / "cases"


def rows(check: Path, *files: Path) -> list[str]:
    store = pyoxigraph.Store()
    for file in files:
        store.load(path=str(file), format=pyoxigraph.RdfFormat.TURTLE)
    return [
        " ".join(map(str, solution)) for solution in store.query(check.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.stem)
def test_ontology_is_free_of(check):
    assert rows(check, *sorted(ontology_dir().glob("*.ttl"))) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.stem)
def test_broken_ontology_is_caught_by(check):
    assert rows(check, CASES / f"{check.stem}.ttl")


def test_every_case_belongs_to_a_check():
    assert {case.stem for case in CASES.glob("*.ttl")} == {check.stem for check in CHECKS}
    assert len(CHECKS) == 25


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.stem)
def test_first_line_says_what_a_row_means(check):
    assert check.read_text(encoding="utf-8").startswith("# A row is ")
