"""Tokens: kept as hashes in a file beside the releases, shown once when they are made.

A token reads `unipact_<id>_<secret>`. The secret has 256 bits of chance, so a plain SHA-256 of it
is as good as a slow hash: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kg.disk import explained, locked, write_whole
from kg.errors import InputError, ReleaseError
from server.access import scopes as known

FILE: Final = "tokens.json"
_TOKEN: Final = re.compile(r"unipact_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_NOBODY: Final = "0" * 64
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Token:
    """One token, without its secret.

    Attributes:
        id: eight hexadecimal digits; part of the token, and no secret.
        name: whom or what it was made for.
        scopes: what it allows; see `server.access.scopes`.
        created: when it was made, UTC, ISO 8601.
        expires: from when on it is worth nothing, UTC, ISO 8601; "": never.
        sha256: of the secret, hexadecimal.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    created: str
    expires: str
    sha256: str = field(repr=False)

    def is_valid(self, now: datetime) -> bool:
        """Tell whether it has not expired."""
        return not self.expires or now < datetime.fromisoformat(self.expires)


class Tokens:
    """The tokens of one folder of releases; the file is read again whenever it has changed."""

    def __init__(self, releases: Path) -> None:
        self._path = releases / FILE
        self._lock = threading.Lock()
        self._stamp: tuple[int, ...] = ()
        self._tokens: Mapping[str, Token] = {}

    def create(self, name: str, scopes: Iterable[str], *, days: float = 0) -> tuple[Token, str]:
        """Make a token; the text that comes with it is the only copy of its secret.

        Args:
            name: whom or what it is for.
            scopes: what it allows.
            days: how long it is worth something; 0: until it is revoked.

        Raises:
            InputError: no name, no scope, or one that does not exist.
            ReleaseError: it cannot be kept.
        """
        wanted = tuple(sorted({known.parse(scope) for scope in scopes}))
        if not wanted:
            raise InputError("a token needs a scope", hint="--scope admin allows everything")
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise InputError(f"a token needs a name of at most {_LONGEST_NAME} characters")
        now, secret = datetime.now(UTC), secrets.token_urlsafe(32)
        with self._changing() as tokens:
            while (number := secrets.token_hex(4)) in tokens:
                pass
            token = Token(
                id=number,
                name=name.strip(),
                scopes=wanted,
                created=_written(now),
                expires=_written(now + timedelta(days=days)) if days else "",
                sha256=_hash(secret),
            )
            tokens[number] = token
        return token, f"unipact_{number}_{secret}"

    def revoke(self, number: str) -> Token:
        """Make a token worth nothing from now on, by its id.

        Raises:
            InputError: there is none of this id.
        """
        with self._changing() as tokens:
            if number not in tokens:
                hint = "unipact token list shows the ids"
                raise InputError(f"there is no token {number!r}", hint=hint)
            return tokens.pop(number)

    def list(self) -> tuple[Token, ...]:
        """Return all tokens, oldest first, those that have expired included.

        Raises:
            ReleaseError: the file is damaged or cannot be read.
        """
        return tuple(sorted(self._read().values(), key=lambda token: (token.created, token.id)))

    def find(self, text: str) -> Token | None:
        """Return the token of this text when it is valid; takes the same time for any wrong secret.

        Raises:
            ReleaseError: the file is damaged or cannot be read.
        """
        found = _TOKEN.fullmatch(text)
        number, secret = found.groups() if found else ("", "")
        token = self._read().get(number)
        same = hmac.compare_digest(token.sha256 if token else _NOBODY, _hash(secret))
        return token if token and same and token.is_valid(datetime.now(UTC)) else None

    def _read(self) -> Mapping[str, Token]:
        with self._lock:
            try:
                state = self._path.stat()
                stamp = (state.st_ino, state.st_mtime_ns, state.st_size)
                if stamp != self._stamp:
                    self._tokens = _parse(self._path.read_text(encoding="utf-8"))
                    self._stamp = stamp
            except FileNotFoundError:
                self._tokens, self._stamp = {}, ()
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise ReleaseError(f"the file of tokens cannot be read: {self._path}") from error
            return self._tokens

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Token]]:
        """Hold the file for one change, and write what came of it, readable by its owner alone."""
        lock = self._path.with_name(f".{self._path.name}.lock")
        with explained("keep a token"):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with locked(lock, refusal="another process changes the tokens"):
                tokens = dict(self._read())
                yield tokens
                rows = [asdict(token) for token in tokens.values()]
                content = json.dumps(rows, indent=1) + "\n"
                write_whole(self._path, content.encode(), mode=0o600)


def _parse(text: str) -> dict[str, Token]:
    rows = [Token(**row | {"scopes": tuple(row["scopes"])}) for row in json.loads(text)]
    return {token.id: token for token in rows}


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _written(when: datetime) -> str:
    return when.replace(microsecond=0).isoformat()
