"""The checks of the whole graph: each finds its defect, and leaves the good graph alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib

from kg.data import shapes_dir
from kg.errors import OntologyError
from kg.iris import Iris
from kg.validation.checks import Check, graph_checks, load_checks, run_check
from kg.validation.report import local_name

CASES = Path(__file__).parent.parent / "cases" / "graph"
CHECKS = load_checks(shapes_dir() / "graph")
EXPECTED_CHECKS = 21

Query = Callable[[str], Iterable[Any]]


def in_oxigraph(file: Path) -> Query:
    store = pyoxigraph.Store()
    store.load(path=file, format=pyoxigraph.RdfFormat.TRIG)
    for quad in list(store):
        store.add(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object))
    return store.query


def in_rdflib(file: Path) -> Query:
    return rdflib.Dataset(default_union=True).parse(file, format="trig").query


def expected(file: Path) -> list[str]:
    return re.findall(r"^# expect: (.+)$", file.read_text("utf-8"), re.MULTILINE)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("engine", [in_oxigraph, in_rdflib], ids=["oxigraph", "rdflib"])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_check_finds_its_defect_and_nothing_in_the_good_graph(
    check: Check, engine: Callable[[Path], Query]
) -> None:
    folder = CASES / check.name

    found = run_check(check, engine(folder / "bad.trig"))

    nodes = {"_:" if r.focus.startswith("_:") else local_name(r.focus) for r in found}
    assert sorted(nodes) == expected(folder / "bad.trig")
    assert run_check(check, engine(folder / "good.trig")) == ()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_bad_graph_breaks_no_other_check_by_accident(check: Check) -> None:
    results = graph_checks(shapes_dir() / "graph", in_oxigraph(CASES / check.name / "bad.trig"))

    assert f"check-{check.name}" in {result.rule for result in results}


def test_every_check_has_a_case_and_every_case_a_check() -> None:
    folders = sorted(folder.name for folder in CASES.iterdir())

    assert folders == [check.name for check in CHECKS]
    assert len(CHECKS) == EXPECTED_CHECKS


def test_checks_follow_the_concepts_to_another_base() -> None:
    checks = load_checks(shapes_dir() / "graph", iris=Iris("https://data.example.org/"))

    named = [check.query for check in checks if "w3id.org/unipact/concept/" in check.query]
    assert named == []
    assert any("<https://data.example.org/concept/status/>" in check.query for check in checks)


def test_check_without_message_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nameless.rq").write_text("SELECT ?focus { ?focus a ?class }", encoding="utf-8")

    with pytest.raises(OntologyError, match="without its head"):
        load_checks(tmp_path)
