"""Every shape in action: each case breaks what it says it breaks, and no constraint is idle."""

from __future__ import annotations

import pytest

from kg.validation.shacl import validate_graph

from .cases import Bench, Case, read_cases
from .removal import parts, tried_without

CASES = read_cases()
EXPECTED_CASES = 316
EXPECTED_PARTS = 627


def test_whole_article_with_every_class_breaks_nothing(bench: Bench) -> None:
    assert validate_graph(bench.shapes, bench.graph) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_breaks_exactly_what_it_says(case: Case, bench: Bench) -> None:
    assert bench.outcome(case) == case.expected


def test_removing_any_constraint_or_target_changes_a_case(bench: Bench) -> None:
    idle = [str(part) for part in parts(bench.shapes) if not tried_without(part, bench, CASES)]

    assert "\n".join(idle) == ""


def test_all_cases_and_constraints_were_collected(bench: Bench) -> None:
    assert len(CASES) == EXPECTED_CASES
    assert len(parts(bench.shapes)) == EXPECTED_PARTS
