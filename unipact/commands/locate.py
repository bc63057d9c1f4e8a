"""`unipact locate`: where words stand in the articles and in their originals."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click

from kg.errors import DataError
from unipact.locations import locate
from unipact.options import as_json, folder


@click.command("locate")
@click.argument("quote")
@folder("seeds", "The corpus; the shipped one when not given.")
@folder("originals", "Look into the original documents as well.")
@as_json
def command(quote: str, seeds: Path | None, originals: Path | None, json_: bool) -> None:
    """Print where QUOTE stands: article, line, range in the text, passages and their sources.

    Ranges are code points, end exclusive, ready to be pasted into annotations. White space counts
    as one blank; "A … B" is from A to the first B after it.
    """
    found = locate(quote, seeds=seeds, originals=originals)
    if not found:
        raise DataError("these words stand in no article", hint="case counts, white space does not")
    if json_:
        click.echo(json.dumps([dataclasses.asdict(place) for place in found], ensure_ascii=False))
        return
    for place in found:
        name = f"{place.article}/{place.file}" if place.article else place.file
        click.echo(f"{name}:{place.line}: {place.start}-{place.end}  “{place.words}”")
        for passage in place.passages:
            click.echo(f"  in passage {passage.key!r}, source {passage.source or 'not given'}")
