"""The build of the scripts: where Node.js is missing, and when there is nothing to do."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "server" / "frontend" / "build.py"


@pytest.fixture
def building(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build of a tiny front end in an empty folder, on a machine without Node.js."""
    spec = importlib.util.spec_from_file_location("frontend_build", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "frontend_build", module)
    spec.loader.exec_module(module)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.js").write_text("1", encoding="utf-8")
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(module, "FRONTEND", tmp_path)
    monkeypatch.setattr(module, "BUILT", tmp_path / "built")
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr("sys.argv", ["build.py"])
    return module


def built_of(building: ModuleType) -> None:
    building.BUILT.mkdir(exist_ok=True)
    manifest = {"sources": building.digest(), "assets": {}}
    (building.BUILT / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_without_node_it_says_so_and_is_no_failure(
    building: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert building.main() == 0
    assert "pages without scripts: there is no Node.js 20 or newer" in capsys.readouterr().err


def test_strict_build_fails_without_node(
    building: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["build.py", "--strict"])

    assert building.main() == 1


def test_built_from_these_sources_needs_nothing(
    building: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    built_of(building)

    assert building.main() == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("file", ["src/a.js", "src/b.css", "package-lock.json", "build.mjs"])
def test_changed_source_is_built_again(building: ModuleType, file: str) -> None:
    built_of(building)
    assert building.is_built()

    (building.FRONTEND / file).write_text("changed", encoding="utf-8")

    assert not building.is_built()


@pytest.mark.parametrize(
    ("version", "taken"), [("v20.1.0", True), ("v18.19.0", False), ("", False)]
)
def test_node_of_the_system_is_taken_when_new_enough(
    building: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, taken: bool
) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    node.chmod(0o755)
    monkeypatch.setattr(building.shutil, "which", lambda name: str(node))

    assert (building.find_node() is not None) == taken
