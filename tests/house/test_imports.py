"""Imports go one way: unipact → server → kg; the folders of data hold no code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAY_IMPORT = {"kg": {"kg"}, "server": {"server", "kg"}, "unipact": {"unipact", "server", "kg"}}
# kg's ground floor, no station of it
FOUNDATIONS = {"disk", "errors", "folding", "prefixes", "settings"}
SERVER_MAY_USE = {"releases", "changes", "matching", "labels"} | FOUNDATIONS
DATA = ("seeds", "ontology", "shapes")


def imported_modules(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: relative import"
            names |= {f"{node.module}.{name.name}" for name in node.names}
    return names


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_package_imports_only_what_lies_below_it(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))

    wrong = {
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imported_modules(file)
        if (top := name.split(".")[0]) in MAY_IMPORT and top not in MAY_IMPORT[package]
    }

    assert files
    assert wrong == set()


def test_server_uses_only_the_interfaces_of_kg() -> None:
    files = sorted((ROOT / "server").rglob("*.py"))

    used = {
        name.split(".")[1]
        for file in files
        for name in imported_modules(file)
        if name.startswith("kg.")
    }

    assert used <= SERVER_MAY_USE


def test_folders_of_data_hold_no_code() -> None:
    code = [file for folder in DATA for file in (ROOT / folder).rglob("*.py")]

    assert code == []


def test_kg_knows_nothing_of_http() -> None:
    asks_others = ROOT / "kg" / "linking" / "client.py"
    names = {
        name.split(".")[0]
        for file in (ROOT / "kg").rglob("*.py")
        if file != asks_others
        for name in imported_modules(file)
    }

    assert not names & {"flask", "requests", "http", "urllib", "socket", "werkzeug"}
