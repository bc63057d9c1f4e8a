"""Rewritten queries have the solutions of the original: the queries of the W3C's suites.

Each is asked as it is, and once more with one of its variables bound to an IRI of the data, in
each of the ways that are rewritten. The data of a folder are all of its files, merged and by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.sparql.rewriting import rewrite

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
}
NEVER_THE_SAME = re.compile(
    r"\b(?:NOW|RAND|UUID|STRUUID|BNODE|SAMPLE|LIMIT|OFFSET)\b", re.IGNORECASE
)
GROUP = re.compile(r"(?<=[\s)>*\w])(?:WHERE\s*)?\{", re.IGNORECASE)
VARIABLE = re.compile(r"\?([A-Za-z]\w*)")
AT_LEAST = 300  # queries that run and whose answers were compared; all but syntax tests


@cache
def loaded(folder: Path) -> ox.Store:
    store = ox.Store()
    for file in sorted(folder.glob("*")):
        if file.suffix not in FORMATS or file.name.startswith("manifest"):
            continue
        try:
            read = ox.parse(file.read_bytes(), FORMATS[file.suffix], base_iri="http://example.org/")
            triples = [quad.triple for quad in read]
        except SyntaxError:
            continue
        for graph in (ox.DefaultGraph(), ox.NamedNode(f"http://example.org/{file.name}")):
            store.extend(ox.Quad(*triple, graph) for triple in triples)
    return store


def answer(store: ox.Store, query: str) -> Counter[str] | None:
    """Return solutions as a multiset; None when the engine refuses the query."""
    try:
        result = store.query(query, base_iri="http://example.org/")
        if isinstance(result, ox.QueryBoolean):
            return Counter([str(bool(result))])
        if isinstance(result, ox.QueryTriples):
            return Counter({str(triple) for triple in result})
        names = sorted(variable.value for variable in result.variables)
        return Counter(str([(name, str(row[name])) for name in names]) for row in result)
    except (SyntaxError, ValueError, OSError, RuntimeError):
        return None


def with_constants(query: str, store: ox.Store) -> Iterator[str]:
    """Yield the query with one variable bound to an IRI, at the start and at the end."""
    names = dict.fromkeys(VARIABLE.findall(query))
    terms = sorted({str(quad.subject) for quad in store if isinstance(quad.subject, ox.NamedNode)})
    start = GROUP.search(query)
    if start is None or "CONSTRUCT" in query.upper():
        return
    end = query.rindex("}")
    for number, name in enumerate(list(names)[:4]):
        term = terms[number % len(terms)] if terms else "<http://example.org/none>"
        for bound in (f"BIND({term} AS ?{name})", f"VALUES ?{name} {{ {term} }}"):
            yield f"{query[: start.end()]} {bound} {query[start.end() :]}"
        optional = f"VALUES ?{name} {{ {term} }} OPTIONAL {{ ?{name} ?p1 ?o1 . ?s2 ?p2 ?{name} }}"
        yield f"{query[: start.end()]} {optional} {query[start.end() :]}"
        yield f"{query[:end]} FILTER(?{name} = {term}) {query[end:]}"


@pytest.mark.shared
@pytest.mark.parametrize("suite", ["sparql10", "sparql11"])
def test_query_of_the_w3c_has_the_same_answer_when_rewritten(suite: str, shared: Path) -> None:
    asked = rewritten = 0
    for file in sorted((shared / "w3c" / suite).rglob("*.rq")):
        query = file.read_bytes().decode("utf-8")
        if NEVER_THE_SAME.search(query) or "SERVICE" in query:
            continue
        store = loaded(file.parent)
        for variant in [query, *with_constants(query, store)]:
            expected = answer(store, variant)
            if expected is None:
                continue
            changed = rewrite(variant)
            asked += 1
            rewritten += changed != variant
            if changed != variant:
                assert answer(store, changed) == expected, f"{file}\n{variant}\n{changed}"

    assert asked > AT_LEAST
    assert rewritten > AT_LEAST
