"""Prints the result of a query: as a table for people, or in a standard format."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from kg.errors import DataError

FORMATS: Final = {
    "table": None,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}
Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def write_result(result: Result, format_: str, prefixes: Mapping[str, str]) -> None:
    """Print a result on standard output.

    Raises:
        DataError: the format is not one for this kind of result.
    """
    chosen = FORMATS[format_]
    if isinstance(result, ox.QueryTriples):
        graph_format = ox.RdfFormat.TURTLE if chosen is None else chosen
        if not isinstance(graph_format, ox.RdfFormat):
            raise DataError(f"a graph cannot be printed as {format_}", hint="use turtle")
        ox.serialize(result, sys.stdout.buffer, graph_format, prefixes=dict(prefixes))
        return
    if isinstance(chosen, ox.RdfFormat):
        raise DataError(f"rows cannot be printed as {format_}", hint="use csv, tsv, json or xml")
    if chosen is not None:
        result.serialize(sys.stdout.buffer, chosen)
    elif isinstance(result, ox.QueryBoolean):
        sys.stdout.write("yes\n" if result else "no\n")
    else:
        _print_table(result, prefixes)


def _print_table(solutions: ox.QuerySolutions, prefixes: Mapping[str, str]) -> None:
    names = [variable.value for variable in solutions.variables]
    table = Table(*names)
    count = 0
    for solution in solutions:
        table.add_row(*(shorten(solution[name], prefixes) for name in names))
        count += 1
    console = Console(highlight=False, markup=False)
    console.print(table)
    console.print(f"{count} row{'' if count == 1 else 's'}")


def shorten(term: object, prefixes: Mapping[str, str]) -> str:
    """Return a term as a person reads it: prefixed IRIs, bare literals."""
    if term is None:
        return ""
    if isinstance(term, ox.Literal):
        return term.value
    if isinstance(term, ox.NamedNode):
        fitting = [item for item in prefixes.items() if term.value.startswith(item[1])]
        if fitting:
            prefix, namespace = max(fitting, key=lambda item: len(item[1]))
            return f"{prefix}:{term.value.removeprefix(namespace)}"
    return str(term)
