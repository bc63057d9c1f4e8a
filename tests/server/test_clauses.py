"""FROM and FROM NAMED, as the engine itself resolves them."""

from __future__ import annotations

import pytest

from server.problems import Problem
from server.sparql.clauses import Clauses, read_clauses
from server.sparql.lexer import outline

BASE = "https://example.org/sparql"


def clauses(query: str) -> Clauses | None:
    return read_clauses(query, outline(query), base=BASE)


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT * FROM <urn:a> {?s ?p ?o}", ["urn:a"], []),
        ("SELECT*FROM<urn:a>FROM<urn:b>{}", ["urn:a", "urn:b"], []),
        ("SELECT * FROM <urn:a> FROM <urn:a> {}", ["urn:a"], []),
        ("ASK FROM NAMED <urn:a> from named <urn:b> {}", [], ["urn:a", "urn:b"]),
        ("PREFIX g: <urn:g/> ASK FROM g:a FROM NAMED g:b\\,c {}", ["urn:g/a"], ["urn:g/b,c"]),
        ("BASE <http://x/y/> PREFIX p: <z/> ASK FROM p:q FROM <../\\u0061> {}",
         ["http://x/y/z/q", "http://x/a"], []),
        ("ASK FROM <g#h> FROM <> {}", ["https://example.org/g#h", BASE], []),
        ("CONSTRUCT {?s <urn:p#q> ?o} FROM <urn:a#b> WHERE {?s ?p ?o}", ["urn:a#b"], []),
        ("DESCRIBE <urn:x> # FROM <urn:no>\nFROM <urn:a>", ["urn:a"], []),
        ("SELECT (1 < 2 AS ?x) FROM <urn:a> {}", ["urn:a"], []),
        ("SELECT (1<(1)AS?x)(2 AS?y)FROM<urn:a>{}", ["urn:a"], []),
        ("PREFIX fromage: <urn:f/> ASK FROM fromage:a {?s fromage:p ?o}", ["urn:f/a"], []),
        ("VERSION \"1.2\" PREFIX g: <urn:> ASK FROM g:a {}", ["urn:a"], []),
    ],
)  # fmt: skip
def test_dataset_of_a_query_is_read(query: str, default: list[str], named: list[str]) -> None:
    assert clauses(query) == Clauses(tuple(default), tuple(named))


@pytest.mark.parametrize(
    "query",
    ["ASK {}", "ASK { ?s <urn:FROM> 'FROM <urn:a>' } # FROM <urn:a>", "ASK FROM g:undeclared {}",
     "ASK FROM {}", "ASK FROM <urn:%> FROM <bad iri> {}", "FROM",
     "PREFIX from: <urn:> ASK {from:a from:b 1}"],
)  # fmt: skip
def test_query_without_a_readable_clause_has_no_dataset_of_its_own(query: str) -> None:
    found = clauses(query)

    assert found is None or not found.default


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX : <urn:> SELECT(1<(1)AS?x)FROM:g#>\n{}",
        "SELECT(1<(1)AS?x)#>FROM<urn:a>\n{}",
        "PREFIX g: <urn:> SELECT * FROM<urn:b>FROMg:a {}",
        "PREFIX g: <urn:> SELECT * FROMg:a {}",
        "SELECT * FROMNAMED<urn:a>{}",
        "SELECT * FROM<urn:b>FROMNAMED<urn:a>{}",
    ],
)
def test_clauses_that_can_be_read_in_two_ways_are_refused(query: str) -> None:
    with pytest.raises(Problem, match="two ways"):
        clauses(query)
