"""Asks a SPARQL endpoint over HTTP."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Final

import requests

from kg.errors import DataError

_ACCEPT: Final = {
    "table": "text/tab-separated-values, text/turtle;q=0.5",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
}
_PATIENCE: Final = (10, 120)  # seconds to connect, seconds between two pieces of the answer


def ask_endpoint(url: str, query: str, format_: str) -> None:
    """Send the query and copy the answer to standard output as it arrives.

    Raises:
        DataError: the endpoint cannot be reached, refuses the query, or breaks off.
    """
    headers = {"Accept": _ACCEPT[format_], "User-Agent": f"unipact/{version('unipact')}"}
    try:
        with requests.post(
            url, data={"query": query}, headers=headers, timeout=_PATIENCE, stream=True
        ) as answer:
            if not answer.ok:
                raise DataError(
                    f"{url} answered {answer.status_code}", hint=answer.text[:2000].strip()
                )
            for chunk in answer.iter_content(65536):
                sys.stdout.buffer.write(chunk)
    except requests.RequestException as error:
        raise DataError(f"cannot ask {url}: {error}") from error
