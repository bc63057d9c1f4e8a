"""A made-up corpus that grows by a line, for the tests of builds and releases."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from kg.build import BuildInputs, build_release
from kg.data import ontology_dir, shapes_dir
from kg.releases import Release, Releases

AUTHORITY = """
@prefix id: <https://w3id.org/unipact/id/> .
@prefix up: <https://w3id.org/unipact/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
id:alpha a up:University ; skos:prefLabel "Alpha University"@en .
id:beta a up:University ; skos:prefLabel "Beta Institute"@en .
id:petrova a up:Person ; skos:prefLabel "Anna Petrova"@en .
"""
SENTENCE = "Alpha University, led by Anna Petrova, is a partner of Beta Institute."
ANNOTATIONS = """
article: {{title: {title}, published: {published}, language: en, publisher: alpha}}
text: {{file: article.txt, sha256: {sha256}}}
passages:
  partners:
    quote: is a partner of Beta Institute
    facts:
      partnership: {{is: Partnership, party: [alpha, beta], level: strategic, status: in-force}}
  leader:
    quote: led by Anna Petrova
    facts:
      leader: {{is: Post, holder: petrova, organization: alpha, title: rector, status: in-force}}
"""
CHILD = Path(__file__).with_name("child.py")


@dataclass
class Corpus:
    """Seeds and releases below one folder."""

    folder: Path
    steps: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.seeds / "authority").mkdir(parents=True)
        (self.seeds / "articles").mkdir()
        (self.seeds / "authority" / "all.ttl").write_text(AUTHORITY, encoding="utf-8")
        self.write("2021-05-04-alpha")

    @property
    def seeds(self) -> Path:
        return self.folder / "seeds"

    @property
    def releases(self) -> Releases:
        return Releases(self.folder / "releases")

    @property
    def inputs(self) -> BuildInputs:
        return BuildInputs(self.seeds, ontology_dir(), shapes_dir(), jobs=1)

    def write(self, slug: str, *, text: str = SENTENCE, more: str = "") -> Path:
        folder = self.seeds / "articles" / slug
        folder.mkdir(exist_ok=True)
        (folder / "article.txt").write_text(text, encoding="utf-8")
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        words = ANNOTATIONS.format(title=slug, published=slug[:10], sha256=sha256)
        (folder / "annotations.yaml").write_text(words + more, encoding="utf-8")
        return folder

    def write_lines(self, file: str, slugs: list[str]) -> None:
        """Write articles as JSON Lines."""
        fact = {"is": "Partnership", "party": ["alpha", "beta"], "status": "in-force"}
        passage = {"quote": "is a partner of Beta Institute", "facts": {"p": fact}}
        lines = [
            {
                "slug": slug,
                "text": SENTENCE,
                "article": {
                    "title": slug,
                    "published": slug[:10],
                    "language": "en",
                    "publisher": "alpha",
                },
                "passages": {"partners": passage},
            }
            for slug in slugs
        ]
        for line in lines:
            line["article"]["title"] = line["slug"]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (self.seeds / "articles" / file).write_text(text, encoding="utf-8")

    def build(self) -> Release:
        self.steps.clear()
        return build_release(self.inputs, self.releases.root, progress=self)

    def step(self, name: str, done: int, total: int | None) -> None:
        self.steps.append(name)

    def build_in_child(self, what: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Build in a process of its own; `what` is what happens to it, see `child.py`."""
        return subprocess.run(
            [sys.executable, str(CHILD), str(self.seeds), str(self.releases.root), what],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
