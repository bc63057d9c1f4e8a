"""The network as a drawing: circles, lines and names, in units of the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.explore.network import Network, Node
from server.pages.naming import Name

WIDTH: Final = 1000
HEIGHT: Final = 640
_ASIDE, _ABOVE = 70, 36  # margins, where names of what is near the edge still fit
_LETTER, _LINE = 6.6, 14  # of a name: the usual width of a letter, and the height
_WIDE: Final = 12.5  # likewise of a Chinese one
_LONGEST: Final = 26  # characters of a name in the picture
MOST_NAMES: Final = 70


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle with a name; `label` is short, "" when there is no room for it."""

    node: Node
    x: float
    y: float
    name: Name
    label: Name


@dataclass(frozen=True, slots=True)
class Line:
    """What ties two circles; the kinds and the best reality of its ties."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str
    reality: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines first, then circles, the smallest first, so that the large ones lie above."""

    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    width: int = WIDTH
    height: int = HEIGHT


def drawing(
    network: Network, names: Mapping[str, Name], short_names: Mapping[str, Name]
) -> Drawing:
    """Draw a network; `short_names` are for the picture, where there are any."""
    at = {node.iri: _place(node) for node in network.nodes}
    taken = [(x - 8, y - 8, x + 8, y + 8) for x, y in at.values()]
    dots, named = [], 0
    for node in network.nodes:
        x, y = at[node.iri]
        name = names.get(node.iri) or Name(node.iri)
        short = short_names.get(node.iri) or Name(shortened(name.text), name.language)
        box = _box(short.text, x, y - node.size - 4)
        fits = named < MOST_NAMES and 0 <= box[0] and box[2] <= WIDTH and _is_free(box, taken)
        if fits:
            taken.append(box)
            named += 1
        dots.append(Dot(node, x, y, name, short if fits else Name("")))
    lines = (
        Line(*at[edge.one], *at[edge.two], kind=edge.kind, reality=edge.reality)
        for edge in network.edges
    )
    return Drawing(tuple(lines), tuple(reversed(dots)))


def _place(node: Node) -> tuple[float, float]:
    return (
        round(_ASIDE + node.x * (WIDTH - 2 * _ASIDE), 1),
        round(_ABOVE + (1 - node.y) * (HEIGHT - 2 * _ABOVE), 1),
    )


def shortened(name: str, longest: int = _LONGEST) -> str:
    """Return a name that is not too long for a picture."""
    return name if len(name) <= longest else name[: longest - 1].rstrip(" ,.-") + "…"


def width_of(text: str) -> float:
    """Return about how wide a text is, at 12 units of height."""
    return sum(_WIDE if ord(letter) > 0x2E80 else _LETTER for letter in text)


Box = tuple[float, float, float, float]


def _box(text: str, middle: float, bottom: float) -> Box:
    half = width_of(text) / 2
    return middle - half, bottom - _LINE, middle + half, bottom


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    left, top, right, bottom = box
    return all(
        right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
        for other in taken
    )
