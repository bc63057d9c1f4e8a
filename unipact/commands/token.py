"""`unipact token`: make, list and revoke the tokens of those who may write."""

from __future__ import annotations

import json
from pathlib import Path

import click

from server.access.tokens import Token, Tokens
from unipact.options import as_json, setting, settings


@click.group("token")
def command() -> None:
    """Make, list and revoke tokens for writing over HTTP."""


def _open(releases: str | None) -> Tokens:
    return Tokens(Path(settings(releases=releases).text("releases")))


@command.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="SCOPE",
    help="What it allows: admin, links, annotate, write:graph=GRAPH (a name, an IRI, or with a * "
    "at the end). May be given several times.",
)
@click.option(
    "--days",
    type=click.FloatRange(0),
    default=90.0,
    show_default=True,
    metavar="DAYS",
    help="How long it is valid; 0: until it is revoked.",
)
@setting("releases")
@as_json
def create(
    name: str, scopes: tuple[str, ...], days: float, releases: str | None, json_: bool
) -> None:
    """Make a token for NAME and print it, this once; only its hash is kept."""
    token, text = _open(releases).create(name, scopes, days=days)
    if json_:
        click.echo(json.dumps({**_row(token), "token": text}))
        return
    click.echo(text)
    until = f"until {token.expires}" if token.expires else "until it is revoked"
    click.echo(f"{token.id}: {', '.join(token.scopes)}, {until}; it is not shown again", err=True)


@command.command("list")
@setting("releases")
@as_json
def list_(releases: str | None, json_: bool) -> None:
    """List the tokens: id, name, scopes, until when; never the secret."""
    found = _open(releases).list()
    if json_:
        click.echo(json.dumps([_row(token) for token in found]))
        return
    for token in found:
        until = token.expires or "no end"
        click.echo(f"{token.id}  {until}  {token.name}  {', '.join(token.scopes)}")
    click.echo(f"{len(found)} token{'' if len(found) == 1 else 's'}", err=True)


@command.command()
@click.argument("token_id", metavar="ID")
@setting("releases")
def revoke(token_id: str, releases: str | None) -> None:
    """Make the token of this ID worth nothing, at once, in running servers too."""
    token = _open(releases).revoke(token_id)
    click.echo(f"revoked {token.id} ({token.name})")


def _row(token: Token) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": list(token.scopes),
        "created": token.created,
        "expires": token.expires,
    }
