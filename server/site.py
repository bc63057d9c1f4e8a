"""What every route needs: the release in force, the limits, and the pool of query workers."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kg.errors import InputError, ReleaseError
from kg.prefixes import VOCABULARIES
from kg.releases import Release, Releases
from server.access.guard import Guard
from server.access.tokens import Tokens
from server.addresses import Addresses
from server.clients import Network, client, networks
from server.limits import Limits
from server.pinning import Pins
from server.problems import Problem
from server.search import by_name
from server.sparql.frames import Job
from server.sparql.plan import Plan, check
from server.sparql.pool import Pool, read_all
from server.sparql.request import QueryRequest
from server.sparql.rewriting import switches
from server.sparql.service import Service
from server.writing.completing import Completing
from server.writing.writer import Writing

_LATELY: Final = 0.001  # seconds that the steps of one request may take for the same moment
MOST_ROWS: Final = 5000  # of a query of our own for a page; a page that reaches it says so
_LOCAL: Final = re.compile(r"http://(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?/[a-z]+\Z")
_QUERIES: Final = Path(__file__).parent / "queries"


@dataclass(slots=True)
class Current:
    """The release in force; the link is looked at each time, the manifest read when it moved."""

    releases: Releases
    _link: str = field(init=False)
    _target: str = ""
    _manifest: str = ""
    _written: int = 0
    _release: Release | None = None
    _lately: tuple[float, object, Release] | None = None
    _turn: object = field(default_factory=object)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    pins: Pins = field(init=False)

    def __post_init__(self) -> None:
        self.pins = Pins(self.releases)
        self._link = str(self.releases.root / "current")  # joined once: this is asked very often

    def __call__(self) -> Release:
        """Return the release in force.

        Raises:
            Problem: there is none, it has gone, or it is damaged.
        """
        try:
            target = os.readlink(self._link)
        except OSError as error:
            raise _lacking("there is no release to serve") from error
        try:
            with self._lock:
                if self._release is None or target != self._target or self._is_completed():
                    self._release = Release.open(self.releases.root / target)
                    self._manifest = str(self._release.path / "manifest.json")
                    self._written = os.stat(self._manifest).st_ino
                    self.pins.hold(self._release.id)
                    self._target = target  # last: what fails above is tried again
                release, manifest = self._release, self._manifest
            os.stat(manifest)  # it may have been lost since it was read
        except FileNotFoundError as error:
            raise _lacking("the release in force has gone: its folder is missing") from error
        except (OSError, ReleaseError) as error:
            raise _lacking("the release in force is missing or damaged") from error
        return release

    def _is_completed(self) -> bool:
        """Tell whether the manifest was replaced, as it is once when dumps have been made."""
        release = self._release
        pending = release is not None and release.manifest.pending
        return bool(pending) and os.stat(self._manifest).st_ino != self._written

    def forget(self) -> None:
        """Look at the link again, whenever it was looked at last, or is being looked at."""
        self._turn = object()

    def lately(self) -> Release:
        """Return the release that is in force, or was a millisecond ago: for one request's steps.

        Raises:
            Problem: there is none, it has gone, or it is damaged.
        """
        now, turn, known = time.monotonic(), self._turn, self._lately
        if known is not None and now < known[0] and known[1] is turn:
            return known[2]
        release = self()
        self._lately = now + _LATELY, turn, release
        return release


def _lacking(detail: str) -> Problem:
    hint = "whoever runs this server: unipact releases list"
    return Problem("no-release", detail, hint=hint)


@dataclass(slots=True)
class Site:
    """One served folder of releases."""

    releases: Releases
    limits: Limits
    current: Current
    pool: Pool
    service: Service = field(init=False)
    writing: Writing = field(init=False)
    completing: Completing = field(init=False)
    guard: Guard = field(init=False)
    proxies: tuple[Network, ...] = field(init=False)
    _retired: tuple[str, Mapping[str, str]] = ("", MappingProxyType({}))

    def __post_init__(self) -> None:
        self.proxies = networks(self.limits.trusted_proxies)
        self.service = Service(self.pool, self.limits, self.prefixes)
        root = self.releases.root
        self.writing = Writing(root, self.limits, on_written=self._turn)
        self.completing = Completing(root, self.limits, on_completed=self.current.forget)
        self.guard = Guard(Tokens(root), writable=self.limits.writable == "on")

    def close(self) -> None:
        """End all processes; answers under way break."""
        self.writing.close()
        self.completing.close()
        self.pool.close()
        self.current.pins.close()

    @classmethod
    def open(cls, root: Path, limits: Limits) -> Site:
        """Start the query workers of a folder of releases."""
        switches(limits.rewriting)  # told at the start when there is none of that name
        current = Current(Releases(root))
        return cls(current.releases, limits, current, Pool(current.lately, limits))

    def _turn(self) -> None:
        """After a write, look at `current` anew: who wrote reads what was written."""
        self.current.forget()
        self.service.turn()
        self.completing.wake()

    def addresses(self) -> Addresses:
        """Return where this server shows the release's IRIs."""
        return Addresses(self.current().manifest.base)

    def prefixes(self) -> dict[str, str]:
        """Return prefix → namespace, with those of the release's base."""
        base = self.current().manifest.base
        ours = {name: f"{base}{name}/" for name in ("article", "concept", "graph", "id")}
        return dict(sorted({**VOCABULARIES, **ours}.items()))

    def retired(self) -> Mapping[str, str]:
        """Return the IRIs that the release in force lists as retired, with their successors.

        Raises:
            Problem: there is no release.
        """
        release = self.current()
        if self._retired[0] != release.id:
            try:
                self._retired = (release.id, release.retired())
            except InputError as error:
                raise Problem("no-release", "the list of retired IRIs is damaged") from error
        return self._retired[1]

    def endpoints(self, asked: str) -> list[str]:
        """Return the IRIs of the endpoint; `asked` is the one of the request.

        A client can write any host into a request, so only a local one is repeated.
        """
        known = self.limits.public_url or self.current().manifest.base
        found = [f"{known.rstrip('/')}/sparql"]
        return [*found, asked] if _LOCAL.match(asked) and asked not in found else found

    def client(self, peer: str, forwarded: str) -> str:
        """Return the name under which a client's share of the workers is counted."""
        return client(peer, forwarded, proxies=self.proxies)

    def plan(self, request: QueryRequest, *, accept: str, pages: bool = False) -> Plan:
        """Judge a request for this site; see `server.sparql.plan.check`.

        Raises:
            Problem: it is refused, or there is no release.
        """
        release = self.current.lately()
        return check(
            request,
            accept=accept,
            limits=self.limits,
            pages=pages,
            base=f"{release.manifest.base}sparql",
            search=partial(by_name, release.search_db),
        )

    def job(self, name: str, format: str, **terms: str) -> Job:
        """Return one of this server's own queries; `$name` in its file becomes the term `name`.

        Terms must be encoded and safe: `Addresses.iri` makes them.
        """
        text = (_QUERIES / f"{name}.rq").read_text(encoding="utf-8")
        for variable, term in terms.items():
            text = text.replace(f"${variable}", term)
        return Job(
            query=text,
            format=format,
            result_bytes=self.limits.result_bytes,
            page_rows=MOST_ROWS,
            prefixes=self.prefixes(),
        )

    def rows(self, name: str, **terms: str) -> list[Mapping[str, Any]]:
        """Run one of this server's own SELECT queries; a row has the cells that are bound.

        At most `MOST_ROWS` come back.

        Raises:
            Problem: no worker is free, or it takes too long.
        """
        found = json.loads(read_all(self.pool.run(self.job(name, "rows", **terms))))
        names = found["variables"]
        return [
            {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
            for row in found["rows"]
        ]

    def ask(self, name: str, **terms: str) -> bool:
        """Run one of this server's own ASK queries."""
        return bool(json.loads(read_all(self.pool.run(self.job(name, "rows", **terms))))["boolean"])
