"""A small corpus to write to, and short words for writing."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.changes import Change, Outcome, Writer
from kg.releases import Release, Releases

BASE = "https://w3id.org/unipact/"
AUTHORITY = f"{BASE}graph/authority"
LINKS = f"{BASE}graph/links"
OWN = "https://example.org/own"
PREFIXES = f"""
PREFIX id: <{BASE}id/>
PREFIX up: <{BASE}ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX ex: <https://example.org/>
"""
GAMMA = 'id:gamma a up:University ; skos:prefLabel "Gamma College"@en .'


def write(releases: Releases, text: str, graphs: Iterable[str] | None = None, **more) -> Outcome:
    """Run an update on the current release."""
    change = Change(lambda store: store.update(PREFIXES + text), graphs, **more)
    return Writer(releases).propose(change)


def insert(releases: Releases, triples: str, graph: str = OWN, **more) -> Outcome:
    return write(releases, f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}", {graph}, **more)


def delete(releases: Releases, triples: str, graph: str = OWN, **more) -> Outcome:
    return write(releases, f"DELETE DATA {{ GRAPH <{graph}> {{ {triples} }} }}", {graph}, **more)


def ask(release: Release, pattern: str) -> bool:
    store = ox.Store.read_only(str(release.store_path))
    return bool(store.query(f"{PREFIXES} ASK {{ {pattern} }}"))


def copy(releases: Releases, folder: Path) -> Releases:
    """Return a copy of a folder of releases that may be written to."""
    shutil.copytree(releases.root, folder, symlinks=True)
    return Releases(folder)


def merge_is_kept(release: Release) -> bool:
    """Tell whether the default graph is the set union of the named graphs."""
    store = ox.Store.read_only(str(release.store_path))
    named = {quad.triple for quad in store if quad.graph_name != ox.DefaultGraph()}
    merged = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    return {quad.triple for quad in merged} == named
