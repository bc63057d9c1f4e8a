"""The documentation is true: its queries answer, its files make a corpus, its lists are whole."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

import unipact
from kg.settings import SETTINGS
from unipact.command import VERBS

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROOT = DOCS.parent
QUERIES = re.findall(r"```sparql\n(.*?)```", (DOCS / "querying.md").read_text("utf-8"), re.DOTALL)


def files_in(page: str) -> dict[str, str]:
    """Return path → content of the files that a page shows: the last `path` before each block."""
    text = (DOCS / page).read_text(encoding="utf-8")
    shown = re.findall(
        r"`([\w./-]+/[\w.-]+)`[^`]*?```(?:yaml|turtle|text)\n(.*?)```", text, re.DOTALL
    )
    return dict(shown)


def write(files: dict[str, str], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: " ".join(query.split())[:40])
def test_query_in_the_docs_has_an_answer(query: str, seeds_release: unipact.OpenRelease) -> None:
    rows = seeds_release.query(query)

    assert isinstance(rows, ox.QuerySolutions)
    assert list(rows)


def test_docs_show_queries() -> None:
    assert len(QUERIES) == 12


def test_article_in_the_docs_passes_every_check(tmp_path: Path) -> None:
    write(files_in("annotating.md"), tmp_path)

    report = unipact.check(tmp_path / "seeds")

    assert report.lines() == []


def test_own_ontology_in_the_docs_gives_a_graph_of_its_own(tmp_path: Path) -> None:
    for name in ("ontology", "shapes"):
        shutil.copytree(ROOT / name, tmp_path / name)
    write(files_in("own-graph.md"), tmp_path)

    unipact.build(
        tmp_path / "seeds",
        ontology=tmp_path / "ontology",
        shapes=tmp_path / "shapes",
        releases=tmp_path / "releases",
        base="https://example.org/",
    )

    ask = (
        "ASK { ?v a <https://example.org/visits#Visit> ; <https://example.org/visits#delegates> 3 }"
    )
    assert unipact.open_release(tmp_path / "releases").query(ask)


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS])
def test_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (DOCS / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", VERBS)
def test_command_is_documented(verb: str) -> None:
    assert f"unipact {verb}" in (DOCS / "commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_page_is_linked_from_the_readme(page: Path) -> None:
    assert f"docs/{page.name}" in (ROOT / "README.md").read_text(encoding="utf-8")
