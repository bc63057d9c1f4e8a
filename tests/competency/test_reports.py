"""Several articles on one agreement, one meeting, one membership: reports, and what holds now."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import unipact
from tests.competency.engines import by_pyoxigraph, by_rdflib, expected

HERE = Path(__file__).parent / "reports"
QUESTIONS = sorted((HERE / "questions").glob("*.rq"))


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    releases = tmp_path_factory.mktemp("reports")
    return unipact.build(HERE / "seeds", releases=releases).path


@pytest.mark.parametrize("file", QUESTIONS, ids=lambda file: file.stem)
def test_reports_answer_alike_on_both_engines(file: Path, release: Path) -> None:
    store = ox.Store.read_only(str(release / "store"))
    graph = rdflib.Graph().parse(release / "dump" / "unipact.nt", format="nt")
    query = file.read_text(encoding="utf-8")

    assert Counter(by_pyoxigraph(store, query)) == Counter(expected(file))
    assert Counter(by_rdflib(graph, query)) == Counter(expected(file))


def test_all_questions_about_reports_were_collected() -> None:
    assert len(QUESTIONS) == 10
