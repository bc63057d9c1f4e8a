"""The home page: what the graph holds, a look at it, questions to ask, how to take and cite it."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response

from kg.prefixes import VOCABULARIES
from server.pages import articles
from server.pages.citing import citation, dataset, licence_name
from server.pages.examples import EXAMPLES
from server.pages.naming import Name, Row, kept, names_of, short_names_of
from server.pages.origin import origin
from server.pages.picture import Picture, picture
from server.responses import page
from server.site import Site

_UP: Final = VOCABULARIES["up"]
_NODES: Final = 15
_LATEST: Final = 5
_LONGEST: Final = 22  # characters of a name in the picture
_WIDTH, _HEIGHT, _SIDE, _TOP = 640, 480, 96, 34  # of the picture and of its margins


@dataclass(frozen=True, slots=True)
class Dot:
    """A node of the picture: `x` and `y` of its middle, its radius, its name whole and short."""

    iri: str
    x: float
    y: float
    radius: float
    name: Name
    short: Name
    alliance: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many things have a reality, and where its part of the bar lies (percent)."""

    key: str
    things: int
    start: float
    width: float


@dataclass(slots=True)
class _Pictures:
    """The picture of the release in force; it is arranged once."""

    _made: tuple[Sequence[Row], Picture] = ((), Picture((), ()))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, rows: Sequence[Row]) -> Picture:
        """Return the picture of the rows of the query `ties`."""
        with self._lock:
            if self._made[0] != rows:
                ties = [(row["one"][1], row["other"][1], row["tie"][1]) for row in rows]
                self._made = rows, picture(ties, most=_NODES)
            return self._made[1]


def routes(site: Site) -> Blueprint:
    """Return the route of the home page."""
    blueprint = Blueprint("home", __name__)
    pictures = _Pictures()

    @blueprint.get("/")
    def home() -> Response:
        release = site.current()
        whole = site.releases.latest_complete() if release.manifest.pending else release
        ties = kept(site, "ties")
        drawn = pictures.of(ties)
        joined = {row["other"][1] for row in ties if row["tie"][1] == f"{_UP}memberOf"}
        dots = _dots(site, drawn, joined)
        places = {dot.iri: dot for dot in dots}
        return page(
            "home.html",
            examples=EXAMPLES,
            kinds=_kinds(site),
            shares=_shares(site),
            dots=dots,
            lines=[(places[one], places[other], what) for one, other, what in drawn.ties],
            articles=articles.latest(site, size=_LATEST),
            citation=citation(release, address=f"{origin(site)}/releases/{release.id}"),
            dataset=dataset(site, whole),
            licence=licence_name(release.manifest.licence),
            all_of=all_of,
        )

    return blueprint


def all_of(kind: str) -> str:
    """Return the address of a query for all things of a kind, with their names."""
    query = (
        f"PREFIX up: <{_UP}>\nPREFIX rdfs: <{VOCABULARIES['rdfs']}>\n\n"
        f"SELECT ?thing (SAMPLE(?label) AS ?name) WHERE {{\n  ?thing a up:{kind} .\n"
        '  OPTIONAL { ?thing rdfs:label ?label FILTER(LANG(?label) = "en") }\n}\n'
        "GROUP BY ?thing\nORDER BY ?name ?thing"
    )
    return "/sparql?" + urlencode({"query": query})


def _kinds(site: Site) -> dict[str, int]:
    """Return how many things there are of each kind, by the local name of its class."""
    rows = kept(site, "kinds")
    return {row["class"][1].removeprefix(_UP): int(row["things"][1]) for row in rows}


def _shares(site: Site) -> list[Share]:
    """Return how statements divide by reality; nothing when there are none."""
    counted = {
        row["reality"][1].rpartition("/")[2]: int(row["things"][1])
        for row in kept(site, "realities")
    }
    shares, start, total = [], 0.0, sum(counted.values())
    for key in ("actual", "prospective", "unreal"):
        if things := counted.get(key, 0):
            width = round(100 * things / total, 2)
            shares.append(Share(key, things, round(start, 2), width))
            start += width
    return shares


def _dots(site: Site, drawn: Picture, joined: Collection[str]) -> list[Dot]:
    """Place the nodes; `joined` are those that others are members of."""
    if len(drawn.nodes) < 2:
        return []
    names = names_of(site, (node.name for node in drawn.nodes))
    shorter = short_names_of(site, names)
    most = max(node.ties for node in drawn.nodes)
    dots = []
    for node in drawn.nodes:
        name = names.get(node.name, Name(site.addresses().short(node.name)))
        dots.append(
            Dot(
                iri=node.name,
                x=round(_SIDE + node.x / 100 * (_WIDTH - 2 * _SIDE), 1),
                y=round(_TOP + node.y / 100 * (_HEIGHT - 2 * _TOP), 1),
                radius=round(5 + 8 * (node.ties / most) ** 0.5, 1),
                name=name,
                short=shorter.get(node.name) or Name(_short(name.text), name.language),
                alliance=node.name in joined,
            )
        )
    return dots


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip(" ,.-") + "…"
