"""`unipact changes`: what was written to releases, to be looked at and turned into seeds."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from kg.changes import KeptChange, KeptChanges, counted
from kg.changes.exporting import export_changes
from kg.errors import ReleaseError
from kg.releases import Releases
from unipact.options import as_json, setting, settings


@click.group("changes")
def command() -> None:
    """List, show and export the accepted changes that a build makes again."""


def _open(releases: str | None) -> Releases:
    return Releases(Path(settings(releases=releases).text("releases")))


def _in_force(releases: Releases) -> tuple[KeptChange, ...]:
    return KeptChanges(releases.root).leading_to(releases.current().manifest.change)


@command.command("list")
@click.option("--all", "all_", is_flag=True, help="Also those that are not in force.")
@setting("releases")
@as_json
def list_(all_: bool, releases: str | None, json_: bool) -> None:
    """List the changes in force, oldest first: those that lead up to the current release.

    Going back to an older release leaves later changes out of force; --all shows them, too.
    """
    found = _open(releases)
    in_force = {change.name for change in _in_force(found)}
    changes = KeptChanges(found.root).all() if all_ else _in_force(found)
    rows = [_row(change, in_force=change.name in in_force) for change in changes]
    if json_:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        mark = "*" if row["in_force"] else " "
        counts = f"+{row['added']} -{row['removed']}"
        about = "  ".join(str(row[key]) for key in ("when", "by", "operation", "request"))
        click.echo(f"{mark} {row['name']}  {counts}  {about}".rstrip())
    click.echo(f"{len(in_force)} in force", err=True)


@command.command()
@click.argument("change")
@setting("releases")
def show(change: str, releases: str | None) -> None:
    """Print CHANGE (its name, or the beginning of it) as RDF Patch."""
    found = KeptChanges(_open(releases).root).get(change)
    click.echo(found.file.read_text(encoding="utf-8"), nl=False)


@command.command()
@click.argument(
    "folder", default="seeds", type=click.Path(file_okay=False, writable=True, path_type=Path)
)
@setting("releases")
@as_json
def export(folder: Path, releases: str | None, json_: bool) -> None:
    """Turn the changes in force into files of the seeds in FOLDER, `seeds` if not given.

    Look through what was written, commit it, and build with --drop-changes.
    """
    found = _open(releases)
    changes = _in_force(found)
    if not changes:
        raise ReleaseError("no change is in force: there is nothing to export")
    base = found.current().manifest.base
    exported = export_changes(changes, folder, base=base)
    if json_:
        rows = [{"file": str(file), "quads": quads} for file, quads in exported.files]
        click.echo(json.dumps(rows))
        return
    for file, quads in exported.files:
        click.echo(f"{file}: {quads} quads")
    hint = "now: unipact build --drop-changes" if exported.files else "the seeds say it all already"
    click.echo(hint, err=True)


def _row(change: KeptChange, *, in_force: bool) -> dict[str, object]:
    delta = change.delta()
    return {
        "name": change.name,
        "in_force": in_force,
        "release": change.release,
        "parent": change.parent,
        **asdict(change.signature),
        "added": len(delta.added),
        "removed": len(delta.removed),
        "graphs": sorted({*counted(delta.added), *counted(delta.removed)}),
    }
