"""/health: whether this server lives and can answer, for machines that watch it and for people.

`/health/live` asks nothing of anybody: when it fails, start the server again. `/health/ready` (and
`/health`, the same) tells whether queries are answered; when it fails, send requests elsewhere.
What will be trouble, but is none yet, is a warning and fails nothing.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from flask import Blueprint, Response, current_app, request

from server.observing import Observer
from server.problems import Problem
from server.responses import as_json, page
from server.site import Site
from server.sparql.frames import Job
from server.sparql.negotiation import HTML, PLAIN_JSON, choose
from server.sparql.pool import Broken, read_all

_LASTS: Final = 1.0  # seconds; who asks more often gets the same answer, and costs nothing
_PROBE: Final = Job("ASK { ?s ?p ?o }", "json")
_LEAST_SPACE: Final = 1 << 28  # bytes
_RECENT: Final = 60.0  # seconds that lines missing in the access log are told


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: fine, a warning, or a failure."""

    name: str
    state: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found."""

    release: str
    checks: tuple[Check, ...]
    queries: dict[str, Any]

    @property
    def failing(self) -> bool:
        """Whether queries are not answered."""
        return any(check.state == "failing" for check in self.checks)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return 503 if self.failing else 200

    def body(self) -> dict[str, Any]:
        """Return the members of the JSON object."""
        return {
            "status": "failing" if self.failing else "ok",
            "release": self.release or None,
            "why": [check.told for check in self.checks if check.state == "failing"],
            "warnings": [check.told for check in self.checks if check.state == "warning"],
            "checks": {check.name: check.state for check in self.checks},
            "queries": self.queries,
        }


def routes(site: Site) -> Blueprint:
    """Return the routes of the health checks."""
    blueprint = Blueprint("health", __name__)
    losses = Losses()
    looked = _Lasting(lambda: look(site, losses.of(_log_dropped())))

    @blueprint.get("/health")
    @blueprint.get("/health/ready")
    def ready() -> Response:
        found = looked()
        if _likes_pages():
            response = page("health.html", status=found.status, health=found)
        else:
            response = as_json(found.body(), status=found.status)
            response.vary.add("Accept")
        return _unkept(response)

    @blueprint.get("/health/live")
    def live() -> Response:
        return _unkept(as_json({"status": "ok"}))

    return blueprint


def look(site: Site, losses: int) -> Health:
    """Look at everything that answers depend on; `losses`: lines the access log lost lately."""
    release, in_force = _release(site)
    checks = [in_force]
    if in_force.state == "ok":
        checks.append(_queries(site))
    pool = site.pool.status()
    checks.append(_confinement(pool))
    checks.append(_space(site))
    checks.append(_log(losses))
    return Health(release, tuple(checks), {**pool, "alive": len(site.pool.pids())})


def _release(site: Site) -> tuple[str, Check]:
    try:
        release = site.current()
    except Problem as problem:
        return "", Check("release", "failing", problem.detail)
    if not site.releases.seems_whole(release.id):
        told = f"files of release {release.id} are missing or have another size"
        return release.id, Check("release", "failing", told)
    return release.id, Check("release", "ok")


def _queries(site: Site) -> Check:
    """Ask a worker, not the cache; that all are busy is no reason to be taken for dead."""
    try:
        read_all(site.pool.run(_PROBE))
    except Problem as problem:
        state = "warning" if problem.kind == "busy" else "failing"
        return Check("queries", state, problem.detail)
    except Broken:
        return Check("queries", "failing", "a query broke off")
    return Check("queries", "ok")


def _confinement(pool: dict[str, Any]) -> Check:
    if pool.get("network_forbidden") is False:
        told = "this kernel or processor has no seccomp filter: workers could open sockets"
        return Check("confinement", "warning", told)
    return Check("confinement", "ok")


def _space(site: Site) -> Check:
    try:
        free = shutil.disk_usage(site.releases.root).free
    except OSError:
        return Check("space", "warning", "the folder of the releases cannot be read")
    if free < _LEAST_SPACE:
        return Check("space", "warning", f"{free >> 20} MiB are left where releases are kept")
    return Check("space", "ok")


def _log(losses: int) -> Check:
    if losses:
        told = f"{losses} lines of the access log were lost: it is slow, or cannot be written"
        return Check("log", "warning", told)
    return Check("log", "ok")


def _log_dropped() -> int:
    observer: Observer = current_app.extensions["observer"]
    return observer.log.dropped


@dataclass(slots=True)
class Losses:
    """What a count that only grows has grown by, told until it has stood still for a while."""

    clock: Callable[[], float] = monotonic
    _before: int = 0
    _count: int = 0
    _since: float = 0.0

    def of(self, count: int) -> int:
        """Return by how much the count has grown lately."""
        now = self.clock()
        if count != self._count:
            self._count, self._since = count, now
        elif now - self._since > _RECENT:
            self._before = count
        return count - self._before


def _likes_pages() -> bool:
    try:
        return choose((PLAIN_JSON, HTML), request.headers.get("Accept", "")).name == "html"
    except Problem:
        return False


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(slots=True)
class _Lasting:
    """What was found last, for a while; many who ask at once wait for one look."""

    look: Callable[[], Health]
    _found: Health | None = None
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> Health:
        with self._lock:
            if self._found is None or monotonic() >= self._until or self._found.failing:
                self._found = self.look()
                self._until = monotonic() + _LASTS
            return self._found
