"""Requests that no library would send, over a socket or straight into the WSGI app."""

from __future__ import annotations

import http.client
import io
import json
import socket
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

PATIENCE = 20.0  # seconds until a server that says nothing counts as hanging
BROKEN = "connection broken"

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A request; `raw` bytes, when there are any, are all that is sent."""

    method: str = "GET"
    target: str = "/"
    headers: Headers = ()
    body: bytes = b""
    raw: bytes = b""

    def encode(self) -> bytes:
        """Return the bytes on the wire; the connection is to be closed afterwards."""
        if self.raw:
            return self.raw
        named = {name.lower() for name, _ in self.headers}
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [] if "host" in named else ["Host: localhost"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += ["Connection: close"]
        if (self.body or self.method == "POST") and not named & {
            "content-length",
            "transfer-encoding",
        }:
            lines += [f"Content-Length: {len(self.body)}"]
        return "\r\n".join((*lines, "", "")).encode("latin-1") + self.body

    def environ(self) -> dict[str, Any]:
        """Return what a WSGI server would make of it (PEP 3333)."""
        path, _, query = self.target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers:
            key = name.upper().replace("-", "_")
            key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `status` is 0 when the connection broke before the end of the answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def problem(self) -> str:
        """The kind of problem (RFC 9457), "" when the body is none."""
        if "problem+json" not in self.headers.get("content-type", ""):
            return ""
        return str(json.loads(self.body)["type"]).rpartition("#")[2]


def over_socket(address: tuple[str, int], request: Request) -> Reply:
    """Send a request over a connection of its own and read the answer to its end."""
    with socket.create_connection(address, timeout=PATIENCE) as connection:
        try:
            connection.sendall(request.encode())
        except (BrokenPipeError, ConnectionResetError):
            pass  # it may have answered all the same
        return answer(connection, request.method)


def answer(connection: socket.socket, method: str = "GET") -> Reply:
    """Read one answer from a connection.

    Raises:
        TimeoutError: nothing came in time.
    """
    with closing(http.client.HTTPResponse(connection, method=method)) as response:
        try:
            response.begin()
            body = response.read()
        except (http.client.HTTPException, ConnectionError):
            return Reply(0)
        return Reply(response.status, {n.lower(): v for n, v in response.getheaders()}, body)


def in_process(app: WsgiApp, request: Request) -> Reply:
    """Give a request to a WSGI app, as a server in front of it would."""
    head: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        head[:] = [int(status[:3]), {name.lower(): value for name, value in headers}]
        return lambda data: None

    pieces = app(request.environ(), start_response)
    try:
        body = b"".join(pieces)
    except Exception:
        return Reply(0)  # a server breaks the connection
    finally:
        getattr(pieces, "close", lambda: None)()
    return Reply(head[0], head[1], body)


def get(target: str, *headers: tuple[str, str], **parameters: str) -> Request:
    """Make a GET request."""
    query = f"?{urlencode(parameters)}" if parameters else ""
    return Request(target=target + query, headers=headers)


def post(content_type: str, body: bytes | str, *headers: tuple[str, str]) -> Request:
    """Make a POST request to the endpoint."""
    sent = body.encode() if isinstance(body, str) else body
    return Request("POST", "/sparql", (("Content-Type", content_type), *headers), sent)


def ask(text: str, *headers: tuple[str, str]) -> Request:
    """Make a request that has a query for its body."""
    return post("application/sparql-query", text, *headers)
