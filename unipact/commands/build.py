"""`unipact build`: from a folder of articles to a published release."""

from __future__ import annotations

from pathlib import Path

import click

from unipact.api import build
from unipact.corpus import corpus_options
from unipact.options import as_json, setting, settings
from unipact.progress import TerminalProgress


@click.command("build")
@corpus_options
@setting("base")
@setting("releases")
@as_json
def command(
    seeds: Path | None,
    ontology: Path | None,
    shapes: Path | None,
    originals: Path | None,
    jobs: int | None,
    base: str | None,
    releases: str | None,
    json_: bool,
) -> None:
    """Read, check, map, validate, derive and publish; an unchanged article costs nothing.

    A build that fails leaves the current release as it was.
    """
    chosen = settings(jobs=jobs, base=base, releases=releases)
    with TerminalProgress() as progress:
        release = build(
            seeds,
            releases=chosen.text("releases"),
            ontology=ontology,
            shapes=shapes,
            originals=originals,
            base=chosen.text("base"),
            jobs=chosen.number("jobs"),
            progress=progress,
        )
    if json_:
        click.echo(release.manifest.to_json(), nl=False)
        return
    articles, quads = release.manifest.articles, release.manifest.quads
    click.echo(f"release {release.id}: {articles:,} articles, {quads:,} quads in {release.path}")
