"""Pages with one island each, as a server would write them, and the JSON that islands ask for."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from server.assets import Assets, routes
from server.responses import STANDING
from server.world import World

STYLE = Path(__file__).resolve().parents[2] / "server" / "static" / "site.css"
UP = "https://w3id.org/unipact/ontology#"
ID = "https://w3id.org/unipact/id/"
EVIL = '<img src=x onerror="document.title=1">\u202e'
HITS = [
    {"iri": f"{ID}lodz", "label": "Politechnika Łódzka", "language": "pl", "page": "/doc/lodz",
     "classes": [f"{UP}University"]},
    {"iri": f"{ID}xjtu", "label": "西安交通大学", "language": "zh", "page": "/doc/xjtu",
     "classes": [f"{UP}University"]},
    {"iri": f"{ID}evil", "label": EVIL, "language": "en", "page": "/doc/evil", "classes": []},
]  # fmt: skip
COMPLETIONS = {
    "prefix": [{"prefix": "up", "iri": UP}, {"prefix": "id", "iri": ID}],
    "class": [
        {"iri": f"{UP}Alliance", "label": "alliance"},
        {"iri": f"{UP}University", "label": "university"},
    ],
    "property": [{"iri": f"{UP}memberOf", "label": "member of"}],
}
ROWS = {
    "head": {"vars": ["who", "name"]},
    "results": {
        "bindings": [
            {
                "who": {"type": "uri", "value": f"{ID}lodz"},
                "name": {"type": "literal", "value": EVIL, "xml:lang": "en"},
            }
        ]
    },
}
PROBLEM = {
    "type": "/problems#syntax",
    "title": "Not a SPARQL query",
    "status": 400,
    "detail": "line 2, column 3: y is no word of SPARQL",
    "where": {"line": 2, "column": 3},
}
ARTICLE = """<div data-article><p class="text">At first
<mark data-facts="a" data-passages="p1" id="passage-p1">as an </mark><mark data-facts="a b"
data-passages="p1 p2" id="passage-p2">observer</mark><mark data-facts="b" data-passages="p2"> of the
board</mark>, then <mark data-facts="c" data-passages="p3" id="passage-p3">a portal</mark>.</p>
<ul><li data-fact="a" id="fact-a">observer</li><li data-fact="b" id="fact-b">board <button
data-shows hidden>Show</button></li><li data-fact="c" id="fact-c">portal</li></ul></div>"""
TABLE = """<input type="search" aria-label="Filter" data-filters="t" hidden>
<p data-filtered="t"></p>
<table data-sortable id="t"><thead><tr><th scope="col">Name</th><th scope="col">Count</th></tr>
</thead>
<tbody><tr><td>Łódź</td><td>1,200</td></tr><tr><td>Zagreb</td><td>7</td></tr>
<tr><td>Ärzte</td><td></td></tr></tbody></table>
<button hidden data-copy="https://example.org/x">Copy IRI</button>"""
TIMELINE = """<form data-view="tl"><label><input type="checkbox" name="kind" value="event">events
</label><label>from <input name="from" type="number"></label></form><p data-shown="tl"></p>
<figure class="zoomable"><svg data-timeline id="tl" viewBox="0 0 900 100" role="group"
aria-label="Timeline" tabindex="0">
<g data-in="tl" data-kind="event" data-from="2012" data-to="2012"><title>Summit</title><rect x="100"
y="10" width="50" height="20"/></g>
<g data-in="tl" data-kind="agreement" data-from="2020" data-to=""><title>Deal</title><rect x="800"
y="40" width="50" height="20"/></g></svg></figure>"""
NETWORK = """<form data-view="net"><label><input type="checkbox" name="kind" value="member" checked>
members</label><label><input type="checkbox" name="kind" value="agreement" checked>
agreements</label></form><p data-shown="net"></p><figure
data-network id="net" data-src="/network.json">
<svg viewBox="0 0 10 10" width="300"><circle cx="5" cy="5" r="2"/></svg></figure>"""
EDITOR = """<form data-plain-query action="/sparql"><label for="q">Query</label><textarea id="q"
name="query">SELECT * { ?s ?p ?o }</textarea><button>Run</button></form><div data-plain>rows</div>
<div data-sparql data-endpoint="/sparql" data-base="https://w3id.org/unipact/"></div>
<p><a href="/sparql?query=ASK%20%7B%7D">an example</a></p>"""


def create_site() -> Flask:
    """Return the site."""
    app = Flask("pages", static_folder=None)
    assets = Assets.read()
    app.register_blueprint(routes(assets))
    app.after_request(_secure)

    def shown(body: str, *scripts: str) -> str:
        head = assets.head("theme.js", "search.js", "tables.js", *scripts)
        language = html.escape(request.args.get("lang", "en"))
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>t</title>'
            f'<meta name="viewport" content="width=device-width">'
            '<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/site.css">'
            f"{head}</head>"
            '<body><header><form action="/search">'
            '<input type="search" name="q" aria-label="Search" data-suggest="/search"></form>'
            f"<button hidden data-theme-switch></button></header><main>{body}</main></body></html>"
        )

    bodies = {
        "tables": (TABLE,), "article": (ARTICLE, "article.js"), "map": (_map(assets), "map.js"),
        "timeline": (TIMELINE, "timeline.js"), "network": (NETWORK, "network.js"),
        "editor": (EDITOR, "sparql.js"),
    }  # fmt: skip
    routes_of: dict[str, Callable[..., Any]] = {
        "/page/<name>": lambda name: shown(*bodies[name]),
        "/doc/<name>": lambda name: shown(f"<h1>{html.escape(name)}</h1>"),
        "/icon.svg": lambda: Response("<svg/>", mimetype="image/svg+xml"),
        "/site.css": lambda: Response(STYLE.read_text(encoding="utf-8"), mimetype="text/css"),
        "/search": lambda: {"query": request.args["q"], "hits": HITS},
        "/sparql/completions": lambda: {"completions": COMPLETIONS[request.args["kind"]]},
        "/network.json": _network,
        "/sparql": _answer,
    }
    for rule, view in routes_of.items():
        app.add_url_rule(rule, endpoint=rule, view_func=view, methods=["GET", "POST"])
    return app


def _secure(response: Response) -> Response:
    response.headers.update(STANDING)
    return response


def _map(assets: Assets) -> str:
    world = World.read(assets)
    if world is None:
        return ""
    x, y = world.place(19.46, 51.77)
    lands = "".join(f'<path d="{country.path}"/>' for country in world.countries)
    return (
        f'<figure class="zoomable"><svg data-map id="map" role="group" aria-label="Map" '
        f'tabindex="0" viewBox="{" ".join(map(str, world.view_box))}">{lands}<a href="/doc/lodz" '
        f'data-in="map"><title>Łódź</title><circle data-keeps-size cx="{x}" cy="{y}" r="5"/></a>'
        "</svg></figure>"
    )


def _network() -> dict[str, Any]:
    nodes = [
        {"id": name, "label": label, "page": f"/doc/{name}", "kind": "university", "x": x, "y": y}
        for name, label, x, y in (("hub", EVIL, 0, 0), ("east", "东", 1, 0), ("north", "N", 0, 1))
    ]
    edges = [
        {"source": "hub", "target": "east", "kind": "member"},
        {"source": "hub", "target": "north", "kind": "agreement", "reality": "prospective"},
    ]
    return {"nodes": nodes, "edges": edges}


def _answer() -> Response | dict[str, Any]:
    query = request.values["query"]
    if " y " in query:
        response = Response(mimetype="application/problem+json", status=400)
        response.set_data(json.dumps(PROBLEM))
        return response
    return {"head": {}, "boolean": True} if "ASK" in query else ROWS
