"""One change on its way: made on a copy, compared, derived, checked, published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.changes.blank import without_blank_nodes
from kg.changes.copies import Copy
from kg.changes.criteria import Parsed
from kg.changes.dataset import Dataset
from kg.changes.delta import Delta
from kg.changes.describing import chained_id, files_of_parent, retired_after, written_manifest
from kg.changes.difference import difference, graphs_that_differ
from kg.changes.kept import KeptChanges, Signature
from kg.changes.merge import keep_merge
from kg.changes.patch import Patch, write_patch
from kg.changes.proposal import Change, Outcome
from kg.changes.rederiving import rederive
from kg.disk import link_file, link_tree
from kg.errors import ChangeError, Rejected
from kg.iris import Iris
from kg.progress import Progress
from kg.releases import Release, Releases
from kg.releases.assembly import entry
from kg.releases.dataset import Graphs
from kg.releases.description import describe_briefly
from kg.releases.manifest import UNION, Manifest
from kg.releases.retired import write_retired
from kg.releases.texts import share_texts
from kg.terms import iri

_MERGE: Final = "<urn:x-unipact:merge>"  # never leaves this module
STEPS: Final = ("link", "apply", "compare", "derive", "check", "flush", "keep", "publish")


@dataclass(slots=True)
class Attempt:
    """One change on its way; the folder of the copy becomes the release."""

    releases: Releases
    change: Change
    copy: Copy
    parent: Release
    criteria: Parsed
    progress: Progress

    @property
    def before(self) -> Dataset:
        """Return the store as it was."""
        return self.copy.before

    @property
    def after(self) -> Dataset:
        """Return the store that is written."""
        return self.copy.after

    @property
    def staging(self) -> Path:
        """Return the folder that becomes the release."""
        return self.copy.folder

    @property
    def manifest(self) -> Manifest:
        """Return the manifest of the release that is changed."""
        return self.parent.manifest

    @property
    def iris(self) -> Iris:
        """Return what mints its IRIs."""
        return Iris(self.manifest.base)

    @property
    def is_union(self) -> bool:
        """Tell whether its default graph is the merge."""
        return self.manifest.default_graph == UNION

    def make(self) -> Outcome:
        """Do everything."""
        self._step("apply")
        graphs = self._graphs()
        self.change.apply(self.after.store)
        self._step("compare")
        stated = self._compare(graphs)
        created, dropped = self._differing(graphs, stated)
        if not stated and not created and not dropped:
            return Outcome(self.parent, self.parent.id)
        whole = self._derive(stated)
        self._check(whole)
        empty = created | dropped if not self.is_union else frozenset[str]()
        release = self._publish(stated, whole, empty - stated.graphs)
        bare = (frozenset(name[1:-1] for name in names) for names in (created, dropped))
        return Outcome(release, self.parent.id, whole, *bare)

    def _step(self, name: str) -> None:
        self.progress.step(name, STEPS.index(name), len(STEPS))

    def _graphs(self) -> frozenset[str] | None:
        """Return the encoded names of the graphs that can change; None: any.

        Raises:
            ChangeError: the default graph is among them, and it is the merge.
        """
        graphs, candidates = self.change.graphs, self.change.candidates
        if candidates is not None:
            self.change = replace(self.change, candidates=list(candidates))
            unnamed = any(
                isinstance(quad.graph_name, ox.DefaultGraph)
                for quad in self.change.candidates or ()
            )
        else:
            unnamed = graphs is not None and "" in graphs
        if unnamed and self.is_union:
            hint = "the default graph is the merge of all graphs: name the graph to write to"
            raise ChangeError("a change must name its graph", hint=hint)
        if graphs is None:
            return None
        return frozenset(iri(name) if name else self.before.unnamed for name in graphs)

    def _compare(self, graphs: frozenset[str] | None) -> Delta:
        """Return what was changed, without blank nodes where there are to be none."""
        candidates = self.change.candidates
        delta = difference(self.before, self.after, graphs=graphs, candidates=candidates)
        if not self.is_union:
            if any(self.after.store.quads_for_pattern(None, None, None, self._own_name())):
                hint = "dumps call the default graph so"
                raise ChangeError(f"no graph may be called {self.after.unnamed}", hint=hint)
            return delta
        if graphs is None and candidates is None:
            self._refuse_written_merge()
        kinds = Graphs(self.manifest.base)
        if computed := sorted(filter(kinds.is_derived, delta.graphs)):
            hint = "write what it follows from; the rules do the rest"
            raise ChangeError(f"{computed[0]} holds what rules derive", hint=hint)
        self._refuse_purged(delta)
        clean = without_blank_nodes(delta, self.iris, self.parent.id)
        self.after.apply(clean.added - delta.added, delta.added - clean.added)
        return clean

    def _refuse_written_merge(self) -> None:
        """Make sure that a change that could write anything left the merge alone."""
        merges = (Dataset(side.store, _MERGE) for side in (self.before, self.after))
        if difference(*merges, graphs=[_MERGE]):
            hint = "the default graph is the merge of all graphs: name the graphs to write to"
            raise ChangeError("the change writes to the default graph", hint=hint)

    def _own_name(self) -> ox.NamedNode:
        return ox.NamedNode(self.after.unnamed[1:-1])

    def _refuse_purged(self, delta: Delta) -> None:
        purged = {f"<{name}>" for name in self.releases.purged()}
        if back := purged and sorted(
            term for quad in delta.added for term in purged.intersection(quad)
        ):
            raise ChangeError(f"{back[0]} was purged and may not come back")

    def _differing(
        self, graphs: frozenset[str] | None, delta: Delta
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Return the graphs made and dropped; beside a merge, a graph without quads is none."""
        if not self.is_union:
            if self.change.candidates is not None:
                graphs = delta.graphs | (graphs or frozenset())
            return graphs_that_differ(self.before, self.after, graphs)
        for name in self._emptied(graphs, delta):
            self.after.store.remove_graph(ox.NamedNode(name[1:-1]))
        return graphs_that_differ(self.before, self.after, delta.graphs)

    def _emptied(self, graphs: frozenset[str] | None, delta: Delta) -> Iterator[str]:
        touched: Iterable[str] = delta.graphs | (graphs or frozenset())
        if graphs is None and self.change.candidates is None:
            touched = [*self.after.graphs()]
        for name in touched:
            if next(self.after.within(name), None) is None and self.after.has_graph(name):
                yield name

    def _derive(self, stated: Delta) -> Delta:
        """Bring merge and derived triples in step; return all that changed."""
        self._step("derive")
        if not self.is_union:
            return stated
        keep_merge(self.after.store, stated)
        rules = self.criteria.rules
        derived = rederive(rules, self.before.store, self.after.store, stated, self.iris)
        return stated.then(derived)

    def _check(self, delta: Delta) -> None:
        """Raise what the change breaks.

        Raises:
            Rejected: it brings violations.
        """
        self._step("check")
        gate = self.criteria.gate
        if gate is None or not self.is_union:
            return
        if results := gate.judge(self.before.store, self.after.store, delta):
            shown = sorted({f"{result.focus}: {result.message}" for result in results})
            count = f"{len(results)} violation{'s' * (len(results) != 1)}"
            raise Rejected(f"the change brings {count}", results=results, hint="\n".join(shown))

    def _publish(self, stated: Delta, whole: Delta, empty: Iterable[str]) -> Release:
        self._step("flush")
        signature = self._signature()
        manifest = written_manifest(
            self.manifest, whole, self.before, self.after, signature=signature
        )
        retired = retired_after(self.parent.retired(), whole, self.after, self.iris)
        self.copy.close()
        name = self._free_id(whole, empty)
        self._step("keep")
        kept = KeptChanges(self.releases.root).keep(
            stated,
            previous=self.manifest.change,
            release=name,
            parent=self.parent.id,
            signature=signature,
        )
        manifest = replace(manifest, id=name, change=kept)
        write_retired(retired, self.staging / "retired.tsv")
        manifest = self._write_files(manifest, whole, signature)
        self._step("publish")
        return self.releases.publish(self.staging, manifest)

    def _signature(self) -> Signature:
        when = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        change = self.change
        return Signature(change.by, when, change.request, change.operation)

    def _free_id(self, delta: Delta, empty: Iterable[str]) -> str:
        """Return an id that no release has or had: after a rollback, a change may be repeated."""
        releases, attempt = self.releases, 0
        while True:
            name = chained_id(self.manifest, delta, graphs=empty, attempt=attempt)
            if name not in releases.purged() and not (releases.root / name).exists():
                return name
            attempt += 1

    def _write_files(self, manifest: Manifest, delta: Delta, signature: Signature) -> Manifest:
        """Write what is new beside the store, link the rest, and return the manifest with both."""
        for folder in ("rules", "shapes", "report"):
            if (self.parent.path / folder).is_dir():
                link_tree(self.parent.path / folder, self.staging / folder)
        for file in ("articles.jsonl", "search.db"):
            link_file(self.parent.path / file, self.staging / file)
        share_texts(
            self.parent.path, self.staging, digest=self.manifest.files["articles.jsonl"].sha256
        )
        headers = {"release": manifest.id, "parent": manifest.parent, **signature.headers}
        with (self.staging / "patch.rdfp").open("w", encoding="utf-8", newline="\n") as out:
            write_patch(Patch(delta, headers), out)
        void = describe_briefly(manifest, self.iris)  # no entry: it will be another
        (self.staging / "void.ttl").write_text(void, encoding="utf-8")
        own = (self.staging / file for file in ("patch.rdfp", "retired.tsv"))
        files = {
            **files_of_parent(self.manifest),
            **{path.name: entry(path) for path in own if path.exists()},
        }
        return replace(manifest, files=dict(sorted(files.items())))
