"""/sparql/completions: the classes, properties and prefixes that the editor completes from."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import pyoxigraph
from flask import Blueprint, Response, request

from kg.folding import fold
from kg.prefixes import VOCABULARIES
from kg.releases import Release
from server.addresses import words
from server.languages import best, language
from server.pages.naming import Row, kept
from server.problems import Problem
from server.responses import as_json
from server.site import Site

KINDS: Final = ("class", "property", "prefix")
MOST: Final = 500  # completions of one answer
_LONGEST: Final = 200  # characters of q
_VOID: Final = VOCABULARIES["void"]
_LOCAL: Final = re.compile(r"[^#/]*\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property and its labels, each with its language."""

    iri: str
    labels: tuple[tuple[str, str], ...]

    def label(self, wanted: str) -> str:
        """Return what it is called in a language, "" when it has no label."""
        return best(self.labels, wanted)

    def rank(self, sought: str, wanted: str) -> int:
        """Return how well it fits folded words: 0 is best, 4 not at all."""
        found = _LOCAL.search(self.iri)
        local = found[0] if found else ""
        whole, label = fold(local), fold(self.label(wanted))
        if sought in (whole, label):
            return 0
        if whole.startswith(sought) or label.startswith(sought):
            return 1
        if any(f" {text}".find(f" {sought}") >= 0 for text in (fold(words(local)), label)):
            return 2
        return 3 if sought in whole or sought in label else 4


@dataclass(slots=True)
class _Vocabulary:
    """The terms of the release in force, by kind; they are read once."""

    site: Site
    _known: tuple[str, Mapping[str, tuple[Term, ...]]] = ("", MappingProxyType({}))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, kind: str) -> tuple[Term, ...]:
        release = self.site.current()
        with self._lock:
            if self._known[0] != release.id:
                self._known = release.id, _terms(kept(self.site, "vocabulary"), used(release))
            return self._known[1][kind]


def routes(site: Site) -> Blueprint:
    """Return the route of the completions."""
    blueprint = Blueprint("completions", __name__)
    vocabulary = _Vocabulary(site)

    @blueprint.get("/sparql/completions")
    def completions() -> Response:
        kind, sought = request.args.get("kind", ""), request.args.get("q", "")
        if kind not in KINDS:
            hint = f"kind takes one of: {', '.join(KINDS)}"
            raise Problem("bad-request", "no such kind", where={"in": "kind"}, hint=hint)
        if len(sought) > _LONGEST:
            detail = f"q is longer than {_LONGEST} characters"
            raise Problem("bad-request", detail, where={"in": "q"})
        found = (
            _prefixes(site.prefixes(), sought) if kind == "prefix"
            else _matching(vocabulary.of(kind), fold(sought), language())
        )  # fmt: skip
        response = as_json(
            {"completions": found[:MOST], **({"more": True} if len(found) > MOST else {})}
        )
        response.vary.update(("Accept-Language", "Cookie"))
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
        return response

    return blueprint


def used(release: Release) -> dict[str, list[str]]:
    """Return the classes and properties that a release uses, as its description counts them."""
    found: dict[str, list[str]] = {"class": [], "property": []}
    try:
        for triple in pyoxigraph.parse(
            path=release.description, format=pyoxigraph.RdfFormat.TURTLE
        ):
            name = triple.predicate.value.removeprefix(_VOID)
            if name in found and isinstance(triple.object, pyoxigraph.NamedNode):
                found[name].append(triple.object.value)
    except (OSError, SyntaxError):
        return {"class": [], "property": []}
    return found


def _terms(
    rows: Iterable[Row], used: Mapping[str, Iterable[str]]
) -> Mapping[str, tuple[Term, ...]]:
    labels: dict[str, dict[str, list[tuple[str, str]]]] = {
        kind: {iri: [] for iri in iris} for kind, iris in used.items()
    }
    for row in rows:
        kind = "class" if row["kind"][1].endswith("Class") else "property"
        of_term = labels[kind].setdefault(row["term"][1], [])
        if "label" in row:
            of_term.append((row["label"][1], row["label"][3]))
    return {
        kind: tuple(Term(iri, tuple(names)) for iri, names in sorted(terms.items()))
        for kind, terms in labels.items()
    }


def _matching(terms: Iterable[Term], sought: str, wanted: str) -> list[dict[str, Any]]:
    ranked = [(term.rank(sought, wanted) if sought else 0, term) for term in terms]
    fitting = sorted((one for one in ranked if one[0] < 4), key=lambda one: (one[0], one[1].iri))
    return [_told(term, wanted) for __, term in fitting]


def _told(term: Term, wanted: str) -> dict[str, Any]:
    label = term.label(wanted)
    return {"iri": term.iri, "label": label} if label else {"iri": term.iri}


def _prefixes(known: Mapping[str, str], sought: str) -> list[dict[str, Any]]:
    return [
        {"prefix": prefix, "iri": iri}
        for prefix, iri in known.items()
        if prefix.startswith(sought.lower().rstrip(":"))
    ]
