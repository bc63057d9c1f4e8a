"""`unipact check`: find what is wrong with a corpus, without publishing anything."""

from __future__ import annotations

from pathlib import Path

import click

from kg.validation.corpuscheck import CorpusReport
from unipact.api import check
from unipact.corpus import corpus_options
from unipact.options import settings
from unipact.progress import TerminalProgress

_FORMATS = ("text", "json", "turtle")


@click.command("check")
@corpus_options
@click.option("--json", "format_", flag_value="json", help="Print the findings as JSON.")
@click.option("--turtle", "format_", flag_value="turtle", help="Print a SHACL report as Turtle.")
def command(
    seeds: Path | None,
    ontology: Path | None,
    shapes: Path | None,
    originals: Path | None,
    jobs: int | None,
    format_: str | None,
) -> int:
    """Check annotations against their texts and the ontology, then the data against the shapes.

    Each finding names the file and line, the fact, the rule and what to do. Exit code 2 when there
    is an error; warnings alone give 0.
    """
    with TerminalProgress() as progress:
        report = check(
            seeds,
            ontology=ontology,
            shapes=shapes,
            originals=originals,
            jobs=settings(jobs=jobs).number("jobs"),
            progress=progress,
        )
    _print(report, format_ or "text")
    return 0 if report.conforms else 2


def _print(report: CorpusReport, format_: str) -> None:
    if format_ == "json":
        click.echo(report.as_json())
    elif format_ == "turtle":
        click.echo(report.as_turtle(), nl=False)
    else:
        for line in report.lines():
            click.echo(line)
        click.echo(report.summary, err=True)
