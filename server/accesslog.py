"""The access log: one JSON object a line for each request, written aside from the answers.

Lines are ASCII with every control character escaped, and each text in them has a bounded length,
so that no request can forge a line or steer a terminal. Queries are hashed, never written down.
A thread of its own writes; when it cannot keep up, lines are left out and counted.
"""

from __future__ import annotations

import atexit
import hashlib
import ipaddress
import json
import os
import re
import threading
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import time
from typing import Final, NamedTuple

from kg.errors import InputError
from kg.settings import Settings

MOST_WAITING: Final = 10_000  # lines
_LONGEST: Final = 100  # characters of a text in a line
_AT_ONCE: Final = 100  # lines in one write; no other thread runs while they are made
_GATHER: Final = 0.1  # seconds that lines wait for others; waking a thread costs more than they do
_STDERR: Final = 2
_SHORT: Final = 4096  # characters of a query that is read before it is hashed
_CLIENTS: Final = ("short", "full", "none")
_TEXT: Final = re.compile(  # strings, IRIs, words and signs; blanks and comments match nothing
    r'("""(?:[^"\\]|\\.|"{1,2}(?!"))*+"""|"(?:[^"\\\r\n]|\\.)*+"'
    r"|'''(?:[^'\\]|\\.|'{1,2}(?!'))*+'''|'(?:[^'\\\r\n]|\\.)*+'"
    r"|<[^\x00-\x20<>\"{}|^`]*+>|\w++|\\.|[^\s#])|#[^\r\n]*+|\s++",
    re.DOTALL,
)


class Entry(NamedTuple):
    """One request, answered.

    Attributes:
        client: its address, or another name of who asked.
        method: the HTTP method.
        route: the pattern that matched, never the path.
        status: the HTTP status.
        bytes: the bytes of the body that were handed over.
        seconds: from the request's arrival until the end of its answer.
        query: the hash of a query (`query_hash`), or "".
        outcome: one of `metrics.OUTCOMES`.
        release: the id of the release that answered, or "".
        ended: when, in seconds since 1970.
    """

    client: str
    method: str
    route: str
    status: int
    bytes: int
    seconds: float
    query: str = ""
    outcome: str = "ok"
    release: str = ""
    ended: float = 0.0

    def line(self, clients: str) -> str:
        """Return the line of the log, without its end."""
        return (
            f'{{"time": {_moment(self.ended or time())},'
            f' "client": {_quoted(shown_client(self.client, clients))},'
            f' "method": {_quoted(self.method)}, "route": {_quoted(self.route)},'
            f' "status": {self.status}, "bytes": {self.bytes}, "seconds": {self.seconds:.6f},'
            f' "query": {_quoted(self.query)}, "outcome": {_quoted(self.outcome)},'
            f' "release": {_quoted(self.release)}}}'
        )


class AccessLog:
    """Writes entries to a file or to stderr. Any thread may call; no call waits."""

    def __init__(
        self, file: Path | None = None, *, clients: str = "short", on: bool = True
    ) -> None:
        self._file = file
        self._clients = clients
        self._on = on
        self._output = _STDERR
        self._torn = False
        self._waiting: deque[Entry] = deque()
        self._wanted = threading.Event()
        self._ending = threading.Event()
        self._start = threading.Lock()
        self._counting = threading.Lock()
        self._writer: threading.Thread | None = None
        self._closed = False
        self._untold = 0
        self.dropped = 0  # lines that were left out since the start
        if on and file is not None:
            self._output = _opened(file)

    @classmethod
    def of(cls, settings: Settings) -> AccessLog:
        """Open the log that the settings describe.

        Raises:
            InputError: a setting has another value than it may have, or the file cannot be written.
        """
        switch = _choice(settings, "access-log", ("on", "off"))
        clients = _choice(settings, "access-log-clients", _CLIENTS)
        file = settings.text("access-log-file")
        return cls(Path(file) if file else None, clients=clients, on=switch == "on")

    def write(self, entry: Entry) -> None:
        """Have a line written soon; it is left out when too many wait."""
        if not self._on:
            return
        if len(self._waiting) >= MOST_WAITING or self._closed:
            self._drop(1)
            return
        self._waiting.append(entry)
        if not self._wanted.is_set():
            self._wanted.set()
        if self._writer is None:
            self._begin()

    def close(self, seconds: float = 1.0) -> None:
        """Write what waits, for so long at most."""
        self._closed = True
        self._ending.set()
        self._wanted.set()
        if self._writer is not None:
            self._writer.join(seconds)
        atexit.unregister(self.close)

    def _begin(self) -> None:
        """Start the writer with the first line, so that a process may fork before."""
        with self._start:
            if self._writer is None:
                self._writer = threading.Thread(target=self._work, name="access-log", daemon=True)
                self._writer.start()
                atexit.register(self.close)

    def _work(self) -> None:
        while self._waiting or not self._closed:
            self._wanted.wait()
            self._ending.wait(_GATHER)
            if not self._closed:
                self._wanted.clear()
            while self._waiting:
                count = min(len(self._waiting), _AT_ONCE)
                self._put([self._waiting.popleft() for _ in range(count)])
        if self._file is not None:
            os.close(self._output)

    def _put(self, entries: list[Entry]) -> None:
        lines = [entry.line(self._clients) for entry in entries]
        with self._counting:
            untold, self._untold = self._untold, 0
        if untold:
            lines.append(f'{{"time": {_moment(time())}, "dropped": {untold}}}')
        text = ("\n" * self._torn + "\n".join(lines) + "\n").encode("ascii")
        left = memoryview(text)
        try:
            self._follow()
            while left:
                left = left[os.write(self._output, left) :]
            self._torn = False
        except OSError:  # the disk is full, or nobody reads; answers go on
            self._torn = self._torn or 0 < len(left) < len(text)
            self._drop(len(entries))
            with self._counting:
                self._untold += untold

    def _follow(self) -> None:
        """Open the file anew when it was moved away, as tools that rotate logs do."""
        if self._file is None:
            return
        with suppress(FileNotFoundError):
            if os.path.samestat(self._file.stat(), os.fstat(self._output)):
                return
        renewed = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        os.close(self._output)
        self._output = renewed

    def _drop(self, count: int) -> None:
        with self._counting:
            self.dropped += count
            self._untold += count


def query_hash(query: str) -> str:
    r"""Return 16 hex digits for a query; layout and comments make no difference in a short one.

    Long ones are taken as they are: hashing costs no client's time and no memory to speak of.

    >>> query_hash("ASK {}") == query_hash("ASK  # a comment\n{ }")
    True
    """
    return _normal_hash(query) if len(query) <= _SHORT else _hash(query)


@lru_cache(maxsize=1024)
def _normal_hash(query: str) -> str:
    return _hash("\x00".join(filter(None, _TEXT.findall(query))))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@lru_cache(maxsize=4096)
def shown_client(client: str, clients: str) -> str:
    """Return a client as the log shows it; what is no address is hashed, for it may be a secret.

    `short` keeps the network alone: /24 of IPv4, /48 of IPv6.

    >>> shown_client("192.0.2.77", "short"), shown_client("2001:db8:1:2::3", "short")
    ('192.0.2.0', '2001:db8:1::')
    """
    if clients == "none" or not client:
        return ""
    try:
        address = ipaddress.ip_network(client, strict=False).network_address
    except ValueError:
        return "#" + hashlib.sha256(client.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if clients == "full":
        return str(address)
    kept = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{kept}", strict=False).network_address)


def _moment(seconds: float) -> str:
    whole, part = divmod(int(seconds * 1000), 1000)
    return f'"{_second(whole)}.{part:03}Z"'


@lru_cache(maxsize=16)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return json.dumps(text[:_LONGEST]).replace("\x7f", "\\u007f")  # json leaves DEL as it is


def _opened(file: Path) -> int:
    try:
        return os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise InputError(f"cannot write the access log {file}: {error.strerror}") from error


def _choice(settings: Settings, name: str, allowed: tuple[str, ...]) -> str:
    value = settings.text(name)
    if value not in allowed:
        raise InputError(f"the setting {name} is {value!r}", hint=f"use {' or '.join(allowed)}")
    return value
