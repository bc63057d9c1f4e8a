"""Content negotiation: RFC 9110 section 12.5.1, and `?format=` which wins over it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from server.problems import Problem


@dataclass(frozen=True, slots=True)
class Media:
    """A format that can be given: its short name, its media type, others that mean the same."""

    name: str
    type: str
    aliases: tuple[str, ...] = ()
    suffix: str = ""

    @property
    def content_type(self) -> str:
        """The value of Content-Type; text is always UTF-8."""
        return f"{self.type}; charset=utf-8" if self.type.startswith("text/") else self.type


JSON: Final = Media("json", "application/sparql-results+json", ("application/json",), "srj")
XML: Final = Media("xml", "application/sparql-results+xml", ("application/xml", "text/xml"), "srx")
CSV: Final = Media("csv", "text/csv", (), "csv")
TSV: Final = Media("tsv", "text/tab-separated-values", (), "tsv")
TURTLE: Final = Media("turtle", "text/turtle", ("application/x-turtle",), "ttl")
N_TRIPLES: Final = Media("ntriples", "application/n-triples", ("text/plain",), "nt")
JSON_LD: Final = Media("jsonld", "application/ld+json", ("application/json",), "jsonld")
RDF_XML: Final = Media("rdfxml", "application/rdf+xml", ("application/xml", "text/xml"), "rdf")
TRIG: Final = Media("trig", "application/trig", ("application/x-trig",), "trig")
N_QUADS: Final = Media("nquads", "application/n-quads", ("text/x-nquads",), "nq")
HTML: Final = Media("html", "text/html", ("application/xhtml+xml",), "html")
PLAIN_JSON: Final = Media("json", "application/json", (), "json")

RESULTS: Final = (JSON, XML, CSV, TSV)
GRAPHS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)

_RANGE: Final = re.compile(r"\s*([\w!#$&^.+*-]+/[\w!#$&^.+*-]+)\s*((?:;[^;]*)*)\s*")
_QUALITY: Final = re.compile(r";\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?=;|$)")


def accepted(header: str) -> tuple[tuple[str, float], ...]:
    """Read an Accept header into media ranges and weights; unreadable parts are passed over.

    A header without any readable range counts as `*/*`, as its absence does.

    >>> accepted("text/turtle, */*;q=0.1")
    (('text/turtle', 1.0), ('*/*', 0.1))
    """
    ranges: list[tuple[str, float]] = []
    for part in header.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            continue
        quality = _QUALITY.search(match[2])
        ranges.append((match[1].lower(), float(quality[1]) if quality else 1.0))
    return tuple(ranges) or (("*/*", 1.0),)


def choose(offers: Sequence[Media], accept: str, *, format: str = "") -> Media:
    """Return the offer that the client likes best; among equals the first.

    `format` is a name, suffix or media type and wins over `accept`. The result's type is the
    alias that the client named, when it named one.

    Raises:
        Problem: no offer is acceptable (406).
    """
    if format:
        return _named(offers, format)
    ranges = accepted(accept)
    best, best_weight = None, 0.0
    for offer in offers:
        for media_type in (offer.type, *offer.aliases):
            weight = _weight(media_type, ranges)
            if media_type != offer.type and (media_type, weight) not in ranges:
                continue  # an alias is given only to who names it
            if weight > best_weight:
                best, best_weight = replace(offer, type=media_type), weight
    if best is None:
        raise _not_acceptable(offers, f"none of these formats can be given: {accept[:200]}")
    return best


def _named(offers: Sequence[Media], format: str) -> Media:
    wanted = format.strip().lower().replace(" ", "+")  # a bare + in a query string is a blank
    for offer in offers:
        if wanted in (offer.name, offer.suffix, offer.type):
            return offer
        if wanted in offer.aliases:
            return replace(offer, type=wanted)
    raise _not_acceptable(offers, f"there is no format {format[:100]!r} for this answer")


def _weight(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the weight that the most specific range gives to a media type; 0 for none."""
    main = media_type.partition("/")[0]
    for pattern in (media_type, f"{main}/*", "*/*"):
        weights = [weight for media_range, weight in ranges if media_range == pattern]
        if weights:
            return max(weights)
    return 0.0


def _not_acceptable(offers: Sequence[Media], detail: str) -> Problem:
    names = ", ".join(f"{offer.name} ({offer.type})" for offer in offers)
    return Problem("not-acceptable", detail, hint=f"ask for one of: {names}")
