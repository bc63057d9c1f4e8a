"""From lines of N-Quads to a published release: sort, store, derive, check, dump, describe."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Store

from kg.disk import sha256_of
from kg.iris import Iris
from kg.progress import Progress
from kg.releases import Release, Releases, labels
from kg.releases.counts import Counts
from kg.releases.dataset import Graphs
from kg.releases.description import describe
from kg.releases.dumps import Dumps, write_dumps
from kg.releases.manifest import FORMAT, LICENCE, STORE, UNION, FileEntry, Manifest, Written
from kg.releases.sorting import merge_sorted, sort_lines
from kg.releases.stores import fill
from kg.rules import Rule, derive
from kg.terms import iri, line
from kg.version import VERSION

_STEPS: Final = ("sort", "store", "derive", "check", "dump", "index", "publish")
_MEDIA: Final = {
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".rdfp": "text/rdf-patch",
    ".rq": "application/sparql-query",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """What a manifest says of where a release comes from; see `Manifest`."""

    created: str
    validated: bool
    validation: str
    parent: str = ""
    change: str = ""
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class Assembly:
    """Makes one release in a staging folder, which holds texts, `articles.jsonl` and report.

    Attributes:
        check: is given the filled store, and raises when the whole graph is not as it should be.
        guard: is given the file of the dataset, and raises when it must not be published.
        amend: is given the sorted file of what is asserted, and returns the one to go on with.
        default_graph: UNION, or STORE: then the graph `default` is the store's default graph, and
            there is no merge for rules to work on.
    """

    releases: Releases
    staging: Path
    iris: Iris
    rules: Sequence[Rule]
    origin: Origin
    progress: Progress
    check: Callable[[Store], None] = field(default=lambda store: None)
    guard: Callable[[Path], None] = field(default=lambda dataset: None)
    amend: Callable[[Path], Path] = field(default=lambda asserted: asserted)
    default_graph: str = UNION

    @property
    def work(self) -> Path:
        """Return the folder for what is not kept."""
        return self.staging / ".work"

    def make(self, lines: Iterable[bytes], *, use: bool = True) -> Release:
        """Make and publish the release of some lines of N-Quads, in any order.

        Raises:
            DataError: a line is not N-Quads.
        """
        self.work.mkdir(exist_ok=True)
        self._step("sort")
        asserted = self.work / "asserted.nq"
        sort_lines(lines, asserted, work=self.work)
        dataset, stored = self._store(self.amend(asserted))
        self.guard(dataset)
        manifest = self.finish(dataset, name=self._id(dataset), stored=stored)
        self._step("publish")
        return self.releases.publish(self.staging, manifest, use=use)

    def finish(self, dataset: Path, *, name: str, stored: int) -> Manifest:
        """Make dumps, label index and description; return the manifest of release `name`.

        `dataset` is a file of sorted N-Quads; `stored` is how many quads the store has. The folder
        for what is not kept is removed.
        """
        self.work.mkdir(exist_ok=True)
        counts, dumps = self._dump(dataset)
        self._step("index")
        rows = labels.write_index(
            self.work / "labels",
            self.work / "references",
            self.staging / "search.db",
            work=self.work,
        )
        manifest = self._describe(name, counts, dumps, stored=stored, labels=rows)
        shutil.rmtree(self.work)
        return manifest

    def _step(self, name: str) -> None:
        self.progress.step(name, _STEPS.index(name), len(_STEPS))

    def _store(self, asserted: Path) -> tuple[Path, int]:
        """Fill the store, derive, check; return the whole dataset and the size of the store."""
        self._step("store")
        own = iri(self.iris.graph("default")) if self.default_graph == STORE else ""
        store = fill(self.staging / "store", asserted, default_graph=own)
        self._step("derive")
        derived = self.work / "derived.nq"
        quads = derive(self.rules, store, self.iris)
        sort_lines((line(quad).encode() for quad in quads), derived, work=self.work)
        self._step("check")
        self.check(store)
        store.optimize()
        store.flush()
        stored = len(store)
        dataset = self.work / "dataset.nq"
        merge_sorted([asserted, derived], dataset)
        return dataset, stored

    def _dump(self, dataset: Path) -> tuple[Counts, Dumps]:
        self._step("dump")
        graphs = Graphs(self.iris.base)
        counts = Counts(graphs)
        with (
            (self.work / "labels").open("w", encoding="utf-8", newline="\n") as found,
            (self.work / "references").open("w", encoding="utf-8", newline="\n") as references,
        ):
            reader = labels.LabelReader(graphs, found, references)
            dumps = write_dumps(
                dataset,
                self.staging / "dump",
                iris=self.iris,
                work=self.work,
                readers=[counts, reader],
            )
            reader.end()
        return counts, dumps

    def _id(self, dataset: Path) -> str:
        """Return the id: it follows from the content, the format and the version."""
        unchecked = "" if self.origin.validated else " unchecked"
        unmerged = " store" if self.default_graph == STORE else ""
        whole = hashlib.sha256(f"unipact {FORMAT} {VERSION}{unchecked}{unmerged}\n".encode())
        whole.update(sha256_of(dataset).encode())
        if (retired := self.staging / "retired.tsv").is_file():
            whole.update(sha256_of(retired).encode())
        whole.update(self.origin.change.encode())
        return whole.hexdigest()[:16]

    def _describe(
        self, name: str, counts: Counts, dumps: Dumps, *, stored: int, labels: str
    ) -> Manifest:
        files = {f"dump/{file}": entry for file, entry in dumps.files.items()}
        details: dict[str, Any] = {
            "id": name,
            "format": FORMAT,
            "version": VERSION,
            "created": self.origin.created,
            "base": self.iris.base,
            "licence": LICENCE,
            "parent": self.origin.parent,
            "validated": self.origin.validated,
            "validation": self.origin.validation,
            "quads": counts.quads,
            "triples": counts.triples,
            "stored": stored,
            "entities": counts.entities,
            "articles": _count_lines(self.staging / "articles.jsonl"),
            "graphs": dict(sorted(counts.by_kind.items())),
            "omitted": dumps.omitted,
            "labels": labels,
            "default_graph": self.default_graph,
            "change": self.origin.change,
            "written": self.origin.written,
        }
        described = Manifest(**details, files=files)
        void = describe(described, counts, self.iris, examples=self._examples())
        (self.staging / "void.ttl").write_text(void, encoding="utf-8")
        return Manifest(**details, files=dict(sorted({**files, **entries(self.staging)}.items())))

    def _examples(self) -> list[str]:
        return [f"<{name}>" for name in labels.heaviest(self.staging / "search.db", limit=5)]


def entries(folder: Path) -> dict[str, FileEntry]:
    """Return the entries of the files of a release beside dumps, store, texts and label index."""
    patterns = ("*.jsonl", "*.ttl", "*.tsv", "*.rdfp", "report/*", "rules/*", "shapes/**/*.*")
    found = (path for pattern in patterns for path in folder.glob(pattern))
    return {path.relative_to(folder).as_posix(): entry(path) for path in found}


def entry(path: Path) -> FileEntry:
    """Return the entry of a file that is no dump."""
    return FileEntry(
        size=path.stat().st_size, sha256=sha256_of(path), media_type=_MEDIA[path.suffix]
    )


def _count_lines(path: Path) -> int:
    with path.open("rb") as lines:
        return sum(1 for _ in lines)
