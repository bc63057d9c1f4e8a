"""The release holds every fact of the inventory of the five articles, in the right article.

A row of `seeds/coverage.csv` names a triple by its subject, property and value; or a query and one
row of its exact answer; or, at most ten times, the reason why there is nothing to hold.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

import unipact
from tests.competency.engines import by_pyoxigraph

ROOT = Path(__file__).resolve().parents[2]
QUERIES = ROOT / "tests" / "competency" / "coverage"
INVENTORY = 266
REASONS = {"not-stated", "navigation", "duplicate", "typography"}
MOST_REASONS = 10
BASE = "https://w3id.org/unipact/"


class Row(NamedTuple):
    number: str
    article: str
    subject: str
    property: str
    value: str
    note: str


def read_rows() -> list[Row]:
    with (ROOT / "seeds" / "coverage.csv").open(encoding="utf-8", newline="") as lines:
        return [Row(*line) for line in csv.reader(lines)][1:]


ROWS = read_rows()
TRIPLES = [row for row in ROWS if row.subject not in ("query", "reason")]
ASKED = [row for row in ROWS if row.subject == "query"]


def node(written: str) -> ox.NamedNode:
    """Return the node of an entity key, `slug/key`, `article:slug` or `concept:scheme/key`."""
    kind, colon, rest = written.partition(":")
    if colon and kind in ("article", "concept"):
        return ox.NamedNode(f"{BASE}{kind}/{rest}")
    return ox.NamedNode(f"{BASE}id/{written}")


def test_every_number_of_the_inventory_is_covered() -> None:
    numbers = {row.number for row in ROWS}

    assert numbers == {f"F{number:03d}" for number in range(1, INVENTORY + 1)}


def test_few_rows_only_give_a_reason() -> None:
    reasons = [row for row in ROWS if row.subject == "reason"]

    assert len(reasons) <= MOST_REASONS
    assert {row.property for row in reasons} <= REASONS


def holds(store: ox.Store, row: Row, prefixes: dict[str, str]) -> bool:
    prefix, _, name = row.property.partition(":")
    predicate = ox.NamedNode(prefixes[prefix] + name)
    found = {
        quad.object
        for quad in store.quads_for_pattern(node(row.subject), predicate, None, ox.DefaultGraph())
    }
    values = {value.value for value in found if isinstance(value, ox.Literal)}
    if row.value in values:
        return True
    prefix, colon, name = row.value.partition(":")
    wanted = (
        ox.NamedNode(prefixes[prefix] + name)
        if colon and prefix in prefixes and prefix not in ("article", "concept")
        else None
    )
    return (wanted in found) if wanted else (" " not in row.value and node(row.value) in found)


def test_every_triple_of_the_inventory_stands_in_the_release(
    seeds_release: unipact.OpenRelease, seeds_store: ox.Store
) -> None:
    missing = [row for row in TRIPLES if not holds(seeds_store, row, seeds_release.prefixes)]

    assert missing == []


def test_every_reported_fact_has_its_evidence_in_its_article(seeds_store: ox.Store) -> None:
    evidence = ox.NamedNode("https://w3id.org/unipact/ontology#evidence")
    wrong = [
        row
        for row in TRIPLES
        if "/" in row.subject
        and ":" not in row.subject
        and not any(
            str(quad.object.value).startswith(f"{BASE}article/{row.article}#")
            for quad in seeds_store.quads_for_pattern(
                node(row.subject), evidence, None, ox.DefaultGraph()
            )
        )
    ]

    assert wrong == []


def answers() -> dict[str, list[str]]:
    found = defaultdict(set)
    for row in ASKED:
        found[row.property].add(row.value)
    return {name: sorted(values) for name, values in sorted(found.items())}


@pytest.mark.parametrize(("name", "expected"), answers().items(), ids=lambda part: str(part)[:40])
def test_query_of_the_inventory_has_its_exact_answer(
    name: str, expected: list[str], seeds_store: ox.Store
) -> None:
    rows = by_pyoxigraph(seeds_store, (QUERIES / name).read_text(encoding="utf-8"))

    assert Counter(cell for (cell,) in rows) == Counter(expected)


def test_every_query_of_the_inventory_is_used() -> None:
    assert sorted(answers()) == sorted(file.name for file in QUERIES.glob("*.rq"))


@pytest.mark.shared
def test_every_printed_name_is_a_label_or_a_mention(shared: Path, seeds_store: ox.Store) -> None:
    skos = "http://www.w3.org/2004/02/skos/core#"
    properties = [skos + name for name in ("prefLabel", "altLabel", "hiddenLabel")]
    properties.append("http://www.w3.org/ns/oa#exact")
    known = {
        quad.object.value.casefold()
        for name in properties
        for quad in seeds_store.quads_for_pattern(None, ox.NamedNode(name), None, ox.DefaultGraph())
        if isinstance(quad.object, ox.Literal)
    }
    with (shared / "articles" / "mentions.csv").open(encoding="utf-8", newline="") as lines:
        printed = {row["surface"].strip() for row in csv.DictReader(lines)}

    assert len(printed) > 100
    assert sorted(name for name in printed if name.casefold() not in known) == []
