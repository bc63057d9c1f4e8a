"""The only place that mints an IRI.

<base>id/<key>                       a curated entity
<base>id/<article>/<key>             an entity or fact that one article reports
<base>id/<article>/<key>#<part>      a part of it, such as its date
<base>article/<article>              an article; its passages and mentions are fragments of it
<base>graph/…                        a named graph
<base>concept/<scheme>/<key>         a concept
<base>.well-known/genid/…            what was a blank node in a file given to us
<base>ontology#<Term>                a term of the ontology (fixed, whatever the base)
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from kg.errors import InputError, Place

DEFAULT_BASE: Final = "https://w3id.org/unipact/"
ONTOLOGY: Final = "https://w3id.org/unipact/ontology#"
KEY: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_key(key: str, *, where: Place | None = None) -> str:
    """Return the key when it may stand in an IRI: lower-case letters, digits, single hyphens.

    Raises:
        InputError: the key has other characters.
    """
    if KEY.fullmatch(key):
        return key
    near = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
    hint = f"try {near!r}" if near else "use lower-case letters, digits and single hyphens"
    raise InputError(f"key {key!r} cannot stand in an IRI", where=where, hint=hint)


@dataclass(frozen=True, slots=True)
class Iris:
    """Mints the IRIs of one base. Arguments are keys that `check_key` has accepted.

    >>> Iris().reported("2016-05-01-visit", "talks")
    'https://w3id.org/unipact/id/2016-05-01-visit/talks'
    """

    base: str = DEFAULT_BASE

    def entity(self, key: str) -> str:
        return f"{self.base}id/{key}"

    def reported(self, article: str, key: str) -> str:
        return f"{self.base}id/{article}/{key}"

    def part(self, whole: str, name: str) -> str:
        """Return the IRI of a part of a node that is not itself a part."""
        return f"{whole}#{name}"

    def article(self, article: str) -> str:
        return f"{self.base}article/{article}"

    def passage(self, article: str, key: str) -> str:
        return f"{self.base}article/{article}#{key}"

    def span(self, article: str, start: int, end: int) -> str:
        """Return the IRI of a stretch of text; code points, end exclusive (RFC 5147)."""
        return f"{self.base}article/{article}#char={start},{end}"

    def mention(self, article: str, start: int, end: int) -> str:
        return f"{self.base}article/{article}#mention-{start}-{end}"

    def selector(self, node: str, kind: str) -> str:
        """Return the IRI of a part of a node that is a fragment itself: `quote`, `position`."""
        return f"{node}.{kind}"

    def original(self, article: str) -> str:
        """Return the IRI of the document that the article restates."""
        return f"{self.base}article/{article}#original"

    def graph(self, name: str) -> str:
        """Return the IRI of a graph of the whole, such as authority, links or derived."""
        return f"{self.base}graph/{name}"

    def article_graph(self, article: str, part: str = "") -> str:
        """Return the graph of an article, or its part `evidence` or `mentions`."""
        return f"{self.base}graph/article/{article}" + (f"/{part}" if part else "")

    def scheme(self, scheme: str) -> str:
        return f"{self.base}concept/{scheme}"

    def concept(self, scheme: str, key: str) -> str:
        return f"{self.base}concept/{scheme}/{key}"

    def edge(self, fact: str, edge: tuple[str, str, str]) -> str:
        """Return the IRI of the node that says: this fact yields this edge (encoded terms)."""
        digest = hashlib.sha256(" ".join(edge).encode()).hexdigest()[:12]
        return f"{fact}#yields-{digest}"

    def link(self, subject: str, link: tuple[str, str, str]) -> str:
        """Return the IRI of the node that says where a link (encoded terms) comes from."""
        digest = hashlib.sha256(" ".join(link).encode()).hexdigest()[:12]
        return f"{subject}#link-{digest}"

    def genid(self, name: str) -> str:
        """Return the IRI that stands for a blank node (RDF 1.1 Concepts, section 3.5)."""
        return f"{self.base}.well-known/genid/{name}"

    def download(self, release: str, file: str) -> str:
        """Return the address of a dump of a release."""
        return f"{self.base}download/{release}/{file}"

    def dataset(self) -> str:
        return f"{self.base}dataset"


def term(name: str) -> str:
    """Return the IRI of a term of UniPact's ontology."""
    return ONTOLOGY + name
