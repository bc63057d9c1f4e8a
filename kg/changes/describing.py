"""What a written release says of itself: its parent's words, and what the change made of them.

Nothing is counted through: counts follow from the quads that changed, and a few look-ups.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.changes.dataset import Dataset
from kg.changes.delta import Delta, counted
from kg.changes.kept import Signature
from kg.iris import Iris
from kg.releases.dataset import Graphs
from kg.releases.manifest import FORMAT, UNION, FileEntry, Manifest, Written
from kg.releases.publishable import is_published
from kg.terms import line
from kg.version import VERSION


def written_manifest(
    parent: Manifest, delta: Delta, before: Dataset, after: Dataset, *, signature: Signature
) -> Manifest:
    """Return the manifest of a release made by a change, still without its id and its files."""
    triples = _triples(delta, before, after)
    quads = len(delta.added) - len(delta.removed)
    kinds = Counter(parent.graphs)
    graphs = Graphs(parent.base)
    kinds.update(graphs.kind(quad.graph) for quad in delta.added)
    kinds.subtract(graphs.kind(quad.graph) for quad in delta.removed)
    return replace(
        parent,
        format=FORMAT,
        version=VERSION,
        created=signature.when[:10],
        parent=parent.id,
        quads=parent.quads + quads,
        triples=parent.triples + triples,
        stored=parent.stored + quads + (triples if parent.default_graph == UNION else 0),
        entities=parent.entities + _entities(delta, before, after, Iris(parent.base)),
        graphs={kind: count for kind, count in sorted(kinds.items()) if count},
        omitted={},
        written=Written(
            by=signature.by,
            when=signature.when,
            request=signature.request,
            operation=signature.operation,
            added=counted(delta.added),
            removed=counted(delta.removed),
        ),
        pending=True,
    )


def chained_id(
    parent: Manifest, delta: Delta, *, graphs: Iterable[str] = (), attempt: int = 0
) -> str:
    """Return the id of a written release: it follows from its parent's and the change.

    `graphs` are those made or dropped without any quad; `attempt` counts the ids that are taken.
    """
    whole = hashlib.sha256(f"unipact {FORMAT} {VERSION} {parent.id} {attempt}\n".encode())
    for graph in sorted(graphs):
        whole.update(f"G {graph}\n".encode())
    for letter, quads in (("D", delta.removed), ("A", delta.added)):
        for quad in sorted(quads):
            whole.update(f"{letter} {line(quad)}".encode())
    return whole.hexdigest()[:16]


def files_of_parent(parent: Manifest) -> Mapping[str, FileEntry]:
    """Return the entries of the files that a written release shares with its parent."""
    own = ("dump/", "void.ttl", "patch.rdfp", "retired.tsv")
    return {path: entry for path, entry in parent.files.items() if not path.startswith(own)}


def retired_after(
    retired: Mapping[str, str], delta: Delta, after: Dataset, iris: Iris
) -> dict[str, str]:
    """Return the retired IRIs after a change: a published IRI never vanishes, it is retired.

    One that something is said about again is retired no more.
    """
    found = dict(retired)
    for subject in {quad.subject for quad in delta.removed}:
        if is_published(subject, iris) and not after.knows(subject):
            found[subject[1:-1]] = ""
    for subject in {quad.subject for quad in delta.added}:
        found.pop(subject[1:-1], None)
    return found


def _triples(delta: Delta, before: Dataset, after: Dataset) -> int:
    """Return by how many the triples grow, each counted once however many graphs state it."""
    by_triple = {quad[:3]: quad for quad in delta.added | delta.removed}
    return sum(after.states(quad) - before.states(quad) for quad in by_triple.values())


def _entities(delta: Delta, before: Dataset, after: Dataset, iris: Iris) -> int:
    """Return by how many the entities grow: subjects below `id/` that are no part of another."""
    subjects = {quad.subject for quad in delta.added | delta.removed}
    ours = {name for name in subjects if name.startswith(f"<{iris.entity('')}") and "#" not in name}
    return sum(after.knows(name) - before.knows(name) for name in ours)
