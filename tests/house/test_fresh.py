"""From nothing to an answered query: the readme's command in a clone, and the installed package."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUERY = """PREFIX up: <https://w3id.org/unipact/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name {
  <https://w3id.org/unipact/id/spbpu> up:memberOf ?alliance .
  ?alliance a up:Alliance ; rdfs:label ?name FILTER(LANG(?name) = "en")
}"""
pytestmark = [pytest.mark.install, pytest.mark.timeout(900)]


def environment() -> dict[str, str]:
    """Return an environment that knows nothing of the one that runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNIPACT_")}
    kept.pop("VIRTUAL_ENV", None)
    kept.pop("MAKEFLAGS", None)
    return {**kept, "UNIPACT_PORT": "0", "PYTHON": sys.executable}


@contextmanager
def serving(command: list[str], folder: Path) -> Iterator[str]:
    """Start a server and yield its address, once it says where it serves."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    assert process.stdout
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"UniPact serves \S+ .*(http://\S+)", line):
                yield found[1].rstrip("/")
                return
        raise AssertionError("".join(said))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=60)


def answer(address: str) -> set[str]:
    url = f"{address}/sparql?{urlencode({'query': QUERY})}"
    request = Request(url, headers={"Accept": "application/sparql-results+json"})
    with urlopen(request, timeout=30) as response:
        rows = json.load(response)["results"]["bindings"]
    return {row["name"]["value"] for row in rows}


def download(address: str) -> int:
    with urlopen(f"{address}/download/latest/unipact.ttl", timeout=30) as response:
        return len(response.read())


ALLIANCES = {
    "University Alliance of the Silk Road",
    "Association of Technical Universities of Russia and China",
}


def test_make_run_in_a_clean_clone_answers_a_query(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)

    with serving(["make", "run"], clone) as address:
        assert answer(address) == ALLIANCES


def test_installed_package_serves_from_an_empty_folder(tmp_path: Path) -> None:
    clone, venv, empty = tmp_path / "clone", tmp_path / "venv", tmp_path / "empty"
    empty.mkdir()
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    subprocess.run(
        [str(venv / "bin" / "pip"), "install", "-q", str(clone)], check=True, env=environment()
    )

    with serving([str(venv / "bin" / "unipact"), "serve"], empty) as address:
        assert answer(address) == ALLIANCES
        assert download(address) > 1_000_000
