"""A small corpus to write to, and short words for writing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.changes import Change, Outcome, Writer
from kg.releases import Release, Releases

CHILD = Path(__file__).with_name("child.py")
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


def start(
    releases: Releases, task: str, what: str = "nothing", who: str = "child"
) -> subprocess.Popen[str]:
    """Write or complete in a process of its own; see `child.py`."""
    return subprocess.Popen(
        [sys.executable, str(CHILD), str(releases.root), task, what, who],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def run(releases: Releases, task: str, what: str) -> tuple[int, str]:
    """Return how such a process ended, and what it complained of."""
    with start(releases, task, what) as process:
        _, said = process.communicate()
        return process.returncode, said
