"""The runner of the suites says what it needs and what failed."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def told() -> Any:
    return runpy.run_path(str(Path(__file__).parent / "__main__.py"))["told"]


def test_without_the_suites_it_says_what_to_set() -> None:
    kept = {k: v for k, v in os.environ.items() if k not in ("UNIPACT_SHARED", "UNIPACT_W3C")}

    ended = subprocess.run(
        [sys.executable, "-m", "tests.conformance"],
        cwd=ROOT, env=kept, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert ended.returncode == 1
    assert "UNIPACT_W3C" in ended.stderr


def passed(count: int) -> dict[str, Any]:
    return {f"t{number}": {"outcome": "pass", "why": None} for number in range(count)}


def test_failing_test_is_named_and_fails_the_run(
    told: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    tests = passed(79) | {"t3": {"outcome": "fail", "why": "404 instead of 200"}}

    assert told("reading", tests, at_least=79, known={}) == 1
    assert capsys.readouterr().out.startswith("fail: t3: 404 instead of 200\n")


def test_failure_of_the_engine_is_counted_apart(
    told: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    tests = passed(9) | {"t3": {"outcome": "fail", "why": "1 row instead of 2"}}

    assert told("writing", tests, at_least=9, known={"t3": "it normalises"}) == 0
    assert capsys.readouterr().out == ("writing: 8 passed, 0 failed, 1 more are known\n")


def test_known_failure_that_passes_fails_the_run(told: Any) -> None:
    assert told("writing", passed(9), at_least=9, known={"t3": "it normalises"}) == 1


def test_missing_tests_fail_the_run(told: Any) -> None:
    assert told("reading", passed(1), at_least=79, known={}) == 1
