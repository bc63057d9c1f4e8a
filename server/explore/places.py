"""The map: how many organisations are where, and how much is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.explore.asked import Asked
from server.explore.whole import ORGANISATIONS, Spot, Tie, Whole
from server.world import Country, World


@dataclass(frozen=True, slots=True)
class Here:
    """A place with what is there.

    Attributes:
        iri: of the place, or of the country when no place in it is known.
        spot: where it is; without degrees for a country.
        organisations: those with most facts first.
        facts: how many facts tie them, each once.
    """

    iri: str
    spot: Spot
    organisations: tuple[str, ...]
    facts: int

    @property
    def country_alone(self) -> bool:
        """Whether it is a whole country, of whose organisations no place is known."""
        return not self.spot.place


@dataclass(frozen=True, slots=True)
class Marker:
    """A circle of the map, in units of its picture."""

    here: Here
    x: float
    y: float
    radius: float


def places(whole: Whole, asked: Asked) -> tuple[list[Here], int]:
    """Return the places with most organisations first; and how many organisations have none."""
    facts = _facts(whole, asked)
    found: dict[str, tuple[Spot, set[str]]] = {}
    nowhere = 0
    for thing in sorted(facts):
        spots = whole.spots.get(thing, ())
        nowhere += not spots
        for spot in spots:
            found.setdefault(spot.place or spot.country, (spot, set()))[1].add(thing)
    all_here = [_here(iri, spot, those, facts) for iri, (spot, those) in found.items() if iri]
    return sorted(all_here, key=lambda one: (-len(one.organisations), -one.facts, one.iri)), nowhere


def _facts(whole: Whole, asked: Asked) -> dict[str, set[str]]:
    """Return the organisations that are asked for, each with the facts that tie it."""
    narrowed = bool(asked.ties or asked.reality or asked.since or asked.until)
    found: dict[str, set[str]] = {}
    if not narrowed:  # those that nothing ties are somewhere, too
        found = {
            thing: set()
            for thing, kind in whole.classes.items()
            if kind in ORGANISATIONS and asked.lets_thing(thing, whole)
        }
    for tie in whole.ties:
        if asked.lets(tie, whole):
            for thing in _organisations(tie, whole):
                if asked.lets_thing(thing, whole):
                    found.setdefault(thing, set()).add(tie.fact)
    return found


def _organisations(tie: Tie, whole: Whole) -> Iterable[str]:
    return (end for end in (tie.one, tie.two) if whole.classes.get(end) in ORGANISATIONS)


def _here(iri: str, spot: Spot, those: set[str], facts: Mapping[str, set[str]]) -> Here:
    said = {fact for thing in those for fact in facts[thing] if fact}
    by_facts = sorted(those, key=lambda thing: (-len(facts[thing]), thing))
    return Here(iri, spot, tuple(by_facts), len(said))


def markers(
    world: World, here: Iterable[Here], names: Mapping[str, Iterable[str]]
) -> tuple[list[Marker], int]:
    """Return circles, the largest first; and how many places have no degrees and no country.

    `names` are all names of countries: those of the map are known by their English ones.
    """
    found, lost = [], 0
    for one in here:
        at = _place(world, one, names)
        if at is None:
            lost += 1
            continue
        radius = round(min(4 + 3 * (len(one.organisations) - 1) ** 0.5, 24), 1)
        found.append(Marker(one, round(at[0], 1), round(at[1], 1), radius))
    return sorted(found, key=lambda marker: (-marker.radius, marker.here.iri)), lost


def country(world: World, names: Iterable[str]) -> Country | None:
    """Return the country of the map that has one of the names."""
    wanted = {name.casefold() for name in names}
    for one in world.countries:
        if not wanted.isdisjoint(
            name.casefold() for name in (*one.names.values(), *one.also) if name
        ):
            return one
    return None


def _place(
    world: World, here: Here, names: Mapping[str, Iterable[str]]
) -> tuple[float, float] | None:
    spot = here.spot
    if spot.latitude is not None and spot.longitude is not None:
        return world.place(spot.longitude, spot.latitude)
    found = country(world, names.get(spot.country, ()))
    return (found.x, found.y) if found else None
