"""Where this server shows an IRI of the data, and which IRI a path of this server means.

Data keep their IRIs wherever they are served; pages link to the server's own path for them, so
that a copy works without a network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import pyoxigraph

from kg.prefixes import VOCABULARIES

ROOMS: Final = ("id", "article", "graph", "concept")
_SAFE: Final = "/:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one base."""

    base: str

    def path(self, iri: str) -> str | None:
        """Return this server's path for an IRI, or None for an IRI of elsewhere.

        >>> Addresses("https://w3id.org/unipact/").path("https://w3id.org/unipact/id/a/b#when")
        '/doc/a/b#when'
        """
        ontology = VOCABULARIES["up"]
        if iri.startswith(ontology) or iri == ontology[:-1]:
            return "/ontology" + _quoted(iri.removeprefix(ontology[:-1]))
        if not iri.startswith(self.base):
            return None
        room, slash, rest = iri.removeprefix(self.base).partition("/")
        if room not in ROOMS or not slash:
            return None
        return f"/{'doc' if room == 'id' else room}/{_quoted(rest)}"

    def link(self, iri: str) -> str:
        """Return where a link to an IRI leads: here, or to elsewhere on the web, else nowhere.

        >>> Addresses("https://w3id.org/unipact/").link("javascript:alert(1)")
        '#'
        """
        return self.path(iri) or (iri if iri.startswith(("http://", "https://")) else "#")

    def iri(self, room: str, rest: str) -> str:
        """Return the IRI of a path below `/doc`, `/article` … ; "" when it cannot be one."""
        if room == "ontology":
            return VOCABULARIES["up"][:-1]
        if not {".", ".."}.isdisjoint(rest.split("/")):
            return ""  # a client resolves such a path to another one
        iri = f"{self.base}{'id' if room == 'doc' else room}/{rest}"
        try:
            return pyoxigraph.NamedNode(iri).value  # what passes here can stand in a query
        except ValueError:
            return ""

    def short(self, iri: str) -> str:
        """Return an IRI as people read it: `prefix:name`, or the path below the base."""
        if iri.startswith(self.base) and not iri.startswith(VOCABULARIES["up"]):
            return iri.removeprefix(self.base)
        for prefix, namespace in VOCABULARIES.items():
            if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def words(name: str) -> str:
    """Return the words of a local name.

    >>> words("hasParticipant")
    'has participant'
    """
    local = re.split(r"[/#:]", name)[-1]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", local).replace("-", " ").lower() or name


def _quoted(rest: str) -> str:
    """Percent-encode what may not stand in a path, the fragment apart; what is encoded stays."""
    path, mark, fragment = rest.partition("#")
    return quote(path, safe=_SAFE + "%") + mark + quote(fragment, safe=_SAFE + "?%")
