"""What counts against the limits of a query: every way to write a pattern, and nothing else."""

from __future__ import annotations

import pytest

from server.sparql.terminals import tokens
from server.sparql.weight import weigh


def grows(opening: str, piece: str, closing: str, between: str = " ") -> tuple[float, float]:
    """Return how many patterns and operators a repeated piece adds each time."""
    few, many = (
        weigh(tokens(opening + between.join([piece] * count) + closing)) for count in (20, 120)
    )
    return (many.patterns - few.patterns) / 100, (many.operators - few.operators) / 100


@pytest.mark.parametrize(
    ("opening", "piece", "closing", "between", "patterns"),
    [
        ("ASK {", "?s ?p ?o .", "}", " ", 1),
        ("ASK { ?s ", "?p ?o", "}", ";", 1),
        ("ASK { ?s ?p ", "?o", "}", ",", 1),
        ("ASK { ?s ?p (", "1", ") }", " ", 2),
        ("ASK { ?s ?p (", "'x'^^<urn:d>", ") }", " ", 2),
        ("ASK { ?s ?p (", "'x'@en", ") }", " ", 2),
        ("ASK { ?s ?p ", "(1)", "}", ",", 3),
        ("ASK { ?s ?p (", "[ ?p 1 ]", ") }", " ", 3),
        ("ASK { ?s ?p ", "[ ?p 1 ]", "}", ",", 2),
        ("ASK { ?s ?p ", "[]", "}", ",", 1),
        ("ASK { ?s ", "<urn:p>", " ?o }", "/", 1),
        ("ASK { ?s ", "(<urn:p>|^<urn:q>)", " ?o }", "/", 1),
        ("ASK { ?s ", "<urn:p>", " ?o }", "|", 0),
        ("ASK { ?s (", "<urn:p>", ")* ?o }", "|", 0),
        ("ASK {", "{ ?s ?p ?o }", "}", "UNION", 1),
        ("ASK { ?s ?p ?o", "OPTIONAL { ?s ?p ?o }", "}", " ", 1),
        ("ASK { ?s ?p ?o", "FILTER EXISTS { ?s ?p ?o }", "}", " ", 1),
        ("ASK {", "?s ?p ?o FILTER(?o)", "}", " ", 1),
        ("ASK {", "?s ?p ?o BIND(1 AS ?z)", "}", " ", 1),
        ("ASK {", "VALUES ?v { 1 }", "}", " ", 1),
        ("ASK {", "?s ?p ?o {| ?q ?r |} .", "}", " ", 4),
        ("ASK {", "<< ?s ?p ?o >> ?q ?r .", "}", " ", 2),
        ("ASK { VALUES ?v {", "<urn:x>", "} }", " ", 0),
        ("ASK { VALUES (?v ?w) {", "(1 'a.b;c')", "} }", " ", 0),
        ("ASK { FILTER(?x IN (", "1", ")) }", ",", 0),
        ("ASK { FILTER(", "?x / 2", ") }", "+", 0),
        ("ASK { FILTER(CONCAT(", "?x", ")) }", ",", 0),
        ("CONSTRUCT {", "?s ?p ?o .", "} WHERE { ?s ?p ?o }", " ", 0),
    ],
)
def test_patterns_grow_by(
    opening: str, piece: str, closing: str, between: str, patterns: int
) -> None:
    assert grows(opening, piece, closing, between)[0] == patterns


@pytest.mark.parametrize(
    ("opening", "piece", "closing"),
    [
        ("ASK { ?s ?p ?o", "FILTER(?o)", "}"),
        ("ASK { ?s ?p ?o", "BIND(?o AS ?z)", "}"),
        ("SELECT", "(1 AS ?z)", "{ ?s ?p ?o }"),
        ("SELECT * { ?s ?p ?o } ORDER BY", "?s", ""),
        ("SELECT * { ?s ?p ?o } ORDER BY", "DESC(?s)", ""),
        ("DESCRIBE", "<urn:x>", ""),
        ("ASK { FILTER(1", "+1", ")}"),
        ("ASK { FILTER(", "!", "1)}"),
    ],
)
def test_chains_of_expressions_count_as_operators(opening: str, piece: str, closing: str) -> None:
    assert grows(opening, piece, closing)[1] >= 1


def test_thousands_of_rows_weigh_nothing() -> None:
    rows = " ".join(f"(<urn:x{n}> {n})" for n in range(3000))
    weight = weigh(tokens(f"SELECT * {{ VALUES (?x ?n) {{ {rows} }} ?x ?p ?n }}"))

    assert weight.patterns < 5
    assert weight.operators < 5
