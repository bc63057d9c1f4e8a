"""Questions that users ask, as SPARQL files with their exact answers, on two engines.

`NN-name.rq` asks (its first line is the question in English), `NN-name.csv` holds the expected
rows; a file without rows asks for the words of the originals and takes its answer from the
shared questions. `NN-name.gate.rq` must be true for an empty answer to mean anything.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import yaml

from tests.competency.engines import Rows, by_pyoxigraph, by_rdflib, expected

HERE = Path(__file__).parent
QUERIES = sorted(HERE.glob("*.rq"))
EXPECTED_QUERIES = 202
WITH_ROWS = [file for file in QUERIES if file.with_suffix(".csv").exists()]
GATES = [file for file in QUERIES if file.name.endswith(".gate.rq")]


@pytest.mark.parametrize("file", WITH_ROWS, ids=lambda file: file.stem)
def test_question_has_its_answer_in_pyoxigraph(file: Path, seeds_store: ox.Store) -> None:
    rows = by_pyoxigraph(seeds_store, file.read_text(encoding="utf-8"))

    assert Counter(rows) == Counter(expected(file))


@pytest.mark.parametrize("file", WITH_ROWS, ids=lambda file: file.stem)
def test_question_has_the_same_answer_in_rdflib(file: Path, seeds_graph: rdflib.Graph) -> None:
    rows = by_rdflib(seeds_graph, file.read_text(encoding="utf-8"))

    assert Counter(rows) == Counter(expected(file))


@pytest.mark.parametrize("file", GATES, ids=lambda file: file.stem)
def test_gate_holds_so_that_an_empty_answer_means_something(
    file: Path, seeds_store: ox.Store, seeds_graph: rdflib.Graph
) -> None:
    query = file.read_text(encoding="utf-8")

    assert by_pyoxigraph(seeds_store, query) == by_rdflib(seeds_graph, query) == [("true",)]


def test_every_query_states_its_question_and_has_an_answer() -> None:
    silent = [
        file.name for file in QUERIES if not file.read_text(encoding="utf-8").startswith("# ")
    ]

    assert silent == []
    assert len(QUERIES) == EXPECTED_QUERIES


def load_scorer(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(question: dict[str, Any], rows: Rows) -> Any:
    if question["answer_type"] == "boolean":
        return rows == [("true",)]
    return rows


@pytest.mark.shared
def test_every_public_question_scores(shared: Path, seeds_with_originals: ox.Store) -> None:
    folder = shared / "questions"
    questions = yaml.safe_load((folder / "public.yaml").read_text(encoding="utf-8"))["questions"]
    scorer = load_scorer(folder)
    wrong = []

    for question in questions:
        (file,) = HERE.glob(f"*-{question['id']}.rq")
        gate = file.with_name(f"{file.stem}.gate.rq")
        rows = by_pyoxigraph(seeds_with_originals, file.read_text(encoding="utf-8"))
        holds = gate.exists() and by_pyoxigraph(
            seeds_with_originals, gate.read_text(encoding="utf-8")
        ) == [("true",)]
        if not scorer.score(question, answer(question, rows), holds):
            wrong.append((question["id"], rows[:5]))

    assert len(questions) == 60
    assert wrong == []
