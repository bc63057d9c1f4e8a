"""The guard: who asks, by the token in `Authorization: Bearer`, and by nothing else.

There are no cookies and no other credentials that a browser would send along by itself, so no other
site can make a reader's browser write here (no cross-site request forgery).
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from kg.errors import ReleaseError
from server.access import scopes
from server.access.tokens import Token, Tokens
from server.problems import Problem

_REALM: Final = 'Bearer realm="UniPact"'
_BEARER: Final = re.compile(r"Bearer +([A-Za-z0-9._~+/=-]+) *", re.IGNORECASE)  # RFC 6750
_TRIES: Final = 10  # failed attempts of one client …
_WINDOW: Final = 60.0  # … in so many seconds
_CLIENTS: Final = 4096  # clients whose failures are remembered


@dataclass(slots=True)
class Attempts:
    """Counts failed attempts of clients; who fails too often has to wait."""

    clock: Callable[[], float] = time.monotonic
    _failures: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, client: str) -> float:
        """Return the seconds until the client may try again; 0: at once."""
        with self._lock:
            recent = self._recent(client)
            return recent[-_TRIES] + _WINDOW - self.clock() if len(recent) >= _TRIES else 0.0

    def failed(self, client: str) -> None:
        """Count a failed attempt."""
        with self._lock:
            self._failures[client] = [*self._recent(client), self.clock()][-_TRIES:]
            self._failures.move_to_end(client)
            if len(self._failures) > _CLIENTS:
                self._failures.popitem(last=False)

    def _recent(self, client: str) -> list[float]:
        since = self.clock() - _WINDOW
        return [moment for moment in self._failures.get(client, ()) if moment > since]


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets nobody write who has no token for it."""

    tokens: Tokens
    writable: bool
    attempts: Attempts = field(default_factory=Attempts)

    def holder(self, authorization: str, client: str) -> Token:
        """Return the token of a request.

        Args:
            authorization: the value of `Authorization`.
            client: the name under which failed attempts are counted.

        Raises:
            Problem: this server only reads; there is no token, or it is not valid; or the client
                has failed too often.
        """
        if not self.writable:
            hint = "whoever runs this server starts it with --writable and makes tokens"
            raise Problem("read-only", "this server only reads", hint=hint)
        if wait := self.attempts.wait(client):
            detail = "too many requests of yours had a token that is not valid"
            raise Problem("attempts", detail, headers={"Retry-After": str(int(wait) + 1)})
        if not authorization:
            hint = "send a token: Authorization: Bearer unipact_…"
            raise Problem(
                "unauthorized",
                "this needs a token",
                hint=hint,
                headers={"WWW-Authenticate": _REALM},
            )
        given = _BEARER.fullmatch(authorization)
        token = self._find(given[1]) if given else None
        if token is None:
            self.attempts.failed(client)
            raise _invalid("the token is not valid" if given else "the token is not a bearer token")
        return token

    def _find(self, text: str) -> Token | None:
        try:
            return self.tokens.find(text)
        except ReleaseError as error:
            raise Problem("internal", "the tokens cannot be read") from error


def need(token: Token, scope: str) -> None:
    """Let a token pass that has a scope, or `admin`.

    Raises:
        Problem: it has neither.
    """
    if scope not in token.scopes and scopes.ADMIN not in token.scopes:
        raise _insufficient(scope, f"the token does not have the scope {scope}")


def need_graphs(token: Token, graphs: Iterable[str] | None, base: str) -> None:
    """Let a token pass that may write into all of these graphs; None stands for any graph.

    Raises:
        Problem: it may not.
    """
    if graphs is None:
        if not scopes.allows_any(token.scopes):
            detail = "this can write into any graph, which the token does not allow"
            raise _insufficient("write:graph=*", detail)
        return
    for graph in sorted(graphs):
        if not scopes.allows(token.scopes, graph, base):
            detail = f"the token does not allow writing into <{graph}>"
            raise _insufficient(scopes.for_graph(graph, base), detail)


def _invalid(detail: str) -> Problem:
    """Refuse a token that is wrong, unknown, revoked or expired, without saying which."""
    challenge = f'{_REALM}, error="invalid_token"'
    return Problem("unauthorized", detail, headers={"WWW-Authenticate": challenge})


def _insufficient(scope: str, detail: str) -> Problem:
    challenge = f'{_REALM}, error="insufficient_scope", scope="{scope}"'
    hint = "unipact token create --scope … makes one that does"
    return Problem("forbidden", detail, hint=hint, headers={"WWW-Authenticate": challenge})
