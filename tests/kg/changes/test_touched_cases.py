"""Every shape and every check at the gate: a write that breaks it is refused for it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.changes.delta import Delta
from kg.changes.gate import Gate
from kg.data import shapes_dir
from kg.terms import Quad
from kg.validation.checks import graph_checks, load_checks
from kg.validation.report import Result, local_name
from tests.shapes.cases import Case, read_cases

from .touched_world import BASE_ARTICLE, CASES, World, keys

SHAPE_CASES = read_cases()
CHECKS = [check for check in load_checks(shapes_dir() / "graph") if check.severity == "Violation"]
FOLDERS = [CASES / "graph" / check.name for check in CHECKS]


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load(shapes_dir())


@pytest.fixture(scope="module")
def world() -> World:
    return World.of_base()


def broken_shapes(results: tuple[Result, ...]) -> tuple[str, ...]:
    shapes = (result for result in results if not result.rule.startswith("check-"))
    counted = Counter(f"{result.rule} {result.component}" for result in shapes)
    return tuple(sorted(counted.elements()))


def quads_of(file: Path) -> frozenset[Quad]:
    parsed = ox.parse(path=file, format=ox.RdfFormat.TRIG)
    return frozenset(Quad(*(str(term) for term in quad)) for quad in parsed)


def store_of(quads: frozenset[Quad]) -> ox.Store:
    store = ox.Store()
    terms = {quad: store_quad(quad) for quad in quads}
    store.extend(terms.values())
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in terms.values())
    return store


def store_quad(quad: Quad) -> ox.Quad:
    (read,) = ox.parse(" ".join(quad) + " .", format=ox.RdfFormat.N_QUADS)
    return read


def expected_of_checks(before: frozenset[Quad], after: frozenset[Quad]) -> set[tuple[str, ...]]:
    found = [
        set(keys(graph_checks(shapes_dir() / "graph", store_of(quads).query)))
        for quads in (after, before)
    ]
    return {key for key in found[0] - found[1] if key[3] != "check-tied-to-another-kind"}


def judged_by_checks(
    gate: Gate, before: frozenset[Quad], after: frozenset[Quad]
) -> set[tuple[str, ...]]:
    delta = Delta(added=after - before, removed=before - after)
    results = gate.judge(store_of(before), store_of(after), delta)
    return {key for key in keys(results) if key[3].startswith("check-")}


@pytest.mark.parametrize("case", SHAPE_CASES, ids=lambda case: case.name)
def test_write_that_breaks_a_shape_is_refused_for_it(case: Case, gate: Gate, world: World) -> None:
    added = {quad._replace(graph=BASE_ARTICLE) for quad in case.quads}
    delta = world.change(Delta(added=frozenset(added)))

    found = broken_shapes(gate.judge(world.before, world.after, delta))

    world.change(delta.inverse)
    information = ("EventDate", "UniversityCountry")  # severity Info
    assert found == tuple(line for line in case.expected if not line.startswith(information))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_write_of_a_defect_is_refused_for_it(folder: Path, gate: Gate) -> None:
    bad = quads_of(folder / "bad.trig")

    found = gate.judge(store_of(frozenset()), store_of(bad), Delta(added=bad))

    named = [r for r in found if r.rule == f"check-{folder.name}"]
    nodes = {"_:" if r.focus.startswith("_:") else local_name(r.focus) for r in named}
    expected = re.findall(r"^# expect: (.+)$", (folder / "bad.trig").read_text("utf-8"), re.M)
    assert sorted(nodes) == expected


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_last_triple_of_a_defect_is_enough(folder: Path, gate: Gate) -> None:
    bad = quads_of(folder / "bad.trig")
    blank = any("_:" in quad.subject[:2] + quad.object[:2] for quad in bad)

    for quad in sorted(bad):
        before = bad - {quad}
        if not blank:  # each parse would give other blank nodes
            assert judged_by_checks(gate, before, bad) == expected_of_checks(before, bad), quad


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_triple_taken_from_a_good_graph_is_missed(folder: Path, gate: Gate) -> None:
    good = quads_of(folder / "good.trig")

    for quad in sorted(good):
        after = good - {quad}
        assert judged_by_checks(gate, good, after) == expected_of_checks(good, after), quad


def test_checks_of_a_graph_without_triggers_run_whole(tmp_path: Path) -> None:
    for file in shapes_dir().glob("*.ttl"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "graph").mkdir()
    for file in (shapes_dir() / "graph").glob("shared-*.rq"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        kept = "".join(line for line in lines if not line.startswith("# when"))
        (tmp_path / "graph" / file.name).write_text(kept, "utf-8")
    bad = quads_of(CASES / "graph" / "shared-identifier" / "bad.trig")

    found = judged_by_checks(Gate.load(tmp_path), frozenset(), bad)

    assert "check-shared-identifier" in {key[3] for key in found}


def test_every_check_says_which_changes_concern_it() -> None:
    assert [check.name for check in CHECKS if not check.triggers] == []
