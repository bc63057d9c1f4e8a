"""Serving: the gateway in one granian process, from a folder of releases until a signal."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.embed import Server

from kg.errors import InputError, ReleaseError
from kg.releases import Releases
from kg.settings import Settings
from server.app import create_app
from server.gateway.gateway import Gateway
from server.limits import Limits
from server.site import Site
from server.warming import keep_warm

_BACKLOG: Final = 1024
_CONNECTIONS: Final = 4096  # open at the same time; what comes on top waits to be accepted
_HEAD_BYTES: Final = 1 << 17  # the longest head of a request
_GRACE: Final = 3.0  # seconds beyond `stop_seconds` until the process ends whatever hangs


class _OnSocket(Server):
    """granian's embedded server on a socket that is bound already.

    So port 0 is one that no other process can take in between, and an address that is taken is told
    before anything starts.
    """

    def __init__(self, gateway: Gateway, listening: socket.socket, head_seconds: float) -> None:
        host, port = listening.getsockname()[:2]
        super().__init__(
            gateway,
            address=host,
            port=port,
            interface=Interfaces.ASGI,
            http=HTTPModes.http1,  # what a proxy speaks; HTTP/2 has floods of its own
            websockets=False,
            log_enabled=False,
            backpressure=_CONNECTIONS,
            http1_settings=HTTP1Settings(
                header_read_timeout=max(1, round(head_seconds * 1000)),
                max_buffer_size=_HEAD_BYTES,
            ),
        )
        self._listening = listening

    def _init_shared_socket(self) -> None:
        descriptor: Any = (self._listening.detach(), False, _BACKLOG)  # granian closes it
        self._shd: Any = SocketHolder(*descriptor)
        self._ssp = None


def serve(releases: Path, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; prints one line when connections are accepted.

    Without a release it serves, too: `/health` and every query say what is missing, until one is
    published.

    Raises:
        InputError: the address cannot be listened on.
    """
    limits = Limits.of(settings)
    _allow_files()
    listening = listen(settings.text("host"), settings.number("port"))
    host, port = listening.getsockname()[:2]
    app = create_app(releases, settings, limits=limits)
    site: Site = app.extensions["unipact"]
    server = _OnSocket(Gateway.of(app, limits), listening, limits.send_seconds)
    with _signals() as (wake, told):
        try:
            serving = asyncio.run_coroutine_threadsafe(server.serve(), site.pool.portal.loop)
            serving.add_done_callback(lambda _: wake.send(b"-"))
            keep_warm(site)
            if limits.writable == "on":
                site.writing.prepare()
                site.completing.wake()
            gc.freeze()  # what lives as long as the process need not be looked at again
            _say(releases, f"[{host}]" if ":" in host else host, port)
            told.recv(1)
            _end(server, serving, site, limits)
        finally:
            site.close()
            listening.close()


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen; port 0 picks a free one.

    Raises:
        InputError: the address is taken, or is none of this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        hint = "another process may have it; port 0 picks a free one"
        raise InputError(f"cannot listen on {host}:{port}: {error}", hint=hint) from error


def _allow_files() -> None:
    """Take as many descriptors as there may be: every connection is one, and every download."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):  # a kernel may refuse; then it stays as it was
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def _signals() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Give two ends of a pipe; SIGTERM and SIGINT write into the first, whichever thread they meet.

    A lock or an event would not do: a signal that another thread receives wakes nobody, and one
    that comes at the wrong moment waits for the very lock that it interrupts.
    """
    wake, told = socket.socketpair()
    wake.setblocking(False)
    descriptor = signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: None) for number in numbers}
    try:
        yield wake, told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(descriptor)
        wake.close()
        told.close()


def _say(releases: Path, host: str, port: int) -> None:
    try:
        what = f"release {Releases(releases).current().id}"
    except ReleaseError as error:
        sys.stderr.write(f"{error}; until one is published, queries are answered with 503\n")
        what = "no release"
    sys.stdout.write(f"UniPact serves {what} at http://{host}:{port}/\n")
    sys.stdout.flush()


def _end(server: _OnSocket, serving: Future[None], site: Site, limits: Limits) -> None:
    """Accept nothing more, let answers under way end, then break what is left."""
    last = threading.Timer(limits.stop_seconds + _GRACE, os._exit, (1,))  # workers die with us
    last.daemon = True
    last.start()
    site.pool.portal.tell(server.stop)
    with suppress(TimeoutError):
        serving.result(limits.stop_seconds)
    site.pool.stop()
    with suppress(TimeoutError):
        serving.result(1)
    last.cancel()
