"""`unipact show`: the facts of an article as a person reads them."""

from __future__ import annotations

import dataclasses
import json

import click
from rich.console import Console
from rich.text import Text

from kg.releases.manifest import ArticleEntry
from unipact.api import open_release
from unipact.options import as_json, setting, settings
from unipact.reports import report_text


@click.command("show")
@click.argument("article", required=False)
@setting("releases")
@as_json
def command(article: str | None, releases: str | None, json_: bool) -> None:
    """Print what ARTICLE reports, in the order of its text; without ARTICLE, list the articles."""
    release = open_release(settings(releases=releases).text("releases"))
    if article is None:
        _list(release.articles, as_json=json_)
        return
    reports = release.reported_in(article)
    if json_:
        click.echo(json.dumps([dataclasses.asdict(r) for r in reports], ensure_ascii=False))
        return
    lines = Text("\n").join(report_text(report, indent="") for report in reports)
    Console(highlight=False, soft_wrap=True).print(lines)


def _list(articles: tuple[ArticleEntry, ...], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(a) for a in articles], ensure_ascii=False))
        return
    for article in articles:
        click.echo(f"{article.slug}  {article.title}")
