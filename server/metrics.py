"""/metrics: what this server counts, for Prometheus.

Every label has a closed or bounded list of values: routes are patterns, never paths, so that no
client can make the list grow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from server.problems import KINDS

OUTCOMES: Final = ("ok", "broken", "left", *KINDS)
"""How a query can end: answered, broken off, its client gone, or a kind of problem."""

KILLS: Final = ("deadline", "left", "memory", "crashed", "moved", "stopped")
"""Why a worker ended: its time was over, its client left, it took too much, it fell over, its query
begins again on another one, or the server ends."""

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")
MOST_ROUTES: Final = 100
OTHER: Final = "other"
UNMATCHED: Final = "unmatched"
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric, as Prometheus and the docs describe it."""

    name: str
    kind: str
    labels: tuple[str, ...]
    help: str

    @property
    def shown(self) -> str:
        """The name under which it is scraped."""
        return f"unipact_{self.name}" + ("_total" if self.kind == "counter" else "")


METRICS: Final = (
    Metric("requests", "counter", ("route", "method", "status"), "Requests answered."),
    Metric(
        "request_seconds",
        "histogram",
        ("route",),
        "Time from a request's arrival to the end of its answer.",
    ),
    Metric("queries", "counter", ("outcome",), "Queries that workers got, by how they ended."),
    Metric("query_seconds", "histogram", ("outcome",), "Time that queries took, waiting included."),
    Metric("cache_lookups", "counter", ("result",), "Looks into the cache of answers."),
    Metric("worker_ends", "counter", ("reason",), "Query workers that ended before their time."),
    Metric("query_pool", "gauge", ("what",), "The pool of query workers, as it stands."),
    Metric("release", "gauge", ("id",), "1 for the release in force."),
    Metric("releases_free_bytes", "gauge", (), "Space left where releases are kept."),
    Metric("access_log_dropped", "gauge", (), "Lines that the access log left out."),
)
_NAMED: Final = {metric.name: metric for metric in METRICS}


class Metrics:
    """Counters and times of one server, in a registry of their own. Any thread may call."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._counter("requests")
        self._request_seconds = self._histogram("request_seconds")
        self._queries = self._counter("queries")
        self._query_seconds = self._histogram("query_seconds")
        self._cache = self._counter("cache_lookups")
        self._kills = self._counter("worker_ends")
        self._routes: set[str] = set()
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._hit, self._miss = self._cache.labels("hit"), self._cache.labels("miss")
        for reason in KILLS:
            self._kills.labels(reason)
        for outcome in OUTCOMES:
            self._queries.labels(outcome)
        self._ended: dict[str, tuple[Counter, Histogram]] = {}
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def request(self, route: str, status: int, seconds: float, *, method: str = "GET") -> None:
        """Count a request. `route` is a pattern such as `/doc/<path:rest>`, never a path."""
        known = self._known.get((route, method, status))
        if known is None:
            known = self._known_request(route, method, status)
        known[0].inc()
        known[1].observe(max(seconds, 0.0))

    def query(self, outcome: str, seconds: float) -> None:
        """Count a query by one of `OUTCOMES`."""
        known = self._ended.get(outcome) or self._known_query(outcome)
        known[0].inc()
        known[1].observe(max(seconds, 0.0))

    def cache(self, hit: bool) -> None:
        """Count a look into the cache of answers."""
        (self._hit if hit else self._miss).inc()

    def kill(self, reason: str) -> None:
        """Count a query worker that ended, by one of `KILLS`."""
        self._kills.labels(reason if reason in KILLS else OTHER).inc()

    def watch(self, name: str, value: Callable[[], float]) -> None:
        """Show a number that is asked for at each scrape; NaN when it cannot be told.

        Raises:
            KeyError: no metric of `METRICS` has this name.
        """

        def told() -> float:
            try:
                return float(value())
            except Exception:  # a scrape shows the other numbers, whatever this one's fault
                return float("nan")

        metric = _NAMED[name]
        Gauge(metric.shown, metric.help, registry=self.registry).set_function(told)

    def watch_each(self, name: str, values: Callable[[], Mapping[str, float]]) -> None:
        """Show several numbers under one name, by the values of its label, which must be few."""
        self.registry.register(_Each(_NAMED[name], values))

    def watch_label(self, name: str, value: Callable[[], str]) -> None:
        """Show what is in force, such as a release, as the label of a gauge that is 1."""
        self.watch_each(name, lambda: {value(): 1.0})

    def exposed(self, accept: str) -> tuple[bytes, str]:
        """Return all numbers and their content type: OpenMetrics to who asks for it, or text."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type

    def _counter(self, name: str) -> Counter:
        metric = _NAMED[name]
        return Counter(metric.shown, metric.help, metric.labels, registry=self.registry)

    def _histogram(self, name: str) -> Histogram:
        metric = _NAMED[name]
        return Histogram(
            metric.shown, metric.help, metric.labels, registry=self.registry, buckets=_SECONDS
        )

    def _known_query(self, outcome: str) -> tuple[Counter, Histogram]:
        outcome = outcome if outcome in OUTCOMES else OTHER
        known = self._queries.labels(outcome), self._query_seconds.labels(outcome)
        self._ended[outcome] = known
        return known

    def _known_request(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        """Return the counters of a kind of request; too many routes share `other`."""
        if len(self._routes) >= MOST_ROUTES and route not in self._routes:
            route = OTHER
        else:
            self._routes.add(route)
        method = method if method in METHODS else OTHER
        shown = str(status) if 100 <= status <= 599 else OTHER
        known = self._requests.labels(route, method, shown), self._request_seconds.labels(route)
        if OTHER not in (route, method, shown):
            self._known[route, method, status] = known
        return known


class _Each(Collector):
    """A gauge of several numbers that are asked for at each scrape."""

    def __init__(self, metric: Metric, values: Callable[[], Mapping[str, float]]) -> None:
        self._metric = metric
        self._values = values

    def describe(self) -> list[GaugeMetricFamily]:
        return [GaugeMetricFamily(self._metric.shown, self._metric.help)]

    def collect(self) -> list[GaugeMetricFamily]:
        try:
            values = self._values()
        except Exception:  # as above: nothing is in force, or it cannot be told
            return []
        metric = self._metric
        family = GaugeMetricFamily(metric.shown, metric.help, labels=metric.labels)
        for name, value in values.items():
            family.add_metric([name], value)
        return [family]


def routes(metrics: Metrics) -> Blueprint:
    """Return the route of the metrics."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def shown() -> Response:
        body, content_type = metrics.exposed(request.headers.get("Accept", ""))
        headers = {"Cache-Control": "no-store", "Vary": "Accept"}
        return Response(body, content_type=content_type, headers=headers)

    return blueprint
