"""The version is the same everywhere."""

from __future__ import annotations

import tomllib
from pathlib import Path

from kg.version import VERSION


def test_version_is_that_of_the_project():
    project = Path(__file__).parents[2] / "pyproject.toml"

    assert tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"] == VERSION
