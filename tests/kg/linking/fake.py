"""A public service on the loopback that also misbehaves, as real ones do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Values = dict[str, str]


@dataclass
class Fake:
    """Answers by `answer(path, values)`; what is in `mishaps` comes first, one for each request."""

    answer: Callable[[str, Values], Any]
    mishaps: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    seen: list[tuple[str, Values, dict[str, str]]] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """Serve on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, form: str) -> None:
            path, values = urlsplit(self.path).path, dict(parse_qsl(form))
            fake.seen.append((path, values, {k.lower(): v for k, v in self.headers.items()}))
            if fake.mishaps:
                fake.mishaps.pop(0)(self)
            else:
                send(self, 200, json.dumps(fake.answer(path, values)).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: send(handler, code, b"{}", **headers)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    """Promise more than comes, and go away."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"a":')
    handler.wfile.flush()
    handler.connection.close()


def no_json(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, b"<html>please wait</html>")
