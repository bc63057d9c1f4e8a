"""`unipact serve`: serve the current release over HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from kg.releases import Releases
from server.serving import serve
from unipact.api import build
from unipact.options import setting, settings
from unipact.progress import TerminalProgress


@click.command("serve")
@setting("host")
@setting("port")
@setting("releases")
@click.option("--writable", is_flag=True, help="Let those who have a token write.")
def command(host: str | None, port: int | None, releases: str | None, writable: bool) -> None:
    """Serve the current release: SPARQL, downloads, linked data and pages.

    Where no release has been built yet, the shipped corpus is built first. Nobody can write unless
    --writable is given, and then only who has a token (`unipact token create`).
    """
    chosen = settings(host=host, port=port, releases=releases, writable="on" if writable else None)
    folder = Path(chosen.text("releases"))
    if Releases(folder).find_current() is None:
        click.echo(f"no release in {folder} yet: building the shipped corpus", err=True)
        with TerminalProgress() as progress:
            build(releases=folder, progress=progress)
    serve(folder, chosen)
