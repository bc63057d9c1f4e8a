"""The parts of the scripts that need no page: their own tests, and their types."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "server" / "frontend"
pytestmark = pytest.mark.node


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, encoding="utf-8")


def test_scripts_pass_their_own_tests() -> None:
    files = sorted(str(file) for file in (FRONTEND / "test").glob("*.test.mjs"))

    done = run("node", "--test", *files)

    assert len(files) == 5
    assert done.returncode == 0, done.stdout


def test_types_of_the_scripts_fit() -> None:
    done = run("node", "node_modules/typescript/bin/tsc", "--project", "jsconfig.json")

    assert done.stdout == ""
