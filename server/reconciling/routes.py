"""The routes of the reconciliation service."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from server.problems import Problem
from server.reconciling import asked, suggesting
from server.reconciling.candidates import answers
from server.reconciling.catalogue import Catalogue
from server.reconciling.describing import described
from server.reconciling.extending import PROPOSED, extended, proposed
from server.reconciling.manifest import manifest
from server.reconciling.vocabulary import Term, Vocabulary
from server.responses import as_json
from server.site import Site

_FRAMED = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
_FARTHEST = 10_000  # suggestions that can be skipped


def routes(site: Site) -> Blueprint:
    """Return the routes."""
    blueprint = Blueprint("reconciling", __name__)
    catalogue = Catalogue(site)
    service = _Service(site, catalogue)
    blueprint.add_url_rule("/reconcile", "reconcile", service.reconcile, methods=["GET", "POST"])
    rules: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("suggest/entity", service.suggest_entity),
        ("suggest/type", service.suggest_type),
        ("suggest/property", service.suggest_property),
        ("flyout/entity", service.flyout_entity),
        ("flyout/type", service.flyout_type),
        ("flyout/property", service.flyout_property),
        ("properties", service.properties),
        ("preview", service.preview),
        ("view", service.view),
    )
    for rule, view in rules:
        blueprint.add_url_rule(f"/reconcile/{rule}", view.__name__, view)

    @blueprint.after_request
    def vary(response: Response) -> Response:
        response.vary.update(("Accept-Language", "Cookie"))  # names are in the reader's language
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return blueprint


class _Service:
    """Answers the requests of one site."""

    def __init__(self, site: Site, catalogue: Catalogue) -> None:
        self._site = site
        self._catalogue = catalogue

    def reconcile(self) -> Response:
        """Answer queries or a request for values; without either, say what this service is."""
        given = {**request.args.to_dict(), **request.form.to_dict()}
        wanted = [name for name in ("queries", "query", "extend") if name in given]
        if len(wanted) > 1:
            raise Problem("bad-request", f"{' and '.join(wanted)} cannot be asked together")
        vocabulary = self._catalogue.vocabulary()
        match wanted:
            case ["queries"]:
                queries = asked.batch(given["queries"], vocabulary)
                found = answers(self._site, self._catalogue, queries)
                return as_json({name: {"result": result} for name, result in found.items()})
            case ["query"]:
                query = asked.single(given["query"], vocabulary)
                found = answers(self._site, self._catalogue, {"query": query})
                return as_json({"result": found["query"]})
            case ["extend"]:
                extension = asked.extension(given["extend"], vocabulary)
                return as_json(extended(self._site, vocabulary, extension))
        if request.method == "POST":
            hint = "send a form with queries=… or extend=…"
            raise Problem("bad-request", "nothing is asked for", hint=hint)
        self._catalogue.prepare()  # who reads this is about to ask
        return as_json(self._manifest(vocabulary))

    def _manifest(self, vocabulary: Vocabulary) -> dict[str, Any]:
        root = self._site.endpoints(request.base_url)[-1].rpartition("/")[0]
        try:
            number = version("unipact")
        except PackageNotFoundError:
            number = "0"
        return manifest(root, self._site.current().manifest.base, number, vocabulary)

    def suggest_entity(self) -> Response:
        """Suggest things."""
        vocabulary, wanted = self._catalogue.vocabulary(), request.args.get("type", "")
        type = vocabulary.iri(wanted) if wanted else ""
        if wanted and not type:
            raise Problem("bad-request", "there is no such type", where={"in": "type"})
        prefix, skip = _prefix(), _skipped()
        found = suggesting.entities(self._site, vocabulary, prefix, type=type, skip=skip)
        return as_json({"result": found})

    def suggest_type(self) -> Response:
        """Suggest types."""
        vocabulary = self._catalogue.vocabulary()
        return as_json({"result": suggesting.types(vocabulary, _prefix(), skip=_skipped())})

    def suggest_property(self) -> Response:
        """Suggest properties."""
        vocabulary = self._catalogue.vocabulary()
        return as_json({"result": suggesting.properties(vocabulary, _prefix(), skip=_skipped())})

    def flyout_entity(self) -> Response:
        """Tell of a thing in a few lines of HTML."""
        return as_json({"id": _id(), "html": self._told("flyout.html", _id())})

    def flyout_type(self) -> Response:
        """Tell of a type in a few lines of HTML."""
        return self._term(self._catalogue.vocabulary().classes)

    def flyout_property(self) -> Response:
        """Tell of a property in a few lines of HTML."""
        return self._term(self._catalogue.vocabulary().properties)

    def properties(self) -> Response:
        """Propose properties whose values can be asked for."""
        vocabulary, wanted = self._catalogue.vocabulary(), request.args.get("type", "")
        type = vocabulary.iri(wanted) if wanted else ""
        if wanted and not type:
            raise Problem("bad-request", "there is no such type", where={"in": "type"})
        limit = _number("limit", PROPOSED, most=500)
        found = proposed(self._site, vocabulary, type, limit)
        shown: dict[str, Any] = {"properties": found, "limit": limit}
        return as_json(shown | ({"type": wanted} if wanted else {}))

    def preview(self) -> Response:
        """Show a thing in a small page for a frame on any site; it has no scripts."""
        response = Response(
            self._told("preview.html", _id()), content_type="text/html; charset=utf-8"
        )
        response.headers["Content-Security-Policy"] = _FRAMED
        return response

    def view(self) -> Response:
        """Lead to a thing's page on this server."""
        iri = _id()
        path = self._site.addresses().path(iri)
        if path is None:
            if not self._known(iri):
                raise _missing()
            path = iri
        return redirect(path, 303)  # type: ignore[return-value]

    def _known(self, iri: str) -> bool:
        told = described(self._site, [iri])[iri]
        return bool(told.names or told.classes)

    def _told(self, template: str, iri: str) -> str:
        told = described(self._site, [iri])[iri]
        if not told.names and not told.classes:
            raise _missing()
        line = told.line(self._catalogue.vocabulary())
        return render_template(template, told=told, line=line, text="")

    def _term(self, known: Any) -> Response:
        term: Term | None = known.get(self._catalogue.vocabulary().iri(_id()))
        if term is None:
            raise _missing()
        shown = term.shown()
        told = {"name": shown["name"], "iri": term.iri, "others": []}
        html = render_template("flyout.html", told=told, line="", text=shown.get("description", ""))
        return as_json({"id": _id(), "html": html})


def _missing() -> Problem:
    return Problem("not-found", "nothing has this identifier", where={"in": "id"})


def _id() -> str:
    found = request.args.get("id", "")
    if not found or len(found) > asked.LONGEST:
        detail = f"id is an identifier of at most {asked.LONGEST} characters"
        raise Problem("bad-request", detail, where={"in": "id"})
    return found


def _prefix() -> str:
    found = request.args.get("prefix", "")
    if not found.strip() or len(found) > asked.LONGEST:
        detail = f"prefix is what was typed, at most {asked.LONGEST} characters"
        raise Problem("bad-request", detail, where={"in": "prefix"})
    return found


def _skipped() -> int:
    return _number("cursor", 0, most=_FARTHEST, least=0)


def _number(name: str, default: int, *, most: int, least: int = 1) -> int:
    written = request.args.get(name, str(default))
    if not (written.isascii() and written.isdigit() and least <= int(written[:9]) <= most):
        detail = f"{name} is a number from {least} to {most:,}"
        raise Problem("bad-request", detail, where={"in": name})
    return int(written)
