"""`unipact releases`: list them, go back to one, remove, verify, take something out for good."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg.releases import Releases
from kg.releases.purging import purge
from unipact.options import as_json, setting, settings
from unipact.progress import TerminalProgress


@click.group("releases")
def command() -> None:
    """List, choose, remove and verify releases."""


def _open(releases: str | None) -> Releases:
    return Releases(Path(settings(releases=releases).text("releases")))


@command.command("list")
@setting("releases")
@as_json
def list_(releases: str | None, json_: bool) -> None:
    """List the releases, newest first; the current one is marked."""
    found = _open(releases)
    current = found.current_id()
    rows = [
        {
            "id": release.id,
            "current": release.id == current,
            "articles": release.manifest.articles,
            "quads": release.manifest.quads,
            "created": release.manifest.created,
        }
        for release in found.list()
    ]
    if json_:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        mark = "*" if row["current"] else " "
        size = f"{row['articles']:,} articles  {row['quads']:,} quads"
        click.echo(f"{mark} {row['id']}  {row['created']}  {size}")


@command.command()
@click.argument("release")
@setting("releases")
def use(release: str, releases: str | None) -> None:
    """Make RELEASE the current one: a way back, or forward again."""
    _open(releases).use(release)
    click.echo(f"{release} is current")


@command.command()
@click.option("--keep", type=click.IntRange(1), default=5, show_default=True, metavar="RELEASES")
@setting("releases")
def prune(keep: int, releases: str | None) -> None:
    """Remove all but the newest releases; the current one always stays."""
    removed = _open(releases).prune(keep=keep)
    for release in removed:
        click.echo(f"removed {release}")
    click.echo(f"{len(removed)} removed", err=True)


@command.command()
@click.argument("release", required=False)
@setting("releases")
def verify(release: str | None, releases: str | None) -> None:
    """Compare RELEASE (the current one when not given) with its own checksums and counts."""
    found = _open(releases)
    chosen = release or found.current().id
    found.verify(chosen)
    click.echo(f"{chosen} is whole")


@command.command("purge")
@click.argument("iri")
@click.option("--yes", is_flag=True, help="Do not ask.")
@setting("releases")
def purge_(iri: str, yes: bool, releases: str | None) -> None:
    """Take a person or an article (its IRI) out of every release, for good.

    Each release that knows it is replaced by a new one; the old ids are gone and answer 410.
    """
    if not yes:
        click.confirm(f"Remove <{iri}> from all releases? There is no way back", abort=True)
    with TerminalProgress() as progress:
        replaced = purge(_open(releases), iri, progress=progress)
    for old, new in replaced.items():
        click.echo(f"{old} → {new or 'nothing left'}")
    click.echo(f"{len(replaced)} releases replaced", err=True)
