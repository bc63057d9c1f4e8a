"""What cannot all be true: ends before begins, done before told, things inside themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Final

from kg.articles.declarations import Declarations, Declared
from kg.articles.documents import Node, Scalar
from kg.articles.reading import Reading
from kg.articles.references import References
from kg.articles.values import DateValue
from kg.errors import BadDate, BadValue

CIRCLE_FREE: Final = ("superEvent", "partOf", "unitOf", "editionOf", "after", "of")
_OVER: Final = frozenset({"happened", "ended", "signed", "sent", "received"})
_BEGUN: Final = _OVER | {"in-force", "ongoing"}
_AHEAD: Final = frozenset({"planned", "proposed", "considered", "in-preparation", "invited"})
_Dates = Mapping[str, Mapping[str, DateValue]]


def check_consistency(
    reading: Reading,
    declared: Declarations,
    references: References,
    dates: _Dates,
    published: date,
) -> None:
    """Note contradictions inside an article; only what is certain is an error."""
    checker = _Checker(reading, declared, references, dates, published)
    for node in declared.nodes.values():
        checker.check_order(node)
        checker.check_publication(node)
    for key in CIRCLE_FREE:
        checker.check_circles(key)


@dataclass(slots=True)
class _Checker:
    reading: Reading
    declared: Declarations
    references: References
    dates: _Dates
    published: date

    def check_order(self, node: Declared) -> None:
        begin, end = self._bound(node, "begin", last=False), self._bound(node, "end", last=True)
        if begin and end and end < begin:
            at = _property(node, "end")
            what = f"{node.owner} ends ({end}) before it begins ({begin})"
            self.reading.error(BadDate, at, what)

    def check_publication(self, node: Declared) -> None:
        """What has happened is not dated after the article; what is planned hardly before it."""
        as_of = self._bound(node, "asOf", last=False)
        if as_of and as_of > self.published:
            what = f"{node.owner}: asOf lies after {self.published}, the article's day"
            self.reading.error(BadDate, _property(node, "asOf"), what)
        status = self._status(node)
        for key in ("when", "begin", "end"):
            earliest, latest = self._bound(node, key, last=False), self._bound(node, key, last=True)
            over = _OVER if key != "begin" else _BEGUN
            what = f"{node.owner} has the status {status}, but its {key} lies"
            if status in over and earliest and earliest > self.published:
                hint = "the article cannot report what had not happened when it was published"
                what = f"{what} after {self.published}"
                self.reading.error(BadDate, _property(node, key), what, hint=hint)
            if status in _AHEAD and key == "when" and latest and latest < self.published:
                what = f"{what} before {self.published}"
                self.reading.warn(_property(node, key), what, hint="the article's day")

    def _bound(self, node: Declared, key: str, *, last: bool) -> date | None:
        value = self.dates.get(node.key, {}).get(key)
        if value is None or value.bounds is None:
            return None
        return value.bounds.latest if last else value.bounds.earliest

    def _status(self, node: Declared) -> str | None:
        """Return how far a thing or fact got, as written, by default, or as what it is about."""
        for value in node.written("status"):
            return str(value)
        for term in node.classes:
            if term.default_status:
                return term.default_status
            if term.inherits_status_via:
                for value in node.written(term.inherits_status_via):
                    above = self.declared.nodes.get(str(value))
                    if above and above is not node:
                        return next(map(str, above.written("status")), None)
        return None

    # --- circles ---

    def check_circles(self, key: str) -> None:
        """Note that a thing is, in the end, above itself."""
        edges: dict[str, dict[str, Node]] = {}
        for node in self.declared.nodes.values():
            for value in node.written(key):
                if isinstance(value, Scalar):
                    for below in self._subjects(node):
                        edges.setdefault(below, {})[str(value)] = value
        try:
            TopologicalSorter(edges).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1][:0:-1]
            first = circle.index(next(name for name in edges if name in circle))
            circle = circle[first:] + circle[: first + 1]
            what = f"{key} goes round in a circle: {' → '.join(circle)}"
            self.reading.error(BadValue, edges[circle[0]][circle[1]], what)

    def _subjects(self, node: Declared) -> Iterator[str]:
        """Yield what a property is said of: what a description is about, else the node itself."""
        if "Description" not in node.superclasses:
            yield node.key
            return
        for value in node.written("about"):
            if isinstance(value, Scalar):
                yield str(value)


def _property(node: Declared, key: str) -> Node:
    return next((value for value in node.written(key)), node.at)
