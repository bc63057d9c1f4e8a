"""The small picture of what a thing shares most facts with: a circle, the same each time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.languages import language, preference
from server.pages.entity.said import Names, encoded
from server.pages.naming import Name, Row, kept
from server.site import Site

WIDTH: Final = 300
HEIGHT: Final = 270
_ACROSS: Final = 72  # from the middle to a neighbour, sideways
_DOWN: Final = 100
_FOREIGN: Final = 3  # the rank of languages that are neither the reader's nor English
_SHORT: Final = 12  # characters of a name in the picture


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour: by how many facts, its place in the picture, and that of its name."""

    iri: str
    name: Name
    short: str
    facts: int
    x: float
    y: float
    label_x: float
    anchor: str
    radius: float


def read(site: Site, this: str) -> list[tuple[str, int]]:
    """Return the nearest neighbours of a thing, with how many facts they share."""
    rows = kept(site, "neighbours", this=this)
    return [(row["other"][1], int(row["facts"][1])) for row in rows]


def short_names(site: Site, iris: Sequence[str]) -> dict[str, str]:
    """Return a name of each thing that fits into the picture, mostly an abbreviation."""
    these = " ".join(filter(None, map(encoded, iris)))
    rows = kept(site, "short-names", these=these) if these else []
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["thing"][1], []).append(row)
    return {iri: _short([row["name"] for row in known]) for iri, known in found.items()}


def place(near: Sequence[tuple[str, int]], names: Names, shorts: dict[str, str]) -> list[Neighbour]:
    """Arrange neighbours on an ellipse, by the names of their IRIs, from the top clockwise."""
    most = max((facts for _, facts in near), default=1)
    placed = []
    for number, (iri, facts) in enumerate(sorted(near)):
        angle = 2 * math.pi * (number + 0.5) / len(near) - math.pi / 2
        x = WIDTH / 2 + _ACROSS * math.cos(angle)
        y = HEIGHT / 2 + _DOWN * math.sin(angle)
        right = math.cos(angle) >= 0
        radius = 5 + 5 * math.sqrt(facts / most)
        name = names.of(iri)
        placed.append(
            Neighbour(
                iri=iri,
                name=name,
                short=_cut(shorts.get(iri) or name.text),
                facts=facts,
                x=round(x, 1),
                y=round(y, 1),
                label_x=round(x + (radius + 4) * (1 if right else -1), 1),
                anchor="start" if right else "end",
                radius=round(radius, 1),
            )
        )
    return placed


def _short(cells: Sequence[Sequence[str]]) -> str:
    """Return the best name that fits, else the best of all, which is then cut."""
    wanted = language()
    known = [cell for cell in cells if preference(cell[3], wanted)[0] < _FOREIGN] or list(cells)
    fitting = [cell for cell in known if len(cell[1]) <= _SHORT] or known
    return min(fitting, key=lambda cell: (preference(cell[3], wanted), len(cell[1]), cell[1]))[1]


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"
