"""Datasets of several graphs, with triples that stand in more than one of them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from server.sparql.dataset import Datasets, Overlap
from server.sparql.frames import Job

DATA = """INSERT DATA {
  <urn:s> <urn:p> 1, 2, 3 .
  GRAPH <urn:a> { <urn:s> <urn:p> 1, 2 }
  GRAPH <urn:b> { <urn:s> <urn:p> 1, 3 }
  GRAPH <urn:c> { <urn:s> <urn:p> 4 }
}"""
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture
def datasets() -> Datasets:
    store = ox.Store()
    store.update(DATA)
    return Datasets(store)


def count(datasets: Datasets, query: str, default: str, named: str = "", most: int = 100) -> int:
    def graphs(names: str) -> tuple[str, ...]:
        return tuple(f"urn:{name}" for name in names)

    job = Job(query, "json", graphs(default), graphs(named), merge_triples=most)
    return int(next(datasets.ask(job))["n"].value)


@pytest.mark.parametrize(
    ("default", "triples"),
    [
        ("", 0),
        ("a", 2),
        ("aa", 2),
        ("ab", 3),
        ("ba", 3),
        ("ac", 3),
        ("abc", 4),
        ("x", 0),
        ("xa", 2),
    ],
)
def test_triple_of_two_default_graphs_counts_once(
    datasets: Datasets, default: str, triples: int
) -> None:
    assert count(datasets, COUNT, default) == triples


@pytest.mark.parametrize(
    ("default", "named", "triples"),
    [("", "", 0), ("", "a", 2), ("", "aa", 2), ("", "ab", 4), ("ab", "", 0), ("ab", "a", 2),
     ("ab", "abc", 5), ("ac", "b", 2)],
)  # fmt: skip
def test_named_graphs_stay_apart_whatever_is_merged(
    datasets: Datasets, default: str, named: str, triples: int
) -> None:
    assert count(datasets, NAMED, default, named) == triples


def test_query_without_a_dataset_asks_the_whole_store(datasets: Datasets) -> None:
    assert int(next(datasets.ask(Job(COUNT, "json")))["n"].value) == 3
    assert int(next(datasets.ask(Job(NAMED, "json")))["n"].value) == 5


def test_dataset_of_the_request_replaces_that_of_the_query(datasets: Datasets) -> None:
    query = "SELECT (COUNT(*) AS ?n) FROM <urn:c> FROM NAMED <urn:c> { ?s ?p ?o }"

    assert count(datasets, query, "ab") == 3
    assert count(datasets, query, "a", "b") == 2


def test_graphs_too_large_to_merge_are_refused_only_when_they_share_triples(
    datasets: Datasets,
) -> None:
    assert count(datasets, COUNT, "ac", most=1) == 3
    with pytest.raises(Overlap):
        count(datasets, COUNT, "ab", most=1)


def test_blank_nodes_of_merged_graphs_are_those_of_the_store() -> None:
    store = ox.Store()
    store.update(
        "INSERT { GRAPH <urn:a> { ?n <urn:p> 1 } GRAPH <urn:b> { ?n <urn:p> 1, 2 } }"
        " WHERE { BIND(BNODE() AS ?n) }"
    )

    job = Job("SELECT * { ?n ?p ?o }", "json", ("urn:a", "urn:b"), ())
    found = list(Datasets(store).ask(job))

    assert {row["n"] for row in found} == {quad.subject for quad in store}
    assert len(found) == 2


def test_merge_of_a_release_on_disk(tmp_path: Path) -> None:
    store = ox.Store(str(tmp_path / "store"))
    store.update(DATA)
    store.flush()
    del store
    datasets = Datasets(ox.Store.read_only(str(tmp_path / "store")))

    assert count(datasets, COUNT, "ab") == 3
    assert count(datasets, COUNT, "bc") == 3
    assert count(datasets, COUNT, "ab") == 3


def test_rewritten_query_is_asked_and_the_original_when_the_engine_refuses_it(
    datasets: Datasets, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(COUNT, "json", rewriting=("constants",))
    told = {"faster": "SELECT (7 AS ?n) {}", "refused": "SELECT nonsense"}
    found = []
    for text in told.values():
        monkeypatch.setattr("server.sparql.dataset.rewrite", lambda *a, text=text, **k: text)
        found.append(int(next(datasets.ask(job))["n"].value))

    assert found == [7, 3]


@pytest.mark.parametrize("rewriting", [(), ("constants", "statistics")])
def test_statistics_are_of_the_store_and_not_of_a_dataset_of_the_request(
    datasets: Datasets, rewriting: tuple[str, ...]
) -> None:
    def counted(default: tuple[str, ...] | None) -> int:
        job = Job(COUNT, "json", default, None if default is None else (), rewriting=rewriting)
        return int(next(datasets.ask(job))["n"].value)

    assert [counted(None), counted(("urn:a",)), counted(("urn:a", "urn:b"))] == [3, 2, 3]
