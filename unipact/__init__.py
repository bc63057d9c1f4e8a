"""UniPact: from annotated articles to a knowledge graph with evidence.

The public Python API. Everything else in the packages `kg`, `server` and `unipact` may change.

>>> import tempfile
>>> releases = tempfile.mkdtemp()
>>> release = build(releases=releases)
>>> ask = "SELECT ?name { ?who up:partnerOf/skos:prefLabel ?name } ORDER BY ?name LIMIT 1"
>>> [row["name"].value for row in open_release(releases).query(ask)]
['Hong Kong Polytechnic University']
"""

from __future__ import annotations

from unipact.api import OpenRelease, build, check, diff, load, open_release

__all__ = ["OpenRelease", "build", "check", "diff", "load", "open_release"]
