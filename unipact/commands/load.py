"""`unipact load`: make a release from existing RDF."""

from __future__ import annotations

from pathlib import Path

import click

from unipact.api import load
from unipact.options import as_json, folder, setting, settings
from unipact.progress import TerminalProgress


@click.command("load")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@folder(
    "shapes", "Validate with these SHACL shapes; without them the manifest says: not validated."
)
@folder("rules", "Derive with these rules (CONSTRUCT queries, in the order of their names).")
@setting("releases")
@setting("default-graph")
@click.option("--drop-changes", is_flag=True, help="Leave out what was written to the releases.")
@as_json
def command(
    files: tuple[Path, ...],
    shapes: Path | None,
    rules: Path | None,
    releases: str | None,
    default_graph: str | None,
    drop_changes: bool,
    json_: bool,
) -> None:
    """Publish a release from RDF files in any syntax, gzip-compressed or not.

    Blank nodes become IRIs, the same ones for the same input. Changes that were written to the
    current release would be lost, so they have to be dropped by --drop-changes.
    """
    chosen = settings(releases=releases, default_graph=default_graph)
    with TerminalProgress() as progress:
        release = load(
            files,
            releases=chosen.text("releases"),
            shapes=shapes,
            rules=rules,
            default_graph=chosen.text("default-graph"),
            drop_changes=drop_changes,
            progress=progress,
        )
    if json_:
        click.echo(release.manifest.to_json(), nl=False)
        return
    click.echo(f"release {release.id}: {release.manifest.quads:,} quads in {release.path}")
