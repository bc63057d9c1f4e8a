"""Serving: the app in one granian process, from a folder of releases until a signal."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.embed import Server

from kg.errors import InputError
from kg.releases import Releases
from kg.settings import Settings
from server.adapter import AsgiAdapter, Threads
from server.app import create_app
from server.limits import Limits
from server.site import Site

_BACKLOG = 1024


class _OnSocket(Server):
    """granian's embedded server on a socket that is bound already.

    So port 0 is one that no other process can take in between, and an address that is taken is told
    before anything starts.
    """

    def __init__(self, app: AsgiAdapter, listening: socket.socket) -> None:
        host, port = listening.getsockname()[:2]
        super().__init__(
            app,
            address=host,
            port=port,
            interface=Interfaces.ASGI,
            websockets=False,
            log_enabled=False,
        )
        self._listening = listening

    def _init_shared_socket(self) -> None:
        descriptor: Any = (self._listening.detach(), False, _BACKLOG)  # granian closes it
        self._shd: Any = SocketHolder(*descriptor)
        self._ssp = None


def serve(releases: Path, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; prints one line when connections are accepted.

    Raises:
        InputError: the address cannot be listened on.
        ReleaseError: there is no release that can be served.
    """
    release = Releases(releases).current().id
    limits = Limits.of(settings)
    listening = listen(settings.text("host"), settings.number("port"))
    app = create_app(releases, settings, limits=limits)
    site: Site = app.extensions["unipact"]
    try:
        adapter = AsgiAdapter(
            app.wsgi_app, Threads(limits.server_threads), limits.send_seconds, limits.request_bytes
        )
        asyncio.run(_until_signal(_OnSocket(adapter, listening), site, limits, release))
    finally:
        site.pool.close()
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


async def _until_signal(server: _OnSocket, site: Site, limits: Limits, release: str) -> None:
    loop = asyncio.get_running_loop()
    serving = asyncio.ensure_future(server.serve())
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    host, port = server.bind_addr, server.bind_port
    shown = f"[{host}]" if ":" in host else host
    await asyncio.sleep(0)  # lets the server take the socket; it has been listening before
    sys.stdout.write(f"UniPact serves release {release} at http://{shown}:{port}/\n")
    sys.stdout.flush()
    await asyncio.wait(
        [serving, asyncio.ensure_future(stopped.wait())], return_when=asyncio.FIRST_COMPLETED
    )
    server.stop()  # type: ignore[no-untyped-call]
    _, left = await asyncio.wait([serving], timeout=limits.stop_seconds)
    if left:  # answers that take too long: their queries end, their connections break
        await loop.run_in_executor(None, site.pool.close)
        await asyncio.wait([serving], timeout=1)
