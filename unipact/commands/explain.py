"""`unipact explain`: all that is known about a node, with article, quote and status."""

from __future__ import annotations

import dataclasses
import json

import click
from rich.console import Console
from rich.text import Text

from kg.explanations import Explanation, Statement
from unipact.api import open_release
from unipact.options import as_json, setting, settings
from unipact.reports import report_glance, report_text

_SOURCES = {
    "article": "",
    "authority": "curated",
    "links": "reviewed link",
    "derived": "derived",
    "derived-attributed": "derived, on somebody's word",
}


@click.command("explain")
@click.argument("node", metavar="IRI")
@click.argument("edge", nargs=-1, metavar="[PROPERTY VALUE]")
@setting("releases")
@as_json
def command(node: str, edge: tuple[str, ...], releases: str | None, json_: bool) -> None:
    """Print everything known about a node, with article, quote and status of each statement.

    IRI may be a whole IRI, a prefixed name (up:Membership), a path under the base (id/spbpu) or a
    bare key (spbpu). With PROPERTY and VALUE as well, print only the facts that this edge rests on.
    """
    if len(edge) not in (0, 2):
        raise click.UsageError("give a node, or a node, a property and a value")
    release = open_release(settings(releases=releases).text("releases"))
    if edge:
        reports = release.explain_edge(node, *edge)
        if json_:
            click.echo(json.dumps([dataclasses.asdict(r) for r in reports], ensure_ascii=False))
            return
        _print(Text("\n").join(report_text(report) for report in reports))
        return
    explanation = release.explain(node)
    if json_:
        click.echo(json.dumps(dataclasses.asdict(explanation), ensure_ascii=False))
        return
    _print(_explanation(explanation))


def _print(text: Text) -> None:
    Console(highlight=False, soft_wrap=True).print(text)


def _explanation(explanation: Explanation) -> Text:
    lines = [
        Text.assemble((explanation.label, "bold"), f"  {', '.join(explanation.kinds)}"),
        Text(explanation.iri, "dim"),
    ]
    if explanation.report:
        lines += [Text(), report_text(explanation.report)]
    lines += [Text(), *(_statement(statement) for statement in explanation.statements)]
    if explanation.facts:
        lines += [Text(), Text(f"Facts that involve it ({len(explanation.facts)})", "bold")]
        lines += [report_text(report) for report in explanation.facts]
    return Text("\n").join(lines)


def _statement(statement: Statement) -> Text:
    source = _SOURCES.get(statement.source, statement.source)
    line = Text.assemble(
        (statement.property_label, "bold"), f": {statement.value_label}", (f"  {source}", "dim")
    )
    for report in statement.reports:
        line.append("\n").append_text(report_glance(report))
    return line
