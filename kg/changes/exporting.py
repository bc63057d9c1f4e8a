"""Turning accepted changes into seed files, to be kept in git and reviewed as text.

What adds to curated entities becomes Turtle, `authority/written.ttl`. Everything else becomes an
RDF Patch, `changes/<name>.rdfp`, which every build of the seeds makes again: links come with what
is known of them, and a build makes the graphs of articles, so neither can simply be added to.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.changes.dataset import Dataset
from kg.changes.delta import Delta
from kg.changes.kept import KeptChange
from kg.changes.patch import Patch, write_patch
from kg.changes.replaying import changes_of_seeds, moved
from kg.disk import explained, write_whole
from kg.iris import DEFAULT_BASE, KEY, Iris
from kg.prefixes import prefixes
from kg.releases.loading import read_rdf
from kg.terms import Quad, iri

_TURTLE: Final = "written.ttl"


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, and how many quads went into each."""

    files: tuple[tuple[Path, int], ...]


def export_changes(changes: Sequence[KeptChange], seeds: Path, *, base: str) -> Exported:
    """Write what changes come to, and the seeds' own patches do not say yet, into a seeds folder.

    IRIs are written under the default base, as in all seeds; `base` is that of the changes.

    Raises:
        DataError: a change, or a patch of the seeds, is damaged.
        ReleaseError: the folder cannot be written.
    """
    iris = Iris()
    deltas = (change.delta() for change in changes)
    whole = moved(reduce(Delta.then, deltas, Delta()), base, DEFAULT_BASE)
    for known in changes_of_seeds(seeds / "changes", iris):
        whole = Delta(whole.added - known.delta.added, whole.removed - known.delta.removed)
    curated = _curated(whole, iris)
    rest = Delta(whole.added - curated, whole.removed)
    curated -= _stated(seeds / "authority", iris)
    files: list[tuple[Path, int]] = []
    with explained(f"export changes to {seeds}"):
        if curated:
            file = seeds / "authority" / _TURTLE
            _write_turtle(file, curated, iris)
            files.append((file, len(curated)))
        if rest:
            file = seeds / "changes" / f"{changes[-1].name}.rdfp"
            _write_patch(file, rest, changes)
            files.append((file, len(rest.quads)))
    return Exported(tuple(files))


def _curated(delta: Delta, iris: Iris) -> frozenset[Quad]:
    """Return what is added to curated entities from which nothing is taken away.

    An entity that loses something, too, is not what it should be before both have happened.
    """
    graph = iri(iris.graph("authority"))
    changed = {_owner(quad.subject) for quad in delta.removed if quad.graph == graph}
    return frozenset(
        quad
        for quad in delta.added
        if quad.graph == graph
        and _owner(quad.subject) not in changed
        and KEY.fullmatch(_owner(quad.subject).removeprefix(f"<{iris.entity('')}"))
    )


def _stated(folder: Path, iris: Iris) -> frozenset[Quad]:
    """Return what the seeds say of curated entities.

    Raises:
        DataError: a file is not Turtle.
    """
    graph = iris.graph("authority")
    files = sorted(folder.glob("*.ttl"))
    return frozenset(quad for file in files for quad in read_rdf(file, iris, graph=graph))


def _owner(subject: str) -> str:
    """Return the entity that a node is, or is a part of, without the last bracket."""
    return subject[:-1].partition("#")[0]


def _write_turtle(file: Path, quads: Iterable[Quad], iris: Iris) -> None:
    """Add to what the file says already, sorted."""
    data = Dataset(ox.Store())
    triples = {data.decoded(quad).triple for quad in quads}
    if file.exists():
        triples.update(quad.triple for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE))
    names = {
        name: namespace
        for name, namespace in prefixes(iris).items()
        if any(namespace in str(triple) for triple in triples)
    }
    text = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=names)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, b"# Written over HTTP: unipact changes export\n\n" + (text or b""))


def _write_patch(file: Path, delta: Delta, changes: Sequence[KeptChange]) -> None:
    who = sorted({change.signature.by for change in changes} - {""})
    headers = {"changes": " ".join(change.name for change in changes)}
    text = io.StringIO()
    write_patch(Patch(delta, {**headers, **({"by": ", ".join(who)} if who else {})}), text)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, text.getvalue().encode())
