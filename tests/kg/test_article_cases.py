"""Article folders and what becomes of them: quads, or errors as a user reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.articles import Source, read
from kg.articles.annotations import check
from kg.articles.mapper import map_article
from kg.errors import KgError, Problems
from kg.terms import line

FOLDER = Path(__file__).parent.parent / "cases" / "articles"
CASES = sorted(path for path in FOLDER.iterdir() if path.is_dir())
EXPECTED_CASES = 98


def outcome(case: Path, ontology, authority, iris) -> dict[str, str]:
    """Return the content of the files that say what is expected."""
    try:
        article = read(Source(Path(case.name)))
    except KgError as error:
        return {"expected-error.txt": f"{error}\n"}
    checked = check(article, ontology=ontology, authority=authority, iris=iris)
    found = {}
    if checked.errors:
        found["expected-error.txt"] = f"{Problems(checked.errors)}\n"
    else:
        quads = map_article(checked.article, iris=iris)
        found["expected.nq"] = "".join(map(line, quads))
    if checked.warnings:
        found["expected-warning.txt"] = f"{Problems(checked.warnings)}\n"
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_article_case(case, ontology, authority, iris, monkeypatch, update_cases):
    monkeypatch.chdir(FOLDER)

    found = outcome(case, ontology, authority, iris)

    if update_cases:
        for old in case.glob("expected*"):
            old.unlink()
        for name, content in found.items():
            (case / name).write_text(content, encoding="utf-8", newline="")
    expected = {
        path.name: path.read_bytes().decode("utf-8") for path in sorted(case.glob("expected*"))
    }
    assert found == expected


def test_all_article_cases_were_collected():
    assert len(CASES) == EXPECTED_CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_name_of_a_case_says_what_becomes_of_it(case):
    kind = case.name.partition("-")[0]
    expected = {
        "good": {"expected.nq"},
        "warning": {"expected.nq", "expected-warning.txt"},
    }.get(kind, {"expected-error.txt"})

    assert {path.name for path in case.glob("expected*")} == expected
