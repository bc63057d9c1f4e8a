"""Asks both engines, and reads expected rows."""

from __future__ import annotations

import csv
from pathlib import Path

import pyoxigraph as ox
import rdflib

Rows = list[tuple[str, ...]]


def expected(file: Path) -> Rows:
    with file.with_suffix(".csv").open(encoding="utf-8", newline="") as lines:
        return [tuple(row) for row in csv.reader(lines)][1:]


def by_pyoxigraph(store: ox.Store, query: str) -> Rows:
    result = store.query(query)
    if isinstance(result, ox.QueryBoolean):
        return [("true" if result else "false",)]
    assert isinstance(result, ox.QuerySolutions)
    names = [variable.value for variable in result.variables]
    return [tuple("" if row[name] is None else row[name].value for name in names) for row in result]


def by_rdflib(graph: rdflib.Graph, query: str) -> Rows:
    result = graph.query(query)
    if result.type == "ASK":
        return [("true" if result.askAnswer else "false",)]
    return [tuple("" if cell is None else str(cell) for cell in row) for row in result]
