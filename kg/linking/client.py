"""Asks public services politely: one request at a time, with pauses, retries and a memory on disk.

Every answer is kept, so that a run that was interrupted goes on where it stopped, and nobody is
asked twice. A service that says "later" (429, 503 with `Retry-After`) is asked later; one that
leads to another host is not followed there.
Source: RFC 9110 sections 10.2.3 and 15.4; the etiquettes of the Wikimedia and ROR APIs.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests

from kg.build.cache import Cache
from kg.errors import SourceError
from kg.version import VERSION

USER_AGENT: Final = f"UniPact/{VERSION} (https://w3id.org/unipact/; links of a knowledge graph)"
_TRIES: Final = 6
_LONGEST_PAUSE: Final = 120.0  # seconds; a service that wants more is given up for now
_TIMEOUT: Final = (10.0, 30.0)  # seconds to connect, and between two pieces of an answer
_WHOLE: Final = 120.0  # seconds for one answer, however slowly it drips
_MOST_BYTES: Final = 16 << 20
_MOST_REDIRECTS: Final = 5
_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_NOT_WHOLE: Final = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)
_MOVED: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class _Later:
    """No answer yet: ask again after so many seconds."""

    seconds: float
    reason: str


@dataclass(slots=True)
class Client:
    """Gets JSON from services. Not for several threads at once.

    Attributes:
        cache: where answers are kept; None: nowhere.
        pause: seconds between two requests to one host.
        headers: what is sent along, by host.
        sleep, clock: for tests that do not want to wait.
    """

    cache: Cache | None = None
    pause: float = 0.2
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _session: requests.Session = field(default_factory=requests.Session)
    _last: dict[str, float] = field(default_factory=dict)
    asked: int = 0  # requests sent

    def get(self, url: str, params: Mapping[str, str], *, accept: str = "application/json") -> Any:
        """Return the JSON of an address.

        Raises:
            SourceError: the service refuses, does not answer, or answers with something else.
        """
        return self._kept("GET", url, dict(params), accept)

    def post(self, url: str, form: Mapping[str, str], *, accept: str = "application/json") -> Any:
        """Return the JSON that a form is answered with; the request must change nothing there.

        Raises:
            SourceError: the service refuses, does not answer, or answers with something else.
        """
        return self._kept("POST", url, dict(form), accept)

    def _kept(self, method: str, url: str, values: dict[str, str], accept: str) -> Any:
        name = json.dumps([method, url, values, accept], sort_keys=True)
        key = hashlib.sha256(name.encode()).hexdigest()
        found = self.cache.read(key) if self.cache else None
        if found is not None:
            return json.loads(found)
        content = self._patiently(method, url, values, accept)
        if self.cache:
            self.cache.write(key, json.dumps(content).encode())
        return content

    def _patiently(self, method: str, url: str, values: dict[str, str], accept: str) -> Any:
        """Ask until there is an answer, or until it makes no sense any more."""
        for turn in range(_TRIES):
            later = self._attempt(method, url, values, accept, otherwise=2.0**turn)
            if not isinstance(later, _Later):
                return later
            if later.seconds > _LONGEST_PAUSE:
                break
            self.sleep(later.seconds)
        hint = "what was found so far is kept; run the command again later"
        raise SourceError(f"{_host(url)} does not answer: {later.reason}", hint=hint)

    def _attempt(
        self, method: str, url: str, values: dict[str, str], accept: str, *, otherwise: float
    ) -> Any:
        """Return the answer, or when to ask again."""
        host = _host(url)
        try:
            response, body = self._request(method, url, values, accept)
        except _NOT_WHOLE as error:
            return _Later(otherwise, f"no whole answer ({type(error).__name__})")
        except (requests.RequestException, ValueError) as error:
            kind = type(error).__name__
            raise SourceError(f"{host} cannot be asked: {kind}") from error
        status = response.status_code
        if status == 200:
            try:
                return json.loads(body)
            except ValueError:
                return _Later(otherwise, "its answer is not JSON")
        if status not in _LATER:
            raise SourceError(f"{host} refuses the request: status {status}")
        wait = _wait(response.headers.get("Retry-After", ""), otherwise)
        return _Later(wait, f"status {status}, come back in {wait:.0f} seconds")

    def _request(
        self, method: str, url: str, values: dict[str, str], accept: str
    ) -> tuple[requests.Response, bytes]:
        """Send one request and read its answer; redirections stay on the host, and on HTTPS."""
        place = "params" if method == "GET" else "data"
        for _ in range(_MOST_REDIRECTS):
            self._take_turns(_host(url))
            response = self._session.request(
                method,
                url,
                headers={
                    "User-Agent": USER_AGENT,
                    "Accept": accept,
                    **self.headers.get(_host(url), {}),
                },
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
                **{place: values},  # type: ignore[arg-type]
            )
            with response:
                if response.status_code not in _MOVED:
                    return response, self._read(response)
                url, values = _target(url, response.headers.get("Location", "")), {}
        raise SourceError(f"{_host(url)} leads in a circle")

    def _take_turns(self, host: str) -> None:
        waited = self.clock() - self._last.get(host, float("-inf"))
        if waited < self.pause:
            self.sleep(self.pause - waited)
        self._last[host] = self.clock()
        self.asked += 1

    def _read(self, response: requests.Response) -> bytes:
        begun, body = self.clock(), bytearray()
        for piece in response.iter_content(1 << 16):
            body += piece
            if len(body) > _MOST_BYTES:
                raise SourceError(
                    f"{_host(response.url)} answers with more than {_MOST_BYTES} bytes"
                )
            if self.clock() - begun > _WHOLE:
                raise requests.Timeout
        return bytes(body)


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _target(url: str, location: str) -> str:
    """Return where a redirection leads.

    Raises:
        SourceError: to another host, or away from HTTPS.
    """
    target = urljoin(url, location)
    same = _host(target) == _host(url) and urlsplit(target).scheme in (
        "https",
        urlsplit(url).scheme,
    )
    if not location or not same:
        raise SourceError(f"{_host(url)} leads to another place, which is not followed: {target!r}")
    return target


def _wait(written: str, otherwise: float) -> float:
    """Return the seconds of a Retry-After (RFC 9110 section 10.2.3), which may be a date."""
    if written.strip().isdigit():
        return float(written)
    try:
        until = parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return otherwise
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
