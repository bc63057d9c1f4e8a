"""Search among a hundred thousand labels: it finds what it must, and reads nothing through."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.search import KNOWN, make_index
from kg.releases.labels import search

COUNT = 100_000


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("labels"), count=COUNT)


@pytest.mark.parametrize(("typed", "label"), [(typed, name) for typed, (name, _) in KNOWN.items()])
def test_name_is_found_among_a_hundred_thousand(index: Path, typed: str, label: str) -> None:
    assert [hit.label for hit in search(index, typed)] == [label]


def test_heaviest_come_first(index: Path) -> None:
    weights = [hit.weight for hit in search(index, "u", 500)]

    assert len(weights) == 500
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0


def test_nothing_is_sorted_and_no_table_is_read_through(index: Path) -> None:
    asked: list[str] = []
    with closing(sqlite3.connect(index)) as db, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *args, **kwargs: Tapped(db, asked))
        search(index, "univ 大学")
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {asked[0]}", ("univ*",))]

    assert [step.split(" VIRTUAL")[0].split(" USING")[0] for step in plan] == [
        "SCAN folded",
        "SEARCH label",
    ]


class Tapped:
    """A connection that notes what is asked, and stays open."""

    def __init__(self, db: sqlite3.Connection, asked: list[str]) -> None:
        self._db, self._asked = db, asked

    def execute(self, query: str, values: tuple[object, ...]) -> sqlite3.Cursor:
        self._asked.append(query)
        return self._db.execute(query, values)

    def close(self) -> None:
        """Leave it open."""
