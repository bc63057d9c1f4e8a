"""Taking a person or an article out of every release, for good.

A release is immutable; the law may demand otherwise. Each release that knows the IRI is replaced by
a new one without it, and the old one is removed with all caches. Accepted changes forget it, too.
The words of articles stay: who must not be named there either is purged together with the articles.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.changes import KeptChange, KeptChanges, Patch, complete, read_patch
from kg.disk import explained
from kg.errors import DataError
from kg.iris import KEY, Iris, term
from kg.progress import Progress, Silent
from kg.releases import Release, Releases
from kg.releases.assembly import Assembly, Origin
from kg.releases.dataset import Graphs, Statement, statements
from kg.releases.retired import write_retired
from kg.rules import load_rules
from kg.terms import Quad, iri, line
from kg.validation.corpuscheck import CorpusReport
from kg.validation.report import Result

_WAIT: Final = 10.0  # seconds
_REFERS_TO: Final = iri(term("refersTo"))


def purge(
    releases: Releases, name: str, *, progress: Progress | None = None
) -> dict[str, str | None]:
    """Replace each release that knows an IRI by one that does not.

    Args:
        releases: the folder of releases.
        name: the IRI of an article, of an entity, or of anything else.
        progress: is told how far it has come.

    Returns:
        The id of each replaced release, and the id of the one in its place.

    Raises:
        DataError: no release knows the IRI.
        ReleaseError: the disk refuses, or another process is at work. Calling again goes on.
    """
    progress = progress or Silent()
    for pending in [found for found in releases.list() if found.manifest.pending]:
        complete(releases, pending.id)  # its dump is made from others that may go now
    with releases.lock(wait=_WAIT), explained("purge"):
        concerned = [found for found in releases.list() if _Purge(found, name).concerns()]
        changes = KeptChanges(releases.root)
        told = [*_Purge(releases.current(), name).told_by(changes)]
        if not concerned and not told:
            raise DataError(f"no release says anything about <{name}>")
        current = releases.current_id()
        replaced: dict[str, str | None] = {}
        for number, release in enumerate(concerned):
            progress.step("purge", number, len(concerned))
            with releases.staging() as staging:
                replaced[release.id] = _Purge(release, name).replace(releases, staging).id
        for change, patch in told:
            changes.replace(change, patch)
        # From here on nothing can fail but the disk, and every step may be done twice.
        releases.record_purged([name, *replaced])
        if current in replaced:
            releases.point_to(replaced[current] or "")
        for old in replaced:
            releases.discard(old)
        shutil.rmtree(releases.root / ".cache", ignore_errors=True)
        return replaced


@dataclass(frozen=True, slots=True)
class _Purge:
    """What is to be taken out of one release."""

    release: Release
    name: str

    @property
    def iris(self) -> Iris:
        return Iris(self.release.manifest.base)

    @property
    def article(self) -> str:
        """Return the slug when an article is to go."""
        slug = self.name.removeprefix(self.iris.article(""))
        return slug if slug != self.name and KEY.fullmatch(slug) else ""

    def concerns(self) -> bool:
        """Tell whether the release, or the change that made it, knows the IRI."""
        if any(self._doomed(said) for said in statements(self.release.dataset)):
            return True
        if not self.release.patch.is_file():
            return False
        patch = read_patch(self.release.patch)
        return self._is_told(patch) or any(map(self._is_in, patch.delta.quads))

    def told_by(self, changes: KeptChanges) -> Iterator[tuple[KeptChange, Patch]]:
        """Yield the accepted changes that name it, each with what is to be left of it."""
        for change in changes.all():
            patch = read_patch(change.file)
            headers = {key: value for key, value in patch.headers.items() if self.name not in value}
            kept = patch.delta.only(lambda quad: not self._is_in(quad))
            if kept != patch.delta or headers != patch.headers:
                yield change, Patch(kept, headers)

    def _is_told(self, patch: Patch) -> bool:
        """Tell whether the words about a change name it."""
        return any(self.name in value for value in patch.headers.values())

    def _is_in(self, quad: Quad) -> bool:
        return any(map(self._is, quad))

    def replace(self, releases: Releases, staging: Path) -> Release:
        """Publish the release without it."""
        self._copy_files(staging)
        before = self.release.manifest
        assembly = Assembly(
            releases=releases,
            staging=staging,
            iris=self.iris,
            rules=load_rules(self.release.rules_dir),
            origin=Origin(
                created=before.created,
                validated=False,
                validation=f"not again after a purge; before: {before.validation}",
                change=before.change,
            ),
            progress=Silent(),
            default_graph=before.default_graph,
        )
        return assembly.make(self._lines(), use=False)

    def _lines(self) -> Iterator[bytes]:
        graphs = Graphs(self.iris.base)
        mentions = self._mentions()
        for said in statements(self.release.dataset):
            if said.subject in mentions or self._doomed(said):
                continue
            for graph in said.graphs:
                if not graphs.is_derived(graph) and not self._is(graph):
                    yield line(Quad(*said[:3], graph)).encode()

    def _mentions(self) -> set[str]:
        """Return the mentions of it: they hold the name as printed."""
        return {
            said.subject
            for said in statements(self.release.dataset)
            if said.predicate == _REFERS_TO and self._is(said.object)
        }

    def _doomed(self, said: Statement) -> bool:
        return any(map(self._is, said[:3])) or all(map(self._is, said.graphs))

    def _is(self, encoded: str) -> bool:
        """Tell whether a term is the thing, a part of it, or a node or graph of the article."""
        if not encoded.startswith(f"<{self.iris.base}") and not encoded.startswith(f"<{self.name}"):
            return False
        begins = [f"<{self.name}>", f"<{self.name}#"]
        if self.article:
            begins.append(f"<{self.iris.reported(self.article, '')}")
            begins += [iri(self.iris.article_graph(self.article))[:-1] + end for end in ">/"]
        return encoded.startswith(tuple(begins))

    def _copy_files(self, staging: Path) -> None:
        """Copy texts, rules and report, without those of the article."""
        (staging / "texts").mkdir()
        with (staging / "articles.jsonl").open("w", encoding="utf-8", newline="\n") as out:
            for entry in self.release.articles():
                if entry.slug != self.article:
                    file = f"{entry.slug}.txt"
                    shutil.copyfile(self.release.texts_dir / file, staging / "texts" / file)
                    out.write(entry.to_json())
        shutil.copytree(self.release.rules_dir, staging / "rules")
        if self.release.shapes_dir.is_dir():
            shutil.copytree(self.release.shapes_dir, staging / "shapes")
        retired = {
            old: new if new and not self._is(iri(new)) else ""
            for old, new in self.release.retired().items()
            if not self._is(iri(old))
        }
        write_retired(retired, staging / "retired.tsv")
        report = CorpusReport(self.iris)
        report.add(list(self._results()), ((), ()))
        report.write(staging / "report")

    def _results(self) -> Iterator[Result]:
        """Yield the results that stay; warnings go, since they quote the articles."""
        text = (self.release.report_dir / "report.json").read_text(encoding="utf-8")
        for found in json.loads(text)["results"]:
            result = Result(**found)
            if not self._is(iri(result.focus)) and not self._is(result.value):
                yield result
