"""What each view shows a reader: the parts put together and named, kept as long as the release."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from server.addresses import words
from server.explore import network as networks
from server.explore.asked import Asked
from server.explore.chart import Chart, chart
from server.explore.drawing import Drawing, drawing
from server.explore.network import Network
from server.explore.places import Here, Marker, country, markers, places
from server.explore.reading import Made, read
from server.explore.timeline import Item, items
from server.explore.whole import Whole
from server.languages import gettext as _
from server.languages import language
from server.pages.naming import Name, kept, names_of, short_names_of
from server.site import Site
from server.world import World

T = TypeVar("T")
MOST_OPTIONS: Final = 300  # of a list of the form
MOST_LISTED: Final = 8  # organisations that are named beside a place
_AT_ONCE: Final = 300  # things whose names are asked for


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The network with names and its drawing."""

    network: Network
    names: Mapping[str, Name]
    short_names: Mapping[str, Name]
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class MapView:
    """The map: places as a list and as circles; what could not be placed is counted."""

    here: tuple[Here, ...]
    names: Mapping[str, Name]
    markers: tuple[Marker, ...]
    tinted: frozenset[str]
    nowhere: int
    lost: int


@dataclass(frozen=True, slots=True)
class TimelineView:
    """All that is asked for, by time, and how much more has no date."""

    items: tuple[Item, ...]
    undated: int


@dataclass(frozen=True, slots=True)
class Options:
    """The lists of the form: IRIs with names, in the order of names; and whether all are there."""

    countries: tuple[tuple[str, Name], ...]
    alliances: tuple[tuple[str, Name], ...]


@dataclass(slots=True)
class Views:
    """Makes the views of the release in force."""

    site: Site
    world: World | None
    _wholes: Made = field(default_factory=lambda: Made(2))
    _made: Made = field(default_factory=Made)
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def whole(self) -> Whole:
        """Return all that there is to show; whoever asks while it is read waits for that."""
        with self._reading:
            return self._wholes.get(self.site.current().id, lambda: read(self.site))

    def names(self, iris: Iterable[str]) -> dict[str, Name]:
        """Return the names of any number of things; their short IRIs where they have none."""
        these = sorted(set(iris) - {""})
        addresses = self.site.addresses()
        found = {iri: Name(addresses.short(iri)) for iri in these}
        for start in range(0, len(these), _AT_ONCE):
            found |= names_of(self.site, these[start : start + _AT_ONCE])
        return found

    def options(self) -> Options:
        """Return what the form lists."""
        return self._kept("options", Asked(), lambda whole: self._options(whole))

    def kinds(self, show: str) -> frozenset[str]:
        """Return the kinds of ties that there are in one of the networks."""

        def make(whole: Whole) -> frozenset[str]:
            asked = Asked(show=show)
            possible = {thing for thing, kind in whole.classes.items() if kind in asked.classes}
            return asked.kinds & {
                tie.kind for tie in whole.ties if tie.one in possible and tie.two in possible
            }

        return self._kept("kinds", Asked(show=show), make)

    def network(self, asked: Asked) -> NetworkView:
        """Return the network that is asked for."""
        return self._kept("network", asked, lambda whole: self._network(whole, asked))

    def map(self, asked: Asked) -> MapView:
        """Return the map that is asked for."""
        return self._kept("map", asked, lambda whole: self._map(whole, asked))

    def timeline(self, asked: Asked) -> TimelineView:
        """Return the timeline that is asked for, without names."""

        def make(whole: Whole) -> TimelineView:
            found, undated = items(whole, asked)
            return TimelineView(tuple(found), undated)

        return self._kept("timeline", asked, make)

    def chart(self, shown: Sequence[Item], asked: Asked) -> tuple[Chart, Mapping[str, Name]]:
        """Return the drawing of a part of the timeline, and the whole names of what is in it."""
        names = self.item_names(shown)
        parties = [party for item in shown for party in item.parties]
        shorter = {**names, **self._short_names(parties)}
        labels = {item.iri: _item_name(item, shorter) for item in shown}
        return chart(shown, labels, since=asked.since, until=asked.until), names

    def item_names(self, shown: Sequence[Item]) -> dict[str, Name]:
        """Return what things of the timeline and those whom they tie are called, and statuses."""
        parties = [party for item in shown for party in item.parties]
        states = [item.state.status for item in shown]
        names = self.names([*(item.iri for item in shown), *parties, *states])
        unnamed = self.site.addresses().short
        for item in shown:  # what has no name is known by its place in the article's file
            if names[item.iri].text == unnamed(item.iri):
                names[item.iri] = Name(words(item.iri))
        return {**names, **{item.iri: _item_name(item, names) for item in shown}}

    def _kept(self, view: str, asked: Asked, make: Callable[[Whole], T]) -> T:
        """Return a view that was made for this release, language and question, or make it."""
        key = self.site.current().id, language(), view, asked
        return self._made.get(key, lambda: make(self.whole()))

    def _short_names(self, iris: Iterable[str]) -> dict[str, Name]:
        these = sorted(set(iris))
        found: dict[str, Name] = {}
        for start in range(0, len(these), _AT_ONCE):
            found |= short_names_of(self.site, these[start : start + _AT_ONCE])
        return found

    def _options(self, whole: Whole) -> Options:
        countries = {iri for those in whole.countries.values() for iri in those}
        by_size = sorted(whole.members, key=lambda iri: (-len(whole.members[iri]), iri))
        names = self.names([*countries, *by_size[:MOST_OPTIONS]])

        def listed(iris: Iterable[str]) -> tuple[tuple[str, Name], ...]:
            named = ((iri, names[iri]) for iri in iris)
            return tuple(sorted(named, key=lambda one: (one[1].text.casefold(), one[0])))

        return Options(listed(countries), listed(by_size[:MOST_OPTIONS]))

    def _network(self, whole: Whole, asked: Asked) -> NetworkView:
        found = networks.network(whole, asked)
        shown = [node.iri for node in found.nodes]
        countries = [iri for node in shown for iri in whole.countries.get(node, ())]
        names = self.names([*shown, *countries])
        short = self._short_names(shown)
        return NetworkView(found, names, short, drawing(found, names, short))

    def _map(self, whole: Whole, asked: Asked) -> MapView:
        here, nowhere = places(whole, asked)
        countries = {one.spot.country for one in here} - {""}
        listed = [thing for one in here for thing in one.organisations[:MOST_LISTED]]
        names = self.names([*(one.iri for one in here), *countries, *listed])
        if self.world is None:
            return MapView(tuple(here), names, (), frozenset(), nowhere, 0)
        of_countries = self._all_names(countries)
        circles, lost = markers(self.world, here, of_countries)
        tinted = {
            found.code
            for iri in countries
            if (found := country(self.world, of_countries.get(iri, ())))
        }
        return MapView(tuple(here), names, tuple(circles), frozenset(tinted), nowhere, lost)

    def _all_names(self, iris: Iterable[str]) -> dict[str, list[str]]:
        """Return all names of countries; there are some hundred at most."""
        these = " ".join(f"<{iri}>" for iri in sorted(iris))
        found: dict[str, list[str]] = {}
        for row in kept(self.site, "names", these=these) if these else ():
            found.setdefault(row["thing"][1], []).append(row["name"][1])
        return found


def _item_name(item: Item, names: Mapping[str, Name]) -> Name:
    """Return the name of an event; of a fact, whom it ties."""
    if item.state.lane == "Event" or not item.parties:
        return names[item.iri]
    parties = [names[party].text for party in item.parties]
    tongues = {names[party].language for party in item.parties}
    spoken = tongues.pop() if len(tongues) == 1 else ""
    if item.state.lane == "Membership" and len(parties) == 2:
        return Name(_("%(member)s in %(whole)s", member=parties[0], whole=parties[1]), "")
    return Name(" – ".join(parties), spoken)
