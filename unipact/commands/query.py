"""`unipact query`: run SPARQL on the current release, or on any endpoint."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.errors import DataError
from unipact.api import open_release
from unipact.endpoint import ask_endpoint
from unipact.options import setting, settings
from unipact.results import FORMATS, write_result


@click.command("query")
@click.argument("file", metavar="FILE", type=click.Path(allow_dash=True))
@click.option(
    "--format",
    "format_",
    type=click.Choice(sorted(FORMATS)),
    default="table",
    show_default=True,
    help="How the result is printed; graphs come as Turtle unless N-Triples or JSON-LD is named.",
)
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the release.")
@setting("releases")
def command(file: str, format_: str, endpoint: str | None, releases: str | None) -> None:
    """Run the SPARQL query in FILE (- for standard input) and print its result.

    The prefixes of the release (up, id, skos, schema …) need not be declared.
    """
    text = _read(file)
    if endpoint:
        ask_endpoint(endpoint, text, format_)
        return
    release = open_release(settings(releases=releases).text("releases"))
    write_result(release.query(text), format_, release.prefixes)


def _read(file: str) -> str:
    try:
        if file == "-":
            return sys.stdin.read()
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read the query {file}: {error}") from error
