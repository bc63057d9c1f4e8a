"""What a release was derived and checked by: it keeps its rules and its shapes.

So a release explains itself, and a change of it is derived and checked as it was itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from kg.rules import Rule


def copy_rules(rules: Sequence[Rule], folder: Path) -> None:
    """Write the rules into a new folder."""
    folder.mkdir()
    for rule in rules:
        shutil.copyfile(rule.file, folder / f"{rule.name}.rq")


def copy_shapes(shapes: Path, folder: Path) -> None:
    """Write shapes (`*.ttl`) and checks of the whole graph (`graph/*.rq`) into a new folder."""
    (folder / "graph").mkdir(parents=True)
    for file in (*shapes.glob("*.ttl"), *shapes.glob("graph/*.rq")):
        shutil.copyfile(file, folder / file.relative_to(shapes))
