"""The timeline as a drawing: bars in lanes over years, in units of the picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from server.explore.drawing import shortened, width_of
from server.explore.timeline import LANES, Item, Part, parts
from server.pages.naming import Name

WIDTH: Final = 1000
_LEFT, _RIGHT = 10, 990
_TOP: Final = 30  # of the first lane, below the years
_TITLE, _ROW, _GAP = 26, 26, 10  # heights: of a lane's name, of a row; between lanes
_BAR: Final = 12  # the height of a bar
_LETTER_ROOM: Final = 8  # between a bar and its name
_LONGEST: Final = 46
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100)  # years between lines
_MOST_LINES: Final = 12
_MONTHS_UNTIL: Final = 15  # years in which months are drawn


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a bar; see `timeline.Part`."""

    kind: str
    x: float
    width: float
    fades: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """An item with its bars; `y` is their middle, `anchor` whether the name ends or starts at x."""

    item: Item
    name: Name
    label: str
    bars: tuple[Bar, ...]
    y: float
    x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A kind of items: where its name stands, and what is in it."""

    name: str
    y: float
    items: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line at the begin of a year or month."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing."""

    lanes: tuple[Lane, ...]
    years: tuple[Tick, ...]
    months: tuple[Tick, ...]
    height: float
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class _Scale:
    first: float
    last: float

    def x(self, day: float) -> float:
        return round(_LEFT + (day - self.first) / (self.last - self.first) * (_RIGHT - _LEFT), 1)


def chart(
    items: Sequence[Item], names: Mapping[str, Name], *, since: str = "", until: str = ""
) -> Chart:
    """Draw items, one row after the other, several in a row where they have room.

    With `since` and `until`, years of four digits, it goes no further than these years.
    """
    scale = _cut(_scale(items), since, until)
    lanes, y = [], float(_TOP)
    for lane in LANES:
        inside = [item for item in items if item.state.lane == lane]
        if not inside:
            continue
        drawn, rows = _lane(inside, names, scale, y + _TITLE)
        lanes.append(Lane(lane, y + 17, tuple(drawn)))
        y += _TITLE + rows * _ROW + _GAP
    return Chart(tuple(lanes), *_ticks(scale), height=round(max(y, 80), 1))


def _scale(items: Iterable[Item]) -> _Scale:
    """Return a scale of whole years that holds all days that are known."""
    known = [
        day
        for item in items
        for bounds in (item.span.begin, item.span.end)
        for day in (bounds.first, bounds.last)
        if day is not None
    ] or [date(2000, 1, 1).toordinal()]
    first, last = date.fromordinal(min(known)), date.fromordinal(max(known))
    # What fades to the left, and what goes on to the right, needs some room.
    start = date(max(first.year - (first.month < 7), 1), 1, 1).toordinal()
    end = date(min(last.year + 1 + (last.month > 6), 9999), 1, 1).toordinal()
    return _Scale(start, max(end, start + 365))


def _cut(scale: _Scale, since: str, until: str) -> _Scale:
    first, last = scale.first, scale.last
    if since > "0000":
        first = max(first, date(int(since), 1, 1).toordinal())
    if "0000" < until < "9999":
        last = min(last, date(int(until) + 1, 1, 1).toordinal())
    return _Scale(first, max(last, first + 365))


def _lane(
    items: Sequence[Item], names: Mapping[str, Name], scale: _Scale, top: float
) -> tuple[list[Drawn], int]:
    """Draw the items of a lane; each goes into the first row that has room for it."""
    ends: list[float] = []
    drawn = []
    for item in items:
        bars = tuple(_bars(parts(item.span, right=scale.last), scale))
        if not bars:
            continue
        name = names.get(item.iri) or Name(item.iri)
        label = shortened(name.text, _LONGEST)
        left, right, x, anchor = _room(bars, label)
        row = next((n for n, end in enumerate(ends) if end < left), len(ends))
        ends[row : row + 1] = [right + 6]
        y = top + row * _ROW + _ROW / 2
        drawn.append(Drawn(item, name, label, bars, y, x, anchor))
    return drawn, len(ends)


def _bars(found: Iterable[Part], scale: _Scale) -> Iterable[Bar]:
    for part in found:
        left = min(max(scale.x(part.begin), _LEFT), _RIGHT)
        right = min(max(scale.x(part.end), _LEFT), _RIGHT)
        if part.end <= scale.first or part.begin >= scale.last:
            continue
        if part.kind == "point":
            yield Bar("point", round((left + right) / 2, 1), 0, part.fades)
        else:
            yield Bar(part.kind, left, round(max(right - left, 3), 1), part.fades)


def _room(bars: Sequence[Bar], label: str) -> tuple[float, float, float, str]:
    """Return where an item begins and ends with its name, and where the name stands."""
    start = min(bar.x - 6 * (bar.kind == "point") for bar in bars)
    end = max(bar.x + bar.width + 6 * (bar.kind == "point") for bar in bars)
    long = width_of(label) + _LETTER_ROOM
    if end + long <= WIDTH:
        return start, end + long, round(end + _LETTER_ROOM, 1), "start"
    if start - long >= 0:
        return start - long, end, round(start - _LETTER_ROOM, 1), "end"
    return min(start, WIDTH - long), end, round(max(WIDTH - long, 0), 1), "inside"


def _ticks(scale: _Scale) -> tuple[tuple[Tick, ...], tuple[Tick, ...]]:
    first, last = date.fromordinal(int(scale.first)).year, date.fromordinal(int(scale.last)).year
    step = next((s for s in _STEPS if (last - first) / s <= _MOST_LINES), 500)
    years = tuple(
        Tick(scale.x(date(year, 1, 1).toordinal()), str(year))
        for year in range(first, last + 1)
        if year % step == 0 or year == first
    )
    if last - first > _MONTHS_UNTIL:
        return years, ()
    months = tuple(
        Tick(scale.x(date(year, month, 1).toordinal()), f"{year}-{month:02}")
        for year in range(first, last)
        for month in range(2, 13)
    )
    return years, months
