"""The gate for writes: the violations that a change brings, found where it touches the graph.

Only new violations count. One is old when the graph before the change has one of the same shape and
kind of constraint, at the same node, path and value; a count (too few, too many) has no value, so
that a node with two labels too many may be left with one.

- **Shapes** judge what is stated: the merge of all graphs, without what rules derive. What an
  article describes is judged by all shapes, curated entities by those for curated things, as in a
  build. What stands only in a graph of somebody's own is judged by all shapes, except that a fact
  there needs no article that reports it.
- **Checks** judge the whole merge, with what is derived.

A build judges each article alone, with the curated entities and concepts that it refers to. The
gate sees what others say of a node, too: two graphs can break together what each keeps alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.changes.delta import Delta
from kg.changes.touched import ShapeIndex
from kg.changes.touched_checks import GraphChecks
from kg.changes.touched_data import Asserted, Graphs
from kg.iris import Iris
from kg.validation.checks import load_checks
from kg.validation.report import Result
from kg.validation.shacl import CURATED, Shapes


@dataclass(frozen=True, slots=True)
class Gate:
    """Shapes and checks, made ready once; `judge` may be called from one thread at a time."""

    shapes: ShapeIndex
    checks: GraphChecks

    @classmethod
    def load(cls, folder: Path, *, iris: Iris | None = None) -> Gate:
        """Read the shapes of a folder, and the checks in its `graph/`.

        Raises:
            OntologyError: a shape or a check is malformed, or a shape may read anything.
        """
        iris = iris or Iris()
        curated = [name for name in CURATED if (folder / f"{name}.ttl").is_file()]
        shapes = ShapeIndex.of(
            Shapes.load(folder, iris=iris),
            Shapes.load(folder, only=curated, iris=iris) if curated else None,
            Graphs(iris),
        )
        return cls(shapes, GraphChecks.of(load_checks(folder / "graph", iris=iris), iris))

    def judge(self, before: ox.Store, after: ox.Store, delta: Delta) -> tuple[Result, ...]:
        """Return the violations that a change brings, sorted.

        Args:
            before: the store without the change, whose default graph is the merge.
            after: the store with the change, its merge and derived triples kept in step.
            delta: all quads of named graphs that were added and removed, derived ones included.
        """
        return tuple(
            sorted([*self._shapes(before, after, delta), *self.checks.new(before, after, delta)])
        )

    def _shapes(self, before: ox.Store, after: ox.Store, delta: Delta) -> list[Result]:
        past = Asserted(before, self.shapes.graphs)
        present = Asserted(after, self.shapes.graphs)
        touched = self.shapes.touched(past, present, delta)
        found = self.shapes.judge(present, touched)
        if not found:
            return []
        broken = {result.focus for result in found}
        again = touched.within({node for node in touched.nodes if node.strip("<>") in broken})
        old = {_key(result) for result in self.shapes.judge(past, again)}
        return [result for result in found if _key(result) not in old]


def _key(result: Result) -> tuple[str, ...]:
    return (result.focus, result.path, result.value, result.shape, result.component)
