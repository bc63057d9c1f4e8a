"""Sorting on disk gives what sorting in memory would."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kg.releases import sorting
from kg.releases.sorting import merge_sorted, sort_lines


@pytest.mark.parametrize("run_bytes", [1, 50, 1000, 10**6])
def test_lines_come_out_sorted_and_once_whatever_the_memory(run_bytes, tmp_path, monkeypatch):
    monkeypatch.setattr(sorting, "FAN_IN", 4)
    chance = random.Random(7)
    lines = [f"{chance.randrange(150)} ü\n".encode() for _ in range(400)]

    count = sort_lines(lines, tmp_path / "out", work=tmp_path, run_bytes=run_bytes)

    expected = sorted(set(lines))
    assert (tmp_path / "out").read_bytes() == b"".join(expected)
    assert count == len(expected)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_order_is_that_of_bytes_in_every_locale(tmp_path):
    sort_lines([b"b\n", "ä\n".encode(), b"B\n", b"a\n"], tmp_path / "out", work=tmp_path)

    assert (tmp_path / "out").read_text(encoding="utf-8") == "B\na\nb\nä\n"


def test_nothing_sorts_to_nothing(tmp_path):
    assert sort_lines([], tmp_path / "out", work=tmp_path) == 0


def test_sorted_files_are_merged_with_each_line_once(tmp_path):
    files: list[Path] = []
    for name, content in (("a", b"1\n3\n"), ("b", b"1\n2\n")):
        files.append(tmp_path / name)
        files[-1].write_bytes(content)

    assert merge_sorted(files, tmp_path / "out") == 3
    assert (tmp_path / "out").read_bytes() == b"1\n2\n3\n"
