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


def test_failing_test_is_named_and_fails_the_run(
    told: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    tests = {f"t{number}": {"outcome": "pass", "why": None} for number in range(79)}
    tests["t3"] = {"outcome": "fail", "why": "404 instead of 200"}

    assert told(tests) == 1
    assert capsys.readouterr().out == "fail: t3: 404 instead of 200\n78 passed, 1 failed\n"


def test_missing_tests_fail_the_run(told: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert told({"t": {"outcome": "pass", "why": None}}) == 1
    assert capsys.readouterr().out.endswith("\n1 passed, 0 failed\n")
