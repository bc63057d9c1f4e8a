"""/explore: the network, the map and the timeline; as pages, as data, as pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, render_template, request

from server.assets import Assets
from server.explore import files, wording
from server.explore.asked import DEEPEST, Asked, asked, brief, full
from server.explore.drawing import shortened
from server.explore.network import Edge
from server.explore.timeline import Item
from server.explore.views import MOST_LISTED, NetworkView, Options, Views
from server.explore.whole import BOTH_WAYS, REALITIES, TIES
from server.languages import gettext as _
from server.pages.naming import class_names
from server.pages.paging import Paging, paging
from server.responses import as_json, page
from server.site import Site
from server.world import World

_ROWS: Final = 100  # of a table
_ITEMS: Final = 120  # of a page of the timeline
_LONGEST: Final = 44  # characters of a name in the picture that scripts draw
_FEW: Final = 12  # of the timeline of the overview
_STYLE: Final = Path(__file__).parents[1] / "static" / "explore.css"
# The colours of a picture that is taken away; on pages they come from site.css.
_LIGHT: Final = (
    ":root { --card: #fff; --ink: #1d2430; --soft: #56606e; --line: #e3e0d8; --accent: #0b5e57; "
    "--actual: #1b653c; --prospective: #7a5000; --unreal: #8c2f39; --radius: 0; "
    "--sans: sans-serif; }"
)
_TIMELINE_TIES: Final = ("agreement", "membership", "partnership")


def routes(site: Site) -> Blueprint:
    """Return the routes of the views."""
    blueprint = Blueprint("exploring", __name__)
    views = Views(site, World.read(Assets.read()))
    for rule, view in (
        ("/explore", overview),
        ("/explore/network", network),
        ("/explore/network.json", network_json),
        ("/explore/network.csv", network_csv),
        ("/explore/network.gexf", network_gexf),
        ("/explore/network.svg", network_svg),
        ("/explore/map", map_of_places),
        ("/explore/map.csv", map_csv),
        ("/explore/map.svg", map_svg),
        ("/explore/timeline", timeline),
        ("/explore/timeline.csv", timeline_csv),
        ("/explore/timeline.svg", timeline_svg),
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
        **_words(views, whole),
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
    given = _asked(views)
    view = views.network(given)
    edges = view.network.edges
    pages = paging(len(edges), size=_ROWS)
    return page(
        "explore_network.html",
        **_words(views, given),
        **_form(views, given),
        view=view,
        edges=edges[pages.first_row : pages.end_row],
        paging=pages,
        shows=wording.shows(),
        groups=_groups(view.drawing.dots),
        depths=range(1, DEEPEST + 1),
        around=_named(views, given.around),
        crowded=views.whole().crowded,
    )


def _groups(dots: Iterable[Any]) -> dict[str, str]:
    """Return the colours that are seen, with what they stand for."""
    seen = {dot.node.group for dot in dots}
    return {group: name for group, name in wording.groups().items() if group in seen}


def network_json(views: Views) -> Response:
    """Return what network.js draws."""
    given = _asked(views)
    view, whole, addresses = views.network(given), views.whole(), views.site.addresses()
    words, base = wording.ties(), views.site.current().manifest.base
    nodes = [
        {
            "id": node.iri,
            "label": _label(view, node.iri),
            "x": round(node.x * 1.5, 4),
            "y": node.y,
            "page": addresses.path(node.iri) or "",
            "kind": node.group,
            "size": node.size,
            "class": node.kind,
            "ties": str(node.ties),
            "country": sorted(brief(iri, base) for iri in whole.countries.get(node.iri, ())),
        }
        for node in view.network.nodes
    ]
    edges = [
        {
            "source": edge.one,
            "target": edge.two,
            "kind": edge.kind,
            "label": words[edge.kind],
            "reality": edge.reality,
            "from": edge.first,
            "to": edge.last,
            "facts": list(edge.facts),
        }
        for edge in view.network.edges
    ]
    kinds = {group: {"label": name} for group, name in wording.groups().items()}
    return as_json({"nodes": nodes, "edges": edges, "kinds": kinds, "of": view.network.total})


def _label(view: NetworkView, iri: str) -> str:
    """Return a name that does not cover half the picture."""
    short = view.short_names.get(iri)
    return short.text if short else shortened(view.names[iri].text, _LONGEST)


def network_csv(views: Views) -> Response:
    """Return the ties as a table."""
    view = views.network(_asked(views))
    head = ("one", "one_name", "tie", "two", "two_name", "reality", "from", "to", "facts")
    return _file(files.table(head, (_edge_row(edge, view.names) for edge in view.network.edges)))


def _edge_row(edge: Edge, names: Any) -> tuple[str, ...]:
    one, two, facts = names[edge.one].text, names[edge.two].text, " ".join(edge.facts)
    return (edge.one, one, edge.kind, edge.two, two, edge.reality, edge.first, edge.last, facts)


def network_gexf(views: Views) -> Response:
    """Return the network for programs that draw networks."""
    view = views.network(_asked(views))
    names = {iri: name.text for iri, name in view.names.items()}
    content = files.gexf(view.network, names=names, kinds=wording.ties())
    return _file(content, type="application/gexf+xml; charset=utf-8")


def network_svg(views: Views) -> Response:
    """Return the picture of the network."""
    given = _asked(views)
    view = views.network(given)
    return _picture(views, given, view=view, groups=_groups(view.drawing.dots))


def map_of_places(views: Views) -> Response:
    """Show where organisations are."""
    given = _asked(views)
    view = views.map(given)
    pages = paging(len(view.here), size=_ROWS)
    return page(
        "explore_map.html",
        **_words(views, given),
        **_form(views, replace(given, show="all")),
        view=view,
        world=views.world,
        rows=view.here[pages.first_row : pages.end_row],
        paging=pages,
        listed=MOST_LISTED,
        organisations=len({one for here in view.here for one in here.organisations}),
    )


def map_csv(views: Views) -> Response:
    """Return the places as a table."""
    view = views.map(_asked(views))
    head = ("place", "name", "country", "latitude", "longitude", "organisations", "facts", "which")
    rows = (
        (
            here.iri, view.names[here.iri].text, here.spot.country,
            "" if here.spot.latitude is None else here.spot.latitude,
            "" if here.spot.longitude is None else here.spot.longitude,
            len(here.organisations), here.facts, " ".join(here.organisations),
        )
        for here in view.here
    )  # fmt: skip
    return _file(files.table(head, rows))


def map_svg(views: Views) -> Response:
    """Return the picture of the map."""
    given = _asked(views)
    return _picture(views, given, view=views.map(given), world=views.world)


def timeline(views: Views) -> Response:
    """Show what was when, in pages."""
    given = _asked(views)
    view = views.timeline(given)
    pages = paging(len(view.items), size=_ITEMS)
    shown = view.items[pages.first_row : pages.end_row]
    drawn, names = views.chart(shown, given)
    return page(
        "explore_timeline.html",
        **_words(views, given),
        **_form(views, replace(given, show="all"), ties=_TIMELINE_TIES),
        view=view,
        shown=shown,
        chart=drawn,
        names=names,
        paging=pages,
        around=_named(views, given.around),
    )


def timeline_csv(views: Views) -> Response:
    """Return what was when, as a table."""
    view = views.timeline(_asked(views))
    names = views.item_names(view.items)
    head = ("thing", "name", "kind", "reality", "status", "how", "printed", "edtf", "earliest",
            "latest", "ties")  # fmt: skip
    rows = (
        (
            item.iri, names[item.iri].text, item.state.lane, item.state.reality, item.state.status,
            one.how, one.printed, one.edtf, one.earliest, one.latest, " ".join(item.parties),
        )
        for item in view.items
        for one in item.dates
    )  # fmt: skip
    return _file(files.table(head, rows))


def timeline_svg(views: Views) -> Response:
    """Return the picture of a page of the timeline."""
    given = _asked(views)
    view = views.timeline(given)
    pages: Paging = paging(len(view.items), size=_ITEMS)
    drawn, names = views.chart(view.items[pages.first_row : pages.end_row], given)
    return _picture(views, given, chart=drawn, names=names, height=drawn.height)


def _asked(views: Views) -> Asked:
    return asked(request.args.to_dict(flat=False), base=views.site.current().manifest.base)


def _named(views: Views, iri: str) -> tuple[str, Any] | None:
    """Return a thing with its name, if it is asked for."""
    return (iri, views.names([iri])[iri]) if iri else None


def _words(views: Views, given: Asked) -> dict[str, Any]:
    base = views.site.current().manifest.base
    return {
        "asked": given,
        "query": given.query(base),
        "ties": wording.ties(),
        "realities": wording.realities(),
        "lanes": wording.lanes(),
        "when": wording.when,
        "both_ways": BOTH_WAYS,
        "brief": lambda iri: brief(iri, base),
        "full": lambda text: full(text, base),
        "classes": {iri.rpartition("#")[2]: name for iri, name in class_names(views.site).items()},
        "cut": views.whole().cut,
        "link": lambda **others: _link(given, base, others),
    }


def _link(given: Asked, base: str, others: dict[str, str]) -> str:
    """Return the query string of what is asked, with some of it changed."""
    args = {name: request.args.getlist(name) for name in request.args if name != "page"}
    changed = asked({**args, **{name: [value] for name, value in others.items()}}, base=base)
    return changed.query(base)


def _form(views: Views, given: Asked, *, ties: Sequence[str] = TIES) -> dict[str, Any]:
    options: Options = views.options()
    there = views.kinds(given.show)
    possible = [kind for kind in ties if kind in there or kind in given.ties]
    return {"options": options, "possible": possible, "all_realities": REALITIES}


def _file(
    content: str | bytes, *, type: str = "text/csv; charset=utf-8; header=present"
) -> Response:
    response = Response(content, content_type=type)
    name = request.path.rpartition("/")[2]
    response.headers["Content-Disposition"] = f'attachment; filename="unipact-{name}"'
    return response


def _picture(views: Views, given: Asked, **values: Any) -> Response:
    """Return a picture by itself, which brings its colours with it."""
    name = request.path.rpartition("/")[2].removesuffix(".svg")
    text = render_template(
        f"explore_{name}.svg",
        **_words(views, given),
        **values,
        source=_("UniPact, release %(id)s", id=views.site.current().id),
    )
    style = f"<style>{_LIGHT}\n{_STYLE.read_text(encoding='utf-8').partition('.tabs')[0]}</style>"
    return _file(
        text.strip().replace("</desc>", f"</desc>{style}", 1) + "\n",
        type="image/svg+xml; charset=utf-8",
    )
