"""What the views of the whole are made of: ties, things, places and dates of one release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

Row = Mapping[str, Any]

# Kinds of ties, in the order of the form; "together" is made here of participations.
TIES: Final = (
    "partnership", "agreement", "membership", "part", "founding", "together", "proposal",
    "participation", "post",
)  # fmt: skip
BOTH_WAYS: Final = frozenset({"partnership", "agreement", "together"})
REALITIES: Final = ("actual", "prospective", "unreal", "possible")
MOST_TOGETHER: Final = 25  # organisations at an event that ties each with each
# Classes from the general to the special: of several, a thing is known by the last.
ORGANISATIONS: Final = (
    "Organization", "OrganizationUnit", "Committee", "GovernmentBody", "FundingBody", "Company",
    "ResearchBody", "School", "AllianceBody", "Alliance", "University",
)  # fmt: skip
CLASSES: Final = (
    "Group", "Person", "Programme", "Project", "Event", "EventSeries", *ORGANISATIONS,
)  # fmt: skip
_LANES: Final = ("Event", "Agreement", "Membership", "Partnership", "Mobility")


@dataclass(frozen=True, slots=True)
class Tie:
    """One thing that ties two others, as one fact has it.

    Attributes:
        fact: the IRI of what says so, "" when it stands without a fact.
        first: the first day that it can have held, "" when that is open.
        last: likewise the last.
    """

    one: str
    two: str
    kind: str
    reality: str
    fact: str
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a thing is: a place with its degrees, or a country alone."""

    country: str
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a thing: how it bears on it (when, begin, end, asOf), as written, and its days."""

    how: str
    edtf: str
    printed: str
    earliest: str
    latest: str


@dataclass(frozen=True, slots=True)
class State:
    """What the timeline knows of a thing besides its dates; IRIs, "" when not told."""

    lane: str
    reality: str
    status: str


@dataclass(frozen=True)
class Whole:
    """All that the views show of one release.

    Attributes:
        classes: the local name of each thing's class.
        crowded: how many events have too many participants to tie each with each.
        cut: whether a query gave as much as it may, so that something may be missing.
    """

    ties: tuple[Tie, ...] = ()
    classes: Mapping[str, str] = field(default_factory=dict)
    spots: Mapping[str, tuple[Spot, ...]] = field(default_factory=dict)
    dates: Mapping[str, tuple[Dated, ...]] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    crowded: int = 0
    cut: bool = False

    @cached_property
    def countries(self) -> Mapping[str, frozenset[str]]:
        """The countries of each organisation that has one."""
        return {
            thing: frozenset(spot.country for spot in spots if spot.country)
            for thing, spots in self.spots.items()
        }

    @cached_property
    def members(self) -> Mapping[str, frozenset[str]]:
        """The members of each alliance, it among them, of all times and plans."""
        found: dict[str, set[str]] = {}
        for tie in self.ties:
            if tie.kind == "membership" and self.classes.get(tie.two) == "Alliance":
                found.setdefault(tie.two, {tie.two}).add(tie.one)
        return {alliance: frozenset(those) for alliance, those in found.items()}

    @cached_property
    def present(self) -> Mapping[str, frozenset[str]]:
        """Who took part in each event."""
        found: dict[str, set[str]] = {}
        for tie in self.ties:
            if tie.kind == "participation":
                found.setdefault(tie.two, set()).add(tie.one)
        return {event: frozenset(those) for event, those in found.items()}

    @cached_property
    def parties(self) -> Mapping[str, tuple[str, ...]]:
        """Whom each fact ties, each once."""
        found: dict[str, dict[str, None]] = {}
        for tie in self.ties:
            if tie.fact and tie.kind != "together":
                found.setdefault(tie.fact, {}).update({tie.one: None, tie.two: None})
        return {fact: tuple(those) for fact, those in found.items()}


def whole(
    *, ties: list[Row], things: list[Row], places: list[Row], dates: list[Row], states: list[Row],
    most: int,
) -> Whole:  # fmt: skip
    """Put the rows of the queries together; none of them gives more than `most` rows."""
    classes = _classes(things)
    known = _dates(dates)
    said = sorted(
        {_dated(tie, known) for tie in map(_tie, ties)},
        key=lambda tie: (tie.kind, tie.one, tie.two, tie.fact, tie.reality),
    )
    together, crowded = _together(said, classes)
    return Whole(
        ties=(*said, *together),
        classes=classes,
        spots=_spots(places),
        dates=known,
        states=_states(states),
        crowded=crowded,
        cut=any(len(rows) >= most for rows in (ties, things, places, dates, states)),
    )


def _text(row: Row, column: str) -> str:
    return str(row[column][1]) if column in row else ""


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def _classes(rows: Iterable[Row]) -> dict[str, str]:
    rank = {name: number for number, name in enumerate(CLASSES)}
    found: dict[str, str] = {}
    for row in rows:
        thing, name = _text(row, "thing"), _local(_text(row, "class"))
        if name in rank and rank[name] >= rank.get(found.get(thing, ""), -1):
            found[thing] = name
    return found


def _tie(row: Row) -> Tie:
    kind, reality = _text(row, "kind"), _local(_text(row, "reality"))
    if reality not in REALITIES:
        reality = "actual" if kind in ("part", "founding") else "possible"
    return Tie(_text(row, "one"), _text(row, "two"), kind, reality, _text(row, "fact"))


def _dates(rows: Iterable[Row]) -> dict[str, tuple[Dated, ...]]:
    found: dict[str, dict[Dated, None]] = {}
    for row in rows:
        one = Dated(
            how=_local(_text(row, "how")),
            edtf=_text(row, "edtf"),
            printed=_text(row, "printed"),
            earliest=_text(row, "earliest"),
            latest=_text(row, "latest"),
        )
        found.setdefault(_text(row, "thing"), {})[one] = None
    return {thing: tuple(sorted(those, key=_by_time)) for thing, those in found.items()}


def _by_time(date: Dated) -> tuple[str, ...]:
    return date.earliest or date.latest, date.latest, date.how, date.edtf, date.printed


def _dated(tie: Tie, dates: Mapping[str, tuple[Dated, ...]]) -> Tie:
    own = dates.get(tie.fact, ())
    if not own and tie.kind == "participation":
        own = dates.get(tie.two, ())
    first, last = days(own)
    return replace(tie, first=first, last=last)


def days(dates: Iterable[Dated]) -> tuple[str, str]:
    """Return the first and the last day that something can have held, "" where that is open.

    What began and did not end goes on; what is only known as of a day is open both ways.

    >>> days([Dated("begin", "2016", "2016", "2016-01-01", "2016-12-31")])
    ('2016-01-01', '')
    """
    begins = [date.earliest for date in dates if date.how in ("when", "begin")]
    ends = [date.latest for date in dates if date.how in ("when", "end")]
    return (
        "" if "" in begins else min(begins, default=""),
        "" if "" in ends else max(ends, default=""),
    )


def _together(ties: Iterable[Tie], classes: Mapping[str, str]) -> tuple[list[Tie], int]:
    """Return ties between organisations that took part in the same event, and the events left out.

    An event with many participants says little of any two of them, and ties of each with each are
    too many to draw.
    """
    present: dict[str, dict[str, Tie]] = {}
    for tie in ties:
        if tie.kind == "participation" and classes.get(tie.one) in ORGANISATIONS:
            known = present.setdefault(tie.two, {})
            if tie.one not in known or tie.reality == "actual":
                known[tie.one] = tie
    found = [
        made
        for event, by in sorted(present.items())
        if len(by) <= MOST_TOGETHER
        for made in _pairs(event, [by[one] for one in sorted(by)])
    ]
    return found, sum(len(by) > MOST_TOGETHER for by in present.values())


def _pairs(event: str, ties: list[Tie]) -> Iterator[Tie]:
    for place, tie in enumerate(ties):
        for other in ties[place + 1 :]:
            least = max(tie.reality, other.reality, key=REALITIES.index)
            yield Tie(tie.one, other.one, "together", least, event, tie.first, tie.last)


def _spots(rows: Iterable[Row]) -> dict[str, tuple[Spot, ...]]:
    """Return where each thing is; a country alone only counts where no place tells more."""
    found: dict[str, dict[Spot, None]] = {}
    for row in rows:
        spot = Spot(
            country=_text(row, "country"),
            place=_text(row, "place"),
            latitude=_degrees(_text(row, "latitude"), 90),
            longitude=_degrees(_text(row, "longitude"), 180),
        )
        found.setdefault(_text(row, "thing"), {})[spot] = None
    return {
        thing: _best_spots(tuple(sorted(spots, key=lambda spot: (spot.place, spot.country))))
        for thing, spots in found.items()
    }


def _best_spots(spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """Return one spot a place, with the country that another row tells; else the countries."""
    countries = [spot.country for spot in spots if not spot.place]
    places: dict[str, Spot] = {}
    for spot in spots:
        if spot.place and spot.place not in places:
            country = spot.country or (countries[0] if countries else "")
            places[spot.place] = replace(spot, country=country)
    return tuple(places.values()) or spots


def _degrees(written: str, most: float) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    return value if -most <= value <= most else None


def _states(rows: Iterable[Row]) -> dict[str, State]:
    """Return how each thing stands; what is of two lanes is in the later one."""
    found: dict[str, State] = {}
    for row in rows:
        lane, reality = _local(_text(row, "lane")), _local(_text(row, "reality"))
        state = State(lane, reality, _text(row, "status"))
        thing = _text(row, "thing")
        known = found.get(thing)
        if known is None or _rank(state) > _rank(known):
            found[thing] = state
    return found


def _rank(state: State) -> tuple[int, str, str]:
    return _LANES.index(state.lane), state.reality, state.status
