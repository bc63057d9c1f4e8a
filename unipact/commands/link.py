"""`unipact link`: find records in other knowledge bases, review what was found, apply it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import click

from kg.build.cache import Cache
from kg.data import seeds_dir
from kg.errors import InputError
from kg.linking import enriching, finding
from kg.linking.client import Client
from kg.linking.entities import Entity, entities
from kg.linking.reviewing import Question, Verdict, decide, questions
from kg.linking.sources import ROR, WIKIDATA, Reconciliation, RorApi, Source, Sparql, Wikidata
from kg.linking.sssom import SUFFIX, Decision, MappingSet, read_sets, start
from kg.matching.index import Index
from kg.matching.ror import entries_of_ror, read_ror
from kg.releases import Releases
from unipact.api import build
from unipact.options import as_json, setting, settings
from unipact.progress import TerminalProgress

_ORGANISATIONS: Final = frozenset({"Organization"})
_KEYS: Final = {
    "e": Verdict.EXACT, "c": Verdict.CLOSE, "r": Verdict.REJECT, "n": Verdict.NONE,
}  # fmt: skip
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_SAVED_EVERY: Final = 20  # entities of a live source
Item = TypeVar("Item")

_seeds = click.option(
    "--seeds",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    metavar="DIR",
    help="The seeds, whose links/ holds the decisions. [default: the shipped ones]",
)


@click.group("link")
def command() -> None:
    """Link the graph's entities to ROR, Wikidata and others."""


@command.command()
@click.option(
    "--ror",
    type=_FILE,
    metavar="FILE",
    help="A dump of ROR, schema v2: JSON, JSON Lines, gzipped, or zipped as ROR ships it.",
)
@click.option(
    "--source",
    type=click.Choice(["ror", "wikidata", "reconcile", "sparql"]),
    help="Ask a service over the network instead.",
)
@click.option("--url", metavar="URL", help="Where the service is; for reconcile and sparql.")
@click.option(
    "--query",
    type=_FILE,
    metavar="FILE",
    help="For sparql: a query with $name that selects ?item and ?name.",
)
@click.option("--into", metavar="NAME", help="The mapping set, links/NAME.sssom.tsv.")
@click.option("--within", metavar="IRI", help="What the identifiers begin with.")
@click.option("--source-version", default="", metavar="VERSION", help="The version of the source.")
@click.option(
    "--client-id",
    default="",
    metavar="ID",
    envvar="UNIPACT_ROR_CLIENT_ID",
    help="For ror: the Client-Id that the registry gave you.",
)
@_seeds
@setting("releases")
def find(
    ror: Path | None,
    source: str | None,
    url: str | None,
    query: Path | None,
    into: str | None,
    within: str | None,
    source_version: str,
    client_id: str,
    seeds: Path | None,
    releases: str | None,
) -> None:
    """Look for records of the current release's entities, and write what is found.

    What is sure becomes a close match; what is not waits for review, with the best candidates. What
    a person decided stays and is not asked again. Nothing is sent over the network unless --source
    names a service. Answers of services are kept, so an interrupted run goes on where it stopped.
    """
    if (ror is None) == (source is None):
        raise InputError("give --ror FILE or --source NAME")
    release = Releases(Path(settings(releases=releases).text("releases"))).current()
    name, space = _target(ror, source, into, within)
    mappings = _mapping_set((seeds or seeds_dir()) / "links" / f"{name}{SUFFIX}", name, space)
    writer = finding.Writer(
        release.manifest.base, _today(), source_version or (ror.name if ror else ""), space
    )
    wanted = [one for one in entities(release) if _fits(one, name) and writer.wants(one, mappings)]
    with TerminalProgress() as progress:
        look = (
            finding.in_index(Index.build(read_ror(ror)))
            if ror
            else finding.in_source(_service(source or "", url, query, name, space, client_id))
        )
        counts = dict.fromkeys(("accept", "review", "none"), 0)
        for group in _groups(_looked(wanted, look, progress), _SAVED_EVERY):
            mappings = writer.with_found(mappings, group)
            mappings.write()
            for one in group:
                counts[one.decision] += 1
    click.echo(f"{mappings.file}: {_summary(counts)}")
    if counts["review"]:
        click.echo("next: unipact link review", err=True)


def _looked(
    wanted: list[Entity], look: finding.Find, progress: TerminalProgress
) -> Iterator[finding.Found]:
    for number, entity in enumerate(wanted):
        progress.step("look up", number, len(wanted))
        yield look(entity)


def _groups(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield items in groups; what was found before a failure is yielded before it is raised."""
    group: list[Item] = []
    try:
        for item in items:
            group.append(item)
            if len(group) == size:
                yield group
                group = []
    finally:
        if group:
            yield group


def _fits(entity: Entity, name: str) -> bool:
    """Tell whether an entity may be in a source: a registry of organisations has only these."""
    return name != "ror" or not _ORGANISATIONS.isdisjoint(entity.classes)


def _target(
    ror: Path | None, source: str | None, into: str | None, within: str | None
) -> tuple[str, str]:
    if ror is not None or source == "ror":
        return into or "ror", within or ROR
    if source == "wikidata":
        return into or "wikidata", within or WIKIDATA
    if not into or not within:
        raise InputError("say --into NAME and --within IRI for a service of this kind")
    return into, within


def _service(
    source: str, url: str | None, query: Path | None, name: str, space: str, client_id: str
) -> Source:
    headers = {"api.ror.org": {"Client-Id": client_id}} if client_id else {}
    client = Client(Cache(Path(click.get_app_dir("unipact")) / "answers"), headers=headers)
    if source == "ror":
        return RorApi(client, url) if url else RorApi(client)
    if source == "wikidata":
        return Wikidata(client, url) if url else Wikidata(client)
    if not url:
        raise InputError("say where the service is: --url URL")
    if source == "reconcile":
        return Reconciliation(client, url, name, space)
    if query is None:
        raise InputError("say how to ask: --query FILE")
    return Sparql(client, url, query.read_text(encoding="utf-8"), name)


def _mapping_set(file: Path, name: str, space: str) -> MappingSet:
    return MappingSet.read(file) if file.exists() else start(file, name, space)


@command.command("list")
@click.option("--decision", type=click.Choice([one.value for one in Decision]), help="Only these.")
@_seeds
@as_json
def list_(decision: str | None, seeds: Path | None, json_: bool) -> None:
    """List the decisions: accepted, waiting for review, rejected, none found."""
    rows = [
        {
            "subject": row.subject,
            "label": row.says("subject_label"),
            "decision": row.decision.value,
            "predicate": row.predicate,
            "object": row.object,
            "object_label": row.says("object_label"),
            "confidence": row.says("confidence"),
            "reviewed": row.reviewed,
            "comment": row.says("comment"),
        }
        for mappings in read_sets((seeds or seeds_dir()) / "links")
        for row in mappings.rows
        if decision in (None, row.decision)
    ]
    if json_:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in rows:
        shown = one["object"] if one["decision"] != Decision.NONE else "no match found"
        click.echo(f"{one['decision']:9} {one['label']} → {shown} {one['object_label']}".rstrip())
    click.echo(f"{len(rows)} decisions", err=True)


@command.command()
@click.option("--reviewer", required=True, metavar="NAME", help="Who decides; stands in the file.")
@_seeds
@setting("releases")
def review(reviewer: str, seeds: Path | None, releases: str | None) -> None:
    """Decide about what waits for review, one entity after the other.

    e: the same thing; c: probably the same; r: not the same; n: none of them, there is no match;
    s: skip; q: stop. Each decision is written at once.
    """
    known = _known(releases)
    decided = 0
    for mappings in list(read_sets((seeds or seeds_dir()) / "links")):
        for question in questions(mappings):
            answer = _asked(question, known.get(question.subject))
            if answer is None:
                click.echo(f"{decided} decided", err=True)
                return
            for value, verdict in answer:
                mappings = decide(
                    mappings, question.subject, value, verdict, reviewer=reviewer, date=_today()
                )
                mappings.write()
                decided += 1
    click.echo(f"{decided} decided; unipact build makes the links", err=True)


def _asked(question: Question, entity: Entity | None) -> list[tuple[str, Verdict]] | None:
    """Ask about the candidates of one entity; None when the reviewer wants to stop."""
    click.echo(f"\n{question.label}")
    if entity is not None:
        click.echo(f"  names    {' · '.join(name for name, _ in entity.names)}")
        click.echo(f"  place    {' '.join(filter(None, (entity.city, entity.country))) or '?'}")
        click.echo(f"  text     {entity.sentence or '—'}")
    decisions: list[tuple[str, Verdict]] = []
    for row in question.candidates:
        said = " ".join(filter(None, (row.says("object_country"), row.says("object_status"))))
        click.echo(f"  {row.says('object_label')} {said} <{row.object}>")
        click.echo(f"           {row.says('comment')}")
        key = click.prompt(
            "  e/c/r/n/s/q", type=click.Choice([*_KEYS, "s", "q"]), show_choices=False
        )
        if key == "q":
            return decisions or None
        if key == "s":
            continue
        verdict = _KEYS[key]
        if verdict is Verdict.NONE:
            return [("", verdict)]
        decisions.append((row.object, verdict))
        if verdict is not Verdict.REJECT:
            break
    return decisions


def _known(releases: str | None) -> dict[str, Entity]:
    release = Releases(Path(settings(releases=releases).text("releases"))).find_current()
    return {one.iri: one for one in entities(release)} if release else {}


@command.command()
@click.option("--ror", type=_FILE, required=True, metavar="FILE", help="A dump of ROR, schema v2.")
@click.option("--source-version", default="", metavar="VERSION", help="The version of the dump.")
@_seeds
def enrich(ror: Path, source_version: str, seeds: Path | None) -> None:
    """Take what ROR says of the linked records: names, place, founding year, parents.

    It goes to external/ror.nt of the seeds, and with the next build to a graph of its own, where
    each record names its source and licence.
    """
    folder = seeds or seeds_dir()
    wanted = {
        record for mappings in read_sets(folder / "links") for record in enriching.linked(mappings)
    }
    said = f"ROR {source_version}".strip() if source_version else f"ROR, {ror.name}"
    triples = enriching.said_by_ror(entries_of_ror(ror), wanted, source=said)
    file = folder / "external" / "ror.nt"
    click.echo(f"{file}: {enriching.write(file, triples)} statements")


@command.command()
@_seeds
@setting("releases")
def apply(seeds: Path | None, releases: str | None) -> None:
    """Build a release with the links that were accepted."""
    with TerminalProgress() as progress:
        release = build(
            seeds, releases=settings(releases=releases).text("releases"), progress=progress
        )
    links = release.manifest.graphs.get("links", 0)
    click.echo(f"release {release.id}: {links:,} statements about links")


def _summary(counts: dict[str, int]) -> str:
    return (
        f"{counts['accept']} accepted, {counts['review']} to review, {counts['none']} without match"
    )


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
