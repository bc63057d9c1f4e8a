"""The pipeline: from a corpus to a published release.

read → check → map → validate (an article at a time, cached) → sort → make accepted changes again →
store → derive → check the whole graph → dump, index, describe → publish
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

from pyoxigraph import Store

from kg import digests
from kg.articles import sources
from kg.build.cache import Cache
from kg.build.corpus import outcomes
from kg.build.inputs import BuildInputs, Loaded, release_date
from kg.build.parts import Station, batches, head_of, lines_of, validated
from kg.changes import Delta, KeptChange, KeptChanges
from kg.changes.gate import Gate
from kg.changes.replaying import Replayed, changes_of_seeds, kept_changes, replay
from kg.disk import explained, write_whole
from kg.errors import (
    ChangeError,
    DuplicateKey,
    InputError,
    KgError,
    OntologyError,
    Place,
    Problems,
)
from kg.iris import Iris
from kg.prefixes import prefixes
from kg.progress import Progress, Silent
from kg.releases import Release, Releases
from kg.releases.assembly import Assembly, Origin
from kg.releases.criteria import copy_rules, copy_shapes
from kg.releases.manifest import ArticleEntry
from kg.releases.provenance import provenance
from kg.releases.publishable import check_publishable
from kg.releases.retired import write_retired
from kg.releases.sorting import sort_lines
from kg.releases.stores import fill
from kg.rules import derive
from kg.terms import line
from kg.validation.checks import graph_checks
from kg.validation.corpuscheck import CorpusReport, said_of

__all__ = ["BuildInputs", "Progress", "build_release", "check_corpus"]

_WAIT: Final = 10.0  # seconds; a change takes less


def build_release(
    inputs: BuildInputs,
    releases: Path,
    *,
    drop_changes: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Build a release and make it the current one; when nothing has changed, at once.

    The accepted changes that are in the current release are made again on top of the seeds, unless
    `drop_changes` leaves them out.

    Raises:
        Problems: the input has errors; all of them, sorted by place.
        Invalid: the data break a shape or a check of the whole graph.
        Conflict: a change cannot be made on top of the seeds.
        ReleaseError: another process builds, published IRIs would vanish, or the disk refuses.
            Whatever is raised, the current release stays as it was.
    """
    shelf = Releases(releases)
    with shelf.lock(wait=_WAIT), explained("build a release"):
        cache = Cache(releases / ".cache")
        current = None if drop_changes else shelf.find_current()
        change = current.manifest.change if current else ""
        digest = digests.digest([inputs.digest(), change])
        if known := _known_release(shelf, cache, digest):
            return known
        with shelf.staging() as staging:
            build = _Build.begin(inputs, staging, cache, progress)
            release = build.publish(shelf, change)
        cache.prune()
        if digests.digest([inputs.digest(), change]) == digest:  # nothing was edited meanwhile
            last = json.dumps({"inputs": digest, "release": release.id})
            write_whole(cache.folder / "last.json", last.encode())
        return release


def check_corpus(inputs: BuildInputs, *, progress: Progress | None = None) -> CorpusReport:
    """Do all that a build does except publish, and return everything that was found."""
    report = CorpusReport(Iris(inputs.base))
    with TemporaryDirectory(prefix="unipact-") as folder, explained("check a corpus"):
        work = Path(folder)
        try:
            build = _Build.begin(inputs, work, Cache(work / "cache"), progress, report=report)
            build.read()
            build.list_articles()
            if report.conforms:
                asserted = work / "asserted.nq"
                sort_lines(build.lines(), asserted, work=work)
                store = fill(work / "store", build.replay(asserted))
                for _ in derive(build.loaded.rules, store, build.iris):
                    pass
                build.check(store)
        except Problems as problems:
            report.errors.extend(problems.errors)
        except (InputError, ChangeError) as error:
            report.errors.append(error)
    return report


def _known_release(shelf: Releases, cache: Cache, digest: str) -> Release | None:
    """Return the release that the last build made of the same input, made current again."""
    try:
        last = json.loads((cache.folder / "last.json").read_text(encoding="utf-8"))
        name = last["release"] if last["inputs"] == digest else ""
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return shelf.point_to(name) if name and shelf.seems_whole(name) else None


@dataclass(slots=True)
class _Build:
    """One build on its way; `folder` becomes the release."""

    inputs: BuildInputs
    folder: Path
    cache: Cache
    progress: Progress
    report: CorpusReport
    iris: Iris
    loaded: Loaded
    station: Station
    parts: list[str] = field(default_factory=list)  # keys in the cache
    replayed: Replayed = field(default_factory=lambda: Replayed(Delta()))

    @classmethod
    def begin(
        cls,
        inputs: BuildInputs,
        folder: Path,
        cache: Cache,
        progress: Progress | None,
        *,
        report: CorpusReport | None = None,
    ) -> _Build:
        """Load what articles are read against."""
        iris = Iris(inputs.base)
        progress = progress or Silent()
        progress.step("load", 0, None)
        loaded = Loaded.load(inputs, iris)
        station = Station(
            ontology=loaded.ontology,
            authority=loaded.authority,
            shapes=loaded.shapes,
            originals=inputs.originals,
            iris=iris,
            cache_folder=cache.folder,
        )
        report = report or CorpusReport(iris)
        return cls(inputs, folder, cache, progress, report, iris, loaded, station)

    def publish(self, shelf: Releases, change: str) -> Release:
        """Do everything; `change` is the last of the accepted changes to be made again."""
        self.read()
        self.report.raise_if_any()
        created = release_date(self.list_articles())
        copy_rules(self.loaded.rules, self.folder / "rules")
        copy_shapes(self.inputs.shapes, self.folder / "shapes")
        kept = KeptChanges(shelf.root).leading_to(change)
        assembly = Assembly(
            releases=shelf,
            staging=self.folder,
            iris=self.iris,
            rules=self.loaded.rules,
            origin=Origin(
                created=created,
                validated=True,
                validation=f"SHACL, shapes {self.station.shapes.digest[:16]}",
                change=change,
            ),
            progress=self.progress,
            check=self._check_and_report,
            guard=lambda dataset: check_publishable(
                dataset, shelf, self.iris, retired=self._retired()
            ),
            amend=lambda asserted: self._amended(asserted, kept),
        )
        return assembly.make(chain(self.lines(), self._provenance(created)))

    def read(self) -> None:
        """Turn articles into parts, and validate what is curated; the report says what is wrong."""
        waiting = batches(sources(self.inputs.articles))
        found = outcomes(self.station, waiting, self.cache, jobs=self.inputs.jobs)
        done = 0
        for outcome in found:
            self.report.errors.extend(outcome.errors)
            self.cache.use(outcome.used)
            if not outcome.errors:
                done += self._take(outcome.key)
            self.progress.step("articles", done, None)
        self.parts.sort()
        self._validate_curated()

    def lines(self) -> Iterator[bytes]:
        """Yield everything that is not derived, as N-Quads."""
        loaded = self.loaded
        curated = chain(
            loaded.ontology.quads(self.iris),
            loaded.authority.quads(),
            loaded.links,
            loaded.external,
        )
        yield from (line(quad).encode() for quad in curated)
        for key in self.parts:
            yield from lines_of(self.cache, key)

    def replay(self, asserted: Path, kept: Sequence[KeptChange] = ()) -> Path:
        """Make the changes of the seeds, then those kept, on what is asserted.

        Raises:
            Conflict: a change does not fit.
        """
        changes = changes_of_seeds(self.inputs.seeds / "changes", self.iris)
        groups = [*([change] for change in changes), kept_changes(kept)]
        if not any(groups):
            return asserted
        output = asserted.with_name("amended.nq")
        self.replayed = replay(asserted, output, groups=groups, iris=self.iris)
        return output

    def check(self, store: Store) -> None:
        """Check the whole graph, and what changes touched; the report says what is wrong."""
        if self.replayed.delta:
            gate = Gate.load(self.inputs.shapes, iris=self.iris)
            broken = gate.judge(Store(), store, self.replayed.delta)
            self.report.add(broken, said_of(broken))
        folder = self.inputs.shapes / "graph"

        def rows(query: str) -> Iterable[Any]:
            try:
                return cast(Iterable[Any], store.query(query, prefixes=prefixes(self.iris)))
            except SyntaxError as error:
                what = f"a check is not SPARQL: {error.msg}"
                raise OntologyError(what, where=Place(str(folder))) from error

        results = graph_checks(folder, rows, iris=self.iris)
        self.report.add(results, said_of(results))

    def _take(self, key: str) -> int:
        head = head_of(self.cache, key)
        self.parts.append(key)
        self.report.warnings.extend(warned.error() for warned in head.warnings)
        self.report.add(head.results, (head.broken, head.remarks))
        return len(head.articles)

    def _validate_curated(self) -> None:
        """Validate curated entities and their links: no article is to blame for them."""
        loaded = self.loaded
        if loaded.curated is None:
            return
        quads = [*loaded.authority.quads(), *loaded.links]
        results, key = validated(
            self.cache,
            loaded.curated,
            quads,
            context=list(self.station.context.about(quads)),
        )
        self.cache.use([key])
        self.report.add(results, said_of(results))

    def _amended(self, asserted: Path, kept: Sequence[KeptChange]) -> Path:
        output = self.replay(asserted, kept)
        write_retired(self._retired(), self.folder / "retired.tsv")
        return output

    def _retired(self) -> dict[str, str]:
        """Return what the seeds retire, and what changes took away."""
        return {**dict.fromkeys(self.replayed.gone, ""), **self.loaded.retired}

    def _check_and_report(self, store: Store) -> None:
        self.check(store)
        self.report.raise_if_any()
        self.report.write(self.folder / "report")

    def list_articles(self) -> str:
        """Write texts and `articles.jsonl`, by slug; return the date of the newest article.

        Raises:
            Problems: articles that share a slug.
        """
        (self.folder / "texts").mkdir()
        listed = self.folder / "articles.sorted"
        sort_lines(self._entries(), listed, work=self.folder)
        errors: list[KgError] = []
        newest = before = ""
        with (
            listed.open(encoding="utf-8", newline="\n") as lines,
            (self.folder / "articles.jsonl").open("w", encoding="utf-8", newline="\n") as out,
        ):
            for row in lines:
                slug, published, file, number, entry = row.split("\t", 4)
                if slug == before:
                    where = Place(file, int(number))
                    errors.append(DuplicateKey(f"there are two articles {slug!r}", where=where))
                newest, before = max(newest, published), slug
                out.write(entry)
        listed.unlink()
        if errors:
            raise Problems(errors)
        return newest

    def _entries(self) -> Iterator[bytes]:
        """Write each text, and yield a line that sorts by slug."""
        for key in self.parts:
            head = head_of(self.cache, key)
            for entry, text, place in zip(head.articles, head.texts, head.places, strict=True):
                (self.folder / "texts" / f"{entry.slug}.txt").write_bytes(text.encode())
                known = (entry.slug, entry.published, place.file, str(place.line))
                yield ("\t".join(known) + "\t" + entry.to_json()).encode()

    def _provenance(self, created: str) -> Iterator[bytes]:
        with (self.folder / "articles.jsonl").open(encoding="utf-8") as lines:
            articles = map(ArticleEntry.from_json, lines)
            for quad in provenance(articles, self.iris, created=created):
                yield line(quad).encode()
