"""Under which address a page names this server, where a whole address is needed."""

from __future__ import annotations

from typing import Final

from flask import request

from server.site import Site

_LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")


def origin(site: Site) -> str:
    """Return the address of this server, without a slash at its end.

    A client can write any host into a request, so only a local one is repeated.
    """
    if site.limits.public_url:
        return site.limits.public_url.rstrip("/")
    if request.host.rpartition(":")[0] in _LOCAL or request.host in _LOCAL:
        return request.host_url.rstrip("/")
    return site.current().manifest.base.rstrip("/")
