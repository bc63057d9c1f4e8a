"""The views as files: tables, pictures, and what scripts and other programs draw."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from flask import Response, render_template, request

from server.explore import files, wording
from server.explore.asked import Asked, brief
from server.explore.drawing import shortened
from server.explore.network import Edge
from server.explore.views import NetworkView, Views
from server.languages import gettext as _
from server.pages.exploring_common import ITEMS, asked_here, common, groups_of
from server.pages.naming import Name
from server.pages.paging import paging
from server.responses import as_json

_STYLE: Final = Path(__file__).parents[1] / "static" / "explore.css"
_LONGEST: Final = 44  # characters of a name in the picture that scripts draw
# The colours of a picture that is taken away; on pages they come from site.css.
_LIGHT: Final = (
    ":root { --card: #fff; --ink: #1d2430; --soft: #56606e; --line: #e3e0d8; --accent: #0b5e57; "
    "--actual: #1b653c; --prospective: #7a5000; --unreal: #8c2f39; --radius: 0; "
    "--sans: sans-serif; }"
)


def network_json(views: Views) -> Response:
    """Return what network.js draws."""
    given = asked_here(views)
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
    content = {"nodes": nodes, "edges": edges, "kinds": kinds, "of": view.network.total}
    return _in_language(as_json(content))


def _label(view: NetworkView, iri: str) -> str:
    """Return a name that does not cover half the picture."""
    short = view.short_names.get(iri)
    return short.text if short else shortened(view.names[iri].text, _LONGEST)


def network_csv(views: Views) -> Response:
    """Return the ties as a table."""
    view = views.network(asked_here(views))
    head = ("one", "one_name", "tie", "two", "two_name", "reality", "from", "to", "facts")
    return _file(files.table(head, (_edge_row(edge, view.names) for edge in view.network.edges)))


def _edge_row(edge: Edge, names: Mapping[str, Name]) -> tuple[str, ...]:
    one, two, facts = names[edge.one].text, names[edge.two].text, " ".join(edge.facts)
    return (edge.one, one, edge.kind, edge.two, two, edge.reality, edge.first, edge.last, facts)


def network_gexf(views: Views) -> Response:
    """Return the network for programs that draw networks."""
    view = views.network(asked_here(views))
    names = {iri: name.text for iri, name in view.names.items()}
    content = files.gexf(view.network, names=names, kinds=wording.ties())
    return _file(content, type="application/gexf+xml; charset=utf-8")


def network_svg(views: Views) -> Response:
    """Return the picture of the network."""
    given = asked_here(views)
    view = views.network(given)
    return _picture(views, given, view=view, groups=groups_of(view.drawing.dots))


def map_csv(views: Views) -> Response:
    """Return the places as a table."""
    view = views.map(asked_here(views))
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
    given = asked_here(views)
    return _picture(views, given, view=views.map(given), world=views.world)


def timeline_csv(views: Views) -> Response:
    """Return what was when, as a table."""
    view = views.timeline(asked_here(views))
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
    given = asked_here(views)
    view = views.timeline(given)
    pages = paging(len(view.items), size=ITEMS)
    drawn, names = views.chart(view.items[pages.first_row : pages.end_row], given)
    return _picture(views, given, chart=drawn, names=names, height=drawn.height)


def _file(
    content: str | bytes, *, type: str = "text/csv; charset=utf-8; header=present"
) -> Response:
    response = Response(content, content_type=type)
    name = request.path.rpartition("/")[2]
    response.headers["Content-Disposition"] = f'attachment; filename="unipact-{name}"'
    return _in_language(response)


def _in_language(response: Response) -> Response:
    """Tell caches that names come in the reader's language."""
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def _picture(views: Views, given: Asked, **values: Any) -> Response:
    """Return a picture by itself, which brings its colours with it."""
    name = request.path.rpartition("/")[2].removesuffix(".svg")
    text = render_template(
        f"explore_{name}.svg",
        **common(views, given),
        **values,
        source=_("UniPact, release %(id)s", id=views.site.current().id),
    )
    style = f"<style>{_LIGHT}\n{_STYLE.read_text(encoding='utf-8').partition('.tabs')[0]}</style>"
    return _file(
        files.xml_text(text).strip().replace("</desc>", f"</desc>{style}", 1) + "\n",
        type="image/svg+xml; charset=utf-8",
    )
