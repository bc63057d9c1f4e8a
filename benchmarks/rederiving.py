"""How long derived triples take to follow a change of one statement.

    python -m benchmarks.rederiving RELEASE [--changes 20]

For each of some properties, statements of articles are taken out of a copy of the release's store,
and put back; figures are milliseconds of processor time, of deriving alone without the change.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.changes.delta import Delta
from kg.changes.merge import keep_merge
from kg.changes.rederiving import rederive
from kg.data import ontology_dir
from kg.iris import Iris, term
from kg.releases.stores import decode, encode, named
from kg.rules import load_rules
from kg.terms import Quad

PROPERTIES = (
    "status certainty role of member party agent event about when evidence accordingTo".split()
)


@dataclass(frozen=True, slots=True)
class Timed:
    """One change: the property of the statement, milliseconds, and how many quads it derived."""

    property: str
    ms: float
    derived: int


def measure(store: Path, *, changes: int, seed: int = 7) -> Iterator[Timed]:
    """Yield how long changes of one statement take, on a copy of a release's store."""
    rules, iris, chance = load_rules(ontology_dir() / "rules"), Iris(), random.Random(seed)
    before = ox.Store.read_only(str(store))
    with tempfile.TemporaryDirectory() as folder:
        before.backup(f"{folder}/store")
        after = ox.Store(f"{folder}/store")
        for name in PROPERTIES:
            stated = _stated(before, name, iris)
            for quad in chance.sample(stated, min(changes, len(stated))):
                delta = Delta(removed=frozenset([quad]))
                _apply(after, delta)
                began = time.process_time()
                derived = rederive(rules, before, after, delta, iris)
                ms = (time.process_time() - began) * 1000
                yield Timed(name, ms, len(derived.added) + len(derived.removed))
                _apply(after, delta.then(derived).inverse)


def _stated(store: ox.Store, name: str, iris: Iris) -> list[Quad]:
    found = store.quads_for_pattern(None, ox.NamedNode(term(name)), None, None)
    articles = iris.article_graph("")
    return [
        Quad(encode(q.subject), encode(q.predicate), encode(q.object), encode(q.graph_name))
        for q in found
        if isinstance(q.graph_name, ox.NamedNode) and q.graph_name.value.startswith(articles)
    ]


def _apply(store: ox.Store, delta: Delta) -> None:
    for quad in delta.removed:
        store.remove(_quad(quad))
    store.extend(_quad(quad) for quad in delta.added)
    keep_merge(store, delta)


def _quad(quad: Quad) -> ox.Quad:
    return ox.Quad(
        named(quad.subject), named(quad.predicate), decode(quad.object), named(quad.graph)
    )


def _line(name: str, timed: list[Timed]) -> str:
    ms = sorted(one.ms for one in timed)
    derived = sum(one.derived for one in timed) / len(timed)
    return (
        f"{name:12}{len(ms):4} changes  p50 {ms[len(ms) // 2]:7.1f} ms  max {ms[-1]:7.1f} ms"
        f"  {derived:6.1f} quads derived or no longer"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("release", type=Path)
    parser.add_argument("--changes", type=int, default=20)
    given = parser.parse_args()
    timed = list(measure(given.release / "store", changes=given.changes))
    for name in PROPERTIES:
        if some := [one for one in timed if one.property == name]:
            print(_line(name, some))
    print(_line("all", timed))


if __name__ == "__main__":
    main()
