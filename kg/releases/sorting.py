"""Sorting lines that do not fit into memory, each kept once.

Lines are compared as bytes, which for UTF-8 is the order of code points, in every locale. Runs of
bounded size are sorted in memory and written out, then merged; lines that come in sorted already
cost next to nothing, since Python's sort finds the stretches.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

RUN_BYTES: Final = 32 * 1024 * 1024
FAN_IN: Final = 64  # files read at once: far below the usual limit of 1024 open files


def sort_lines(
    lines: Iterable[bytes], output: Path, *, work: Path, run_bytes: int = RUN_BYTES
) -> int:
    """Write the distinct lines in order to `output` and return how many they are.

    Each line ends in a line feed. `work` is a folder for temporary files; about three times
    `run_bytes` of memory are used.
    """
    with TemporaryDirectory(dir=work, prefix="sort-") as folder:
        runs: list[Path] = []
        newest: list[bytes] = []  # stays in memory: what fits into one run never touches the disk
        for chunk in _chunks(lines, run_bytes):
            if newest:
                runs.append(Path(folder, f"run-{len(runs)}"))
                _write(newest, runs[-1])
            newest = chunk
        return _merge(_reduced(runs, Path(folder)), output, newest)


def merge_sorted(inputs: Sequence[Path], output: Path) -> int:
    """Merge a few files of sorted lines, each line once, and return how many lines that makes."""
    return _merge(inputs, output)


def _chunks(lines: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    held = 0
    for line in lines:
        chunk.append(line)
        held += len(line)
        if held >= size:
            yield sorted(chunk)
            chunk, held = [], 0
    if chunk:
        yield sorted(chunk)


def _reduced(runs: list[Path], folder: Path) -> list[Path]:
    """Merge runs in groups until few enough are left to be read at once."""
    level = 0
    while len(runs) > FAN_IN:
        level += 1
        groups = [runs[start : start + FAN_IN] for start in range(0, len(runs), FAN_IN)]
        runs = [folder / f"level-{level}-{number}" for number in range(len(groups))]
        for group, merged in zip(groups, runs, strict=True):
            _merge(group, merged)
            for run in group:
                run.unlink()
    return runs


def _merge(inputs: Sequence[Path], output: Path, more: Iterable[bytes] = ()) -> int:
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in inputs]
        return _write(_once(heapq.merge(*files, more)), output)


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    before = b""
    for line in lines:
        if line != before:
            yield line
            before = line


def _write(lines: Iterable[bytes], output: Path) -> int:
    count = 0
    with output.open("wb") as file:
        for line in lines:
            file.write(line)
            count += 1
    return count
