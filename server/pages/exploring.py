"""/explore: the network, the map and the timeline; as pages, as data, as pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response

from server.assets import Assets
from server.explore import wording
from server.explore.asked import DEEPEST, Asked
from server.explore.timeline import Item
from server.explore.views import MOST_LISTED, Options, Views
from server.explore.whole import REALITIES, TIES
from server.pages import exploring_files
from server.pages.exploring_common import ITEMS, asked_here, common, groups_of
from server.pages.paging import paging
from server.responses import page
from server.site import Site
from server.world import World

_ROWS: Final = 100  # of a table
_FEW: Final = 12  # of the timeline of the overview
_TIMELINE_TIES: Final = ("agreement", "membership", "partnership")


def routes(site: Site) -> Blueprint:
    """Return the routes of the views."""
    blueprint = Blueprint("exploring", __name__)
    views = Views(site, World.read(Assets.read()))
    for rule, view in (
        ("/explore", overview),
        ("/explore/network", network),
        ("/explore/network.json", exploring_files.network_json),
        ("/explore/network.csv", exploring_files.network_csv),
        ("/explore/network.gexf", exploring_files.network_gexf),
        ("/explore/network.svg", exploring_files.network_svg),
        ("/explore/map", map_of_places),
        ("/explore/map.csv", exploring_files.map_csv),
        ("/explore/map.svg", exploring_files.map_svg),
        ("/explore/timeline", timeline),
        ("/explore/timeline.csv", exploring_files.timeline_csv),
        ("/explore/timeline.svg", exploring_files.timeline_svg),
    ):
        blueprint.add_url_rule(rule, view.__name__, _bound(view, views))
    return blueprint


def _bound(view: Callable[[Views], Response], views: Views) -> Callable[[], Response]:
    def bound() -> Response:
        return view(views)

    return bound


def overview(views: Views) -> Response:
    """Show the three views in small."""
    whole = Asked()
    some = views.timeline(whole)
    drawn, names = views.chart(_telling(some.items), whole)
    return page(
        "explore.html",
        **common(views, whole),
        network=views.network(whole),
        map=views.map(whole),
        world=views.world,
        timeline=some,
        chart=drawn,
        names=names,
    )


def _telling(items: Sequence[Item]) -> list[Item]:
    """Return some items: the latest of each lane, so that each kind is seen."""
    lanes: dict[str, list[Item]] = {}
    for item in items:
        lanes.setdefault(item.state.lane, []).append(item)
    chosen = {item.iri for those in lanes.values() for item in those[-_FEW // len(lanes) :]}
    return [item for item in items if item.iri in chosen]


def network(views: Views) -> Response:
    """Show the network."""
    given = asked_here(views)
    view = views.network(given)
    edges = view.network.edges
    pages = paging(len(edges), size=_ROWS)
    return page(
        "explore_network.html",
        **common(views, given),
        **_form(views, given),
        view=view,
        edges=edges[pages.first_row : pages.end_row],
        paging=pages,
        shows=wording.shows(),
        groups=groups_of(view.drawing.dots),
        depths=range(1, DEEPEST + 1),
        around=_named(views, given.around),
        crowded=views.whole().crowded,
    )


def map_of_places(views: Views) -> Response:
    """Show where organisations are."""
    given = asked_here(views)
    view = views.map(given)
    pages = paging(len(view.here), size=_ROWS)
    return page(
        "explore_map.html",
        **common(views, given),
        **_form(views, replace(given, show="all")),
        view=view,
        world=views.world,
        rows=view.here[pages.first_row : pages.end_row],
        paging=pages,
        listed=MOST_LISTED,
        organisations=len({one for here in view.here for one in here.organisations}),
    )


def timeline(views: Views) -> Response:
    """Show what was when, in pages."""
    given = asked_here(views)
    view = views.timeline(given)
    pages = paging(len(view.items), size=ITEMS)
    shown = view.items[pages.first_row : pages.end_row]
    drawn, names = views.chart(shown, given)
    return page(
        "explore_timeline.html",
        **common(views, given),
        **_form(views, replace(given, show="all"), ties=_TIMELINE_TIES),
        view=view,
        shown=shown,
        chart=drawn,
        names=names,
        paging=pages,
        around=_named(views, given.around),
    )


def _named(views: Views, iri: str) -> tuple[str, Any] | None:
    """Return a thing with its name, if it is asked for."""
    return (iri, views.names([iri])[iri]) if iri else None


def _form(views: Views, given: Asked, *, ties: Sequence[str] = TIES) -> dict[str, Any]:
    options: Options = views.options()
    there = views.kinds(given.show)
    possible = [kind for kind in ties if kind in there or kind in given.ties]
    return {"options": options, "possible": possible, "all_realities": REALITIES}
