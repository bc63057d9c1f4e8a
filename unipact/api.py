"""The functions behind the public API; `unipact/__init__.py` is its face."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from kg.build import BuildInputs, Progress, build_release, check_corpus
from kg.changes import Delta, between
from kg.data import ontology_dir, seeds_dir, shapes_dir
from kg.errors import DataError
from kg.explanations import Explanation, Report, explain, explain_edge, reported_in
from kg.iris import DEFAULT_BASE, Iris
from kg.prefixes import prefixes
from kg.releases import Release, Releases
from kg.releases.loading import load_release
from kg.releases.manifest import ArticleEntry
from kg.validation.corpuscheck import CorpusReport
from server.problems import Problem
from server.search import by_name
from server.sparql.escapes import decoded
from server.sparql.lexer import outline
from server.sparql.textsearch import expanded

Folder: TypeAlias = str | PathLike[str]


class OpenRelease:
    """A release opened for reading; it stays what it is whatever is published later."""

    def __init__(self, release: Release) -> None:
        self.id = release.id
        self.path = release.path
        self.manifest = release.manifest
        self._release = release
        self._base = release.manifest.base
        self.prefixes = prefixes(Iris(self._base))
        self._store = ox.Store.read_only(str(release.store_path))

    @property
    def articles(self) -> tuple[ArticleEntry, ...]:
        """The articles of the release: slug, title, date of publication, sha256 of the text."""
        return tuple(self._release.articles())

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Run a SPARQL query on the release, in this process and without a limit.

        Raises:
            DataError: not SPARQL, or SERVICE, which would reach the network.
        """
        try:
            plain = decoded(text)  # SERVICE may be written with escapes
            plain = expanded(plain, partial(by_name, self._release.search_db))
        except Problem as problem:
            raise DataError(f"the query is not SPARQL: {problem.detail}") from problem
        if fetching := outline(plain).fetches:
            raise DataError(f"a query on a release may not use {fetching[0].text.upper()}")
        try:
            return self._store.query(plain, prefixes=self.prefixes)
        except SyntaxError as error:
            raise DataError(f"the query is not SPARQL: {error}") from error

    def explain(self, node: str) -> Explanation:
        """Return everything known about a node, given by IRI, prefixed name, path or bare key.

        Raises:
            DataError: the release says nothing about it.
        """
        return explain(self._store, self.resolve(node))

    def explain_edge(self, subject: str, predicate: str, value: str) -> tuple[Report, ...]:
        """Return the facts that a derived edge rests on.

        Raises:
            DataError: no fact yields this edge.
        """
        edge = (self.resolve(subject), self.resolve(predicate), self.resolve(value))
        reports = explain_edge(self._store, edge)
        if not reports:
            raise DataError(f"no fact yields the edge {subject} {predicate} {value}")
        return reports

    def reported_in(self, article: str) -> tuple[Report, ...]:
        """Return what an article, given by its slug or IRI, reports, in the order of its text.

        Raises:
            DataError: there is no such article.
        """
        iri = article if ":" in article else f"{self._base}article/{article}"
        return reported_in(self._store, iri)

    def resolve(self, name: str) -> str:
        """Return the IRI that a person means by a whole IRI, a prefixed name, a path or a key.

        >>> import tempfile
        >>> releases = tempfile.mkdtemp()
        >>> _ = build(releases=releases)
        >>> open_release(releases).resolve("up:memberOf")
        'https://w3id.org/unipact/ontology#memberOf'
        """
        name = name.removeprefix("<").removesuffix(">")
        if "://" in name or name.startswith("urn:"):
            return name
        prefix, colon, local = name.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        if name.split("/")[0] in ("id", "article", "graph", "concept"):
            return self._base + name
        return f"{self._base}id/{name}"


def open_release(releases: Folder = "releases", release: str | None = None) -> OpenRelease:
    """Open the current release of a folder, or the one with this id.

    Raises:
        ReleaseError: there is none.
    """
    found = Releases(Path(releases))
    return OpenRelease(found.current() if release is None else found.get(release))


def build(
    seeds: Folder | None = None,
    *,
    releases: Folder = "releases",
    ontology: Folder | None = None,
    shapes: Folder | None = None,
    originals: Folder | None = None,
    base: str = DEFAULT_BASE,
    jobs: int = 0,
    drop_changes: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Build a release from a corpus and publish it; the shipped corpus when none is given.

    Changes that were written to the current release are made again, unless they are dropped.

    Raises:
        Problems: the corpus has errors; all of them, sorted by place.
        Invalid: the data break a shape or a check.
        Conflict: a change does not fit the corpus any more.
        ReleaseError: the release cannot be written; the current one stays.
    """
    inputs = _inputs(seeds, ontology, shapes, originals, base, jobs)
    return build_release(inputs, Path(releases), drop_changes=drop_changes, progress=progress)


def check(
    seeds: Folder | None = None,
    *,
    ontology: Folder | None = None,
    shapes: Folder | None = None,
    originals: Folder | None = None,
    jobs: int = 0,
    progress: Progress | None = None,
) -> CorpusReport:
    """Check a corpus without publishing anything and return every error, violation and warning."""
    inputs = _inputs(seeds, ontology, shapes, originals, DEFAULT_BASE, jobs)
    return check_corpus(inputs, progress=progress)


def load(
    files: Sequence[Folder],
    *,
    releases: Folder = "releases",
    shapes: Folder | None = None,
    rules: Folder | None = None,
    base: str = DEFAULT_BASE,
    default_graph: str = "union",
    drop_changes: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Make a release from existing RDF in any syntax and publish it.

    It is validated when shapes are given; otherwise its manifest says that it is not. With
    `default_graph` "store", triples outside named graphs stay the default graph, as SPARQL engines
    have it; otherwise that is the merge of all.

    Raises:
        DataError: a file is not RDF.
        Invalid: the data break a shape.
        ReleaseError: the release cannot be written; the current one stays.
    """
    return load_release(
        [Path(file) for file in files],
        Path(releases),
        shapes=Path(shapes) if shapes else None,
        rules=Path(rules) if rules else None,
        base=base,
        default_graph=default_graph,
        drop_changes=drop_changes,
        progress=progress,
    )


def diff(old: str, new: str, *, releases: Folder = "releases") -> Delta:
    """Return what one release, by its id or the beginning of it, adds to another and takes away.

    Derived quads are among them. The terms are in their N-Quads encoding.

    Raises:
        ReleaseError: there is no such release, or it is damaged.
    """
    found = Releases(Path(releases))
    return between(found, found.get(old), found.get(new))


def _inputs(
    seeds: Folder | None,
    ontology: Folder | None,
    shapes: Folder | None,
    originals: Folder | None,
    base: str,
    jobs: int,
) -> BuildInputs:
    return BuildInputs(
        seeds=Path(seeds) if seeds else seeds_dir(),
        ontology=Path(ontology) if ontology else ontology_dir(),
        shapes=Path(shapes) if shapes else shapes_dir(),
        originals=Path(originals) if originals else None,
        base=base,
        jobs=jobs,
    )
