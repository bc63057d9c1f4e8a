"""Texts go out compressed: pages, style sheets, drawings, and JSON that is made here."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from server.sparql.encodings import SMALLEST, choose, compress

_TYPES: Final = frozenset(
    {
        "application/geo+json",
        "application/json",
        "application/problem+json",
        "application/xml",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
_WHOLE: Final = frozenset({"GET", "HEAD"})  # the tag of a write's answer is a release, and stays
_PARTS: Final = frozenset({204, 206, 304})
_LARGEST_FILE: Final = 1 << 20  # bytes of a file that is read into memory for it


def attach(app: Flask) -> None:
    """Compress what an app answers, for clients that take it.

    What is streamed, is a part, or is compressed already stays as it is.
    """
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if not _may_be(response):
        return response
    response.vary.add("Accept-Encoding")
    encoding = choose(request.headers.get("Accept-Encoding", ""))
    if not encoding or response.status_code in _PARTS:
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < SMALLEST:
        return response
    response.set_data(compress(content, encoding))
    response.headers["Content-Encoding"] = encoding
    response.headers.pop("Accept-Ranges", None)
    _weaken(response)
    return response


def _may_be(response: Response) -> bool:
    if request.method not in _WHOLE or response.mimetype not in _TYPES:
        return False
    if "Content-Encoding" in response.headers or "Accept-Encoding" in response.vary:
        return False  # whoever made it decided
    if request.endpoint == "static":
        return (response.content_length or 0) <= _LARGEST_FILE
    return not response.is_streamed and not response.direct_passthrough


def _weaken(response: Response) -> None:
    """Make the tag one for all codings of a content: a strong one names bytes (RFC 9110, 8.8.1)."""
    tag, weak = response.get_etag()
    if tag is not None and not weak:
        response.set_etag(tag, weak=True)
