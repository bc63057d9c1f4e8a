"""/docs: how programs ask, made of the OpenAPI document, with an example of each request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response

from server.openapi.document import document
from server.pages.origin import origin
from server.responses import page
from server.site import Site

# What stands in an example for a part of a path or a parameter.
_SAMPLES: Final = {
    "room": "doc", "rest": "spbpu", "name": "latest", "file": "unipact.ttl", "suffix": "ttl",
    "filename": "site.css", "query": "SELECT ?s { ?s a ?class } LIMIT 3", "q": "silk road",
    "graph": "https://w3id.org/unipact/graph/authority", "to": "ru", "number": "1", "kind": "class",
}  # fmt: skip
_OTHERS: Final = {  # for single routes
    "/ontology/{name}": {"name": "University"},
    "/releases/{name}/diff": {"graph": ""},
    "/sparql/completions": {"q": "uni"},
}
# Topic → how the paths of its routes begin; the first topic that fits has a route. Writes are
# known by the token that they need.
_TOPICS: Final = {
    "ask": ("/sparql", "/store"),
    "look": ("/id", "/{room}", "/ontology", "/search", "/articles", "/entity"),
    "explore": ("/explore", "/network", "/map", "/timeline"),
    "link": ("/reconcile", "/links", "/link"),
    "take": ("/download", "/releases", "/.well-known"),
    "write": (),
    "watch": ("/health", "/metrics"),
    "others": ("",),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, what it means, and in which formats what is answered comes."""

    status: str
    meaning: str
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one route, as the page shows it; `{here}` in the example is this server."""

    key: str
    method: str
    path: str
    summary: str
    parameters: tuple[Mapping[str, Any], ...]
    bodies: tuple[str, ...]
    scope: str
    answers: tuple[Answer, ...]
    example: str


def routes(site: Site) -> Blueprint:
    """Return the route of the page."""
    blueprint = Blueprint("apidocs", __name__)

    @blueprint.get("/docs")
    def docs() -> Response:
        return page("docs.html", topics=topics(), here=origin(site))

    return blueprint


@cache
def topics() -> Mapping[str, tuple[Route, ...]]:
    """Return the routes by topic, each once; topics without any are left out."""
    found: dict[str, list[Route]] = {topic: [] for topic in _TOPICS}
    for route in _read(document()):
        found[_topic(route)].append(route)
    return {topic: tuple(these) for topic, these in found.items() if these}


def _read(described: Mapping[str, Any]) -> Iterator[Route]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            bodies = tuple(operation.get("requestBody", {}).get("content", ()))
            scope = _scope(operation)
            yield Route(
                key=operation["operationId"],
                method=method.upper(),
                path=path,
                summary=operation["summary"],
                parameters=tuple(operation["parameters"]),
                bodies=bodies,
                scope=scope,
                answers=tuple(_answers(operation, described)),
                example=_example(path, method, operation, bodies=bodies, scope=scope),
            )


def _topic(route: Route) -> str:
    if route.scope:
        return "write"
    return next(
        topic
        for topic, beginnings in _TOPICS.items()
        if any(route.path.startswith(beginning) for beginning in beginnings)
    )


def _scope(operation: Mapping[str, Any]) -> str:
    """Return the scope that a request must have; "" when some need none."""
    security = operation.get("security", [{}])
    return "" if {} in security else ", ".join(security[0].get("token", ()))


def _answers(operation: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[Answer]:
    for status, answer in operation["responses"].items():
        if "$ref" in answer:
            name = answer["$ref"].rpartition("/")[2]
            answer = described["components"]["responses"][name]
            yield Answer(status, answer["description"], ())
        else:
            yield Answer(status, answer["description"], tuple(answer.get("content", ())))


def _example(
    path: str, method: str, operation: Mapping[str, Any], *, bodies: tuple[str, ...], scope: str
) -> str:
    samples = {**_SAMPLES, **_OTHERS.get(path, {})}
    for name, value in samples.items():
        path = path.replace(f"{{{name}}}", value)
    words = ["curl"] if method in ("get", "post") else ["curl", "-X", method.upper()]
    if method == "post" and not bodies:
        words += ["-X", "POST"]
    asked = {
        one["name"]: samples[one["name"]]
        for one in operation["parameters"]
        if one["in"] == "query" and samples.get(one["name"])
    }
    words.append(f"'{{here}}{path}{'?' + urlencode(asked) if asked else ''}'")
    formats = operation["responses"].get("200", {}).get("content", ())
    best = [one for one in formats if "*" not in one and one != "text/html"]
    if best:
        words += ["-H", f"'Accept: {best[0]}'"]
    if scope:
        words += ["-H", '"Authorization: Bearer $TOKEN"']
    if bodies:
        plain = [one for one in bodies if one != "application/x-www-form-urlencoded"]
        words += ["-H", f"'Content-Type: {(plain or bodies)[0]}'", "--data-binary", "@body"]
    return " ".join(words)
