"""`unipact releases`: list them, go back to one, remove, verify, take something out for good."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from kg.changes import Patch, between, complete, counted, write_patch
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
            "parent": release.manifest.parent,
            "written": asdict(release.manifest.written) if release.manifest.written else None,
            "pending": release.manifest.pending,
        }
        for release in found.list()
    ]
    if json_:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        mark = "*" if row["current"] else " "
        size = f"{row['articles']:,} articles  {row['quads']:,} quads"
        pending = "  dumps pending" if row["pending"] else ""
        click.echo(f"{mark} {row['id']}  {row['created']}  {size}{pending}")


@command.command()
@click.argument("release")
@setting("releases")
def use(release: str, releases: str | None) -> None:
    """Make RELEASE the current one: a way back, or forward again."""
    _open(releases).use(release)
    click.echo(f"{release} is current")


@command.command()
@click.option("--keep", type=click.IntRange(1), default=5, show_default=True, metavar="RELEASES")
@click.option(
    "--older-than",
    type=click.FloatRange(0),
    metavar="DAYS",
    help="Remove only what is older than this.",
)
@setting("releases")
def prune(keep: int, older_than: float | None, releases: str | None) -> None:
    """Remove all but the newest releases.

    What is in use stays: the current release, those that a server reads, and those from which the
    dumps of a written release are still to be made. Accepted changes stay, too.
    """
    removed = _open(releases).prune(keep=keep, older_than=older_than)
    for release in removed:
        click.echo(f"removed {release}")
    click.echo(f"{len(removed)} removed", err=True)


@command.command()
@click.argument("old")
@click.argument("new")
@setting("releases")
@as_json
def diff(old: str, new: str, releases: str | None, json_: bool) -> None:
    """Print what NEW adds to OLD and takes away, as RDF Patch; with --json, how much by graph."""
    found = _open(releases)
    first, last = found.get(old), found.get(new)
    delta = between(found, first, last)
    if not json_:
        write_patch(Patch(delta, {"parent": first.id, "release": last.id}), sys.stdout)
        return
    counts = {"added": counted(delta.added), "removed": counted(delta.removed)}
    click.echo(json.dumps({"from": first.id, "to": last.id, **counts}))


@command.command("complete")
@click.argument("release", default="current")
@setting("releases")
def complete_(release: str, releases: str | None) -> None:
    """Make the dumps, label index and statistics of RELEASE, if a write left them pending."""
    with TerminalProgress() as progress:
        done = complete(_open(releases), release, progress=progress)
    click.echo(f"{done.id} is complete")


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
