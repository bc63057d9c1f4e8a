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
@click.option("--drop-changes", is_flag=True, help="Leave out what was written to the releases.")
@as_json
def command(
    seeds: Path | None,
    ontology: Path | None,
    shapes: Path | None,
    originals: Path | None,
    jobs: int | None,
    base: str | None,
    releases: str | None,
    drop_changes: bool,
    json_: bool,
) -> None:
    """Read, check, map, validate, derive and publish; an unchanged article costs nothing.

    The changes that were written to the current release are made again; one that does not fit the
    seeds any more stops the build. A build that fails leaves the current release as it was.
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
            drop_changes=drop_changes,
            progress=progress,
        )
    if json_:
        click.echo(release.manifest.to_json(), nl=False)
        return
    articles, quads = release.manifest.articles, release.manifest.quads
    click.echo(f"release {release.id}: {articles:,} articles, {quads:,} quads in {release.path}")
