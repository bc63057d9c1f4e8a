"""What is noted of each request, for the metrics and the access log: once, at the answer's end.

Whoever ends an answer calls `Observer`: the Flask app for all that goes through it (`attach`), the
gateway for what it answers itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, g, request

from server import metrics as exposition
from server.accesslog import AccessLog, Entry, query_hash
from server.metrics import UNMATCHED, Metrics
from server.problems import by_status

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from server.site import Site

_NOTED: Final = "unipact.noted"


@dataclass(frozen=True, slots=True)
class Observer:
    """Counts and logs requests. Any thread may call; no call waits."""

    metrics: Metrics
    log: AccessLog

    def __call__(self, entry: Entry) -> None:
        """Note one request whose answer has ended."""
        self.metrics.request(entry.route, entry.status, entry.seconds, method=entry.method)
        self.log.write(entry)


def attach(app: Flask, metrics: Metrics, log: AccessLog) -> Observer:
    """Note every request of an app, and serve `/metrics`; the app's `Site` must be there.

    `app.extensions["observer"]` is what is returned, for others to call.
    """
    site: Site = app.extensions["unipact"]
    observer = Observer(metrics, log)
    app.extensions["observer"] = observer
    app.register_blueprint(exposition.routes(metrics))
    app.after_request(_note)
    app.wsgi_app = _Noted(app.wsgi_app, observer, site)  # type: ignore[method-assign,assignment]
    site.service.count_with(metrics)
    metrics.watch_label("release", lambda: site.current().id)
    metrics.watch_each("query_pool", lambda: numbers(site))
    metrics.watch("releases_free_bytes", lambda: shutil.disk_usage(site.releases.root).free)
    metrics.watch("access_log_dropped", lambda: log.dropped)
    return observer


def numbers(site: Site) -> dict[str, float]:
    """Return what the pool says of itself, as far as it is numbers."""
    found = site.pool.status()
    return {name: float(value) for name, value in found.items() if isinstance(value, int | float)}


def note_query(query: str) -> None:
    """Have the log show the hash of a query that the request under way asks."""
    g.query = query_hash(query)


def note_outcome(outcome: str) -> None:
    """Have the log show the kind of problem that the request under way met."""
    g.outcome = outcome


def _note(response: Response) -> Response:
    """Keep what is known only while Flask has the request."""
    rule = request.url_rule
    problem = by_status(response.status_code) if response.status_code >= 400 else ""
    request.environ[_NOTED] = {
        "route": rule.rule if rule else UNMATCHED,
        "query": g.get("query", ""),
        "outcome": g.get("outcome") or problem or "ok",
        "release": response.headers.get("X-Release", ""),
    }
    return response


@dataclass(slots=True)
class _Noted:
    """A WSGI app whose answers are noted when they end."""

    app: WSGIApplication
    observer: Observer
    site: Site

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        began = perf_counter()
        status = 500

        def started(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            return start(line, headers, *rest)

        def ended(count: int, broke: str) -> None:
            noted = {"route": UNMATCHED, **environ.get(_NOTED, {})}
            if broke:
                noted["outcome"] = broke
            peer = environ.get("REMOTE_ADDR", "")
            entry = Entry(
                client=self.site.client(peer, environ.get("HTTP_X_FORWARDED_FOR", "")),
                method=environ["REQUEST_METHOD"],
                status=status,
                bytes=count,
                seconds=perf_counter() - began,
                **noted,
            )
            self.observer(entry)

        try:
            pieces = self.app(environ, started)
        except BaseException:
            ended(0, "internal")
            raise
        return _Pieces(pieces, ended, whole=environ["REQUEST_METHOD"] == "HEAD")


class _Pieces:
    """The pieces of an answer, counted; tells once how it ended."""

    def __init__(
        self, pieces: Iterable[bytes], ended: Callable[[int, str], None], *, whole: bool
    ) -> None:
        self._pieces = pieces
        self._ended: Callable[[int, str], None] | None = ended
        self._count = 0
        self._whole = whole

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._pieces:
                self._count += len(piece)
                yield piece
        except GeneratorExit:
            raise
        except BaseException:
            self._tell("broken")
            raise
        self._whole = True

    def close(self) -> None:
        """Close the answer; one that is closed before its end was left by its client."""
        try:
            close = getattr(self._pieces, "close", None)
            if close is not None:
                close()
        finally:
            self._tell("" if self._whole else "left")

    def _tell(self, broke: str) -> None:
        ended, self._ended = self._ended, None
        if ended is not None:
            ended(self._count, broke)
