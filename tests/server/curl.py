"""What a `curl` command of the docs does, done to an app."""

from __future__ import annotations

import shlex

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HERE = "http://127.0.0.1:8000"


def curl(client: FlaskClient, command: str, **variables: str) -> TestResponse:
    """Send what a command would send; `$NAME` in it is a variable."""
    for name, value in variables.items():
        command = command.replace(f"${name}", value)
    words = iter(shlex.split(command)[1:])
    method, path, follow, in_url = "", "", False, False
    headers: dict[str, str] = {}
    fields: dict[str, str] = {}
    body: bytes | None = None
    for word in words:
        match word:
            case "-G":
                in_url = True
            case "-L":
                follow = True
            case "-O" | "-J":
                pass
            case "-X":
                method = next(words)
            case "-r":
                headers["Range"] = f"bytes={next(words)}"
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d" | "--data-urlencode":
                name, _, value = next(words).partition("=")
                fields[name] = value
            case "--data-binary":
                body = next(words).encode()
            case _:
                assert word.startswith(HERE), word
                path = word.removeprefix(HERE)
    sends = bool(body or fields) and not in_url
    return client.open(
        path,
        method=method or ("POST" if sends else "GET"),
        query_string=fields if in_url else None,
        data=(body or fields) if sends else None,
        headers=headers,
        follow_redirects=follow,
        buffered=True,
    )
