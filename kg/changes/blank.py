"""Blank nodes in what is written beside a merge: they become IRIs, as when a file is loaded.

A release without them can be compared, patched and linked to. The IRIs stand below the base's
`.well-known/genid/`, and a request that comes twice makes new ones each time.
Source: RDF 1.1 Concepts, section 3.5.
"""

from __future__ import annotations

import hashlib

from kg.changes.delta import Delta
from kg.iris import Iris
from kg.terms import Quad, iri, line


def without_blank_nodes(delta: Delta, iris: Iris, parent: str) -> Delta:
    """Return a change whose added quads have IRIs in place of blank nodes.

    `parent` is the id of the release that is changed: no two changes in force have the same one.
    """
    blank = sorted(quad for quad in delta.added if _has_blank(quad))
    if not blank:
        return delta
    digest = hashlib.sha256(parent.encode())
    digest.update("".join(map(line, blank)).encode())
    labels = sorted({term for quad in blank for term in quad if term.startswith("_:")})
    prefix = digest.hexdigest()[:16]
    names = {
        label: iri(iris.genid(f"{prefix}-{number}")) for number, label in enumerate(labels, start=1)
    }
    added = {Quad(*(names.get(term, term) for term in quad)) for quad in blank}
    return Delta(added=delta.added - frozenset(blank) | added, removed=delta.removed)


def _has_blank(quad: Quad) -> bool:
    return any(term.startswith("_:") for term in quad)
