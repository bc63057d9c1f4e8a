"""The pages of the ontology: all terms, one term with samples, one scheme of concepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, redirect, request

from kg.prefixes import VOCABULARIES
from server.languages import language, preference
from server.pages.entity.said import NAMELESS, Names, encoded, full, names, read
from server.pages.naming import Name, Row, kept
from server.pages.ontology import terms
from server.pages.ontology.diagram import trees
from server.pages.ontology.shapes import messages
from server.pages.ontology.terms import KINDS, Term
from server.pages.ontology.usage import uses
from server.responses import page
from server.site import MOST_ROWS, Site
from server.sparql.negotiation import GRAPHS, HTML, choose
from server.vanished import unknown

_UP: Final = VOCABULARIES["up"]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme of concepts, or a collection of some."""

    iri: str
    name: Name
    concepts: int


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a scheme; `uses` counts the statements with it."""

    iri: str
    name: Name
    definition: Name
    note: Name
    broader: str
    uses: int

    @property
    def key(self) -> str:
        """The last part of its IRI."""
        return self.iri.rpartition("/")[2]


def routes(site: Site) -> Blueprint:
    """Return the route of the page about one term; the others are linked data."""
    blueprint = Blueprint("ontology", __name__)

    @blueprint.get("/ontology/<name>")
    def term(name: str) -> Response:
        if choose((HTML, *GRAPHS), request.headers.get("Accept", "")).name != "html":
            response: Response = redirect("/ontology", 303)  # type: ignore[assignment]
            response.vary.add("Accept")
            return response
        return show_term(site, name)

    return blueprint


def show(site: Site) -> Response:
    """Return the page with all terms."""
    known = _terms(site)
    found = {iri: term for iri, term in known.items() if term.own}
    by_kind = {kind: [t for t in found.values() if t.kind == kind] for kind in KINDS}
    for some in by_kind.values():
        some.sort(key=lambda term: (term.key.lower(), term.iri))
    schemes = _schemes(site)
    return page(
        "ontology.html",
        iri=_UP[:-1],
        terms=by_kind,
        names=_names(site, found.values()),
        trees=trees(found),
        schemes=schemes,
        reused=sorted(iri for iri in known if iri not in found),
        about=_about(site),
    )


def show_term(site: Site, name: str) -> Response:
    """Return the page about one term: all that is said of it, and samples.

    Raises:
        Problem: there is no such term.
    """
    found = _terms(site)
    term = found.get(_UP + name) or next((t for t in found.values() if t.key == name), None)
    if term is None:
        raise unknown(site, "ontology", name)
    query = "samples-of-class" if term.kind == "class" else "samples-of-property"
    rows = kept(site, query, this=encoded(term.iri))
    cells = [cell for row in rows for cell in row.values() if cell[0] == "iri"]
    called = _names(site, [term], [cell[1] for cell in cells])
    users = [one for one in found.values() if term.iri in one.domain or term.iri in one.range]
    return page("term.html", term=term, names=called, samples=rows, users=users)


def is_scheme(site: Site, iri: str) -> bool:
    """Tell whether an IRI is that of a scheme or collection, rather than of a concept."""
    kinds = read(site, [iri], only=[full("rdf:type")])[iri].iris("rdf:type")
    return full("skos:ConceptScheme") in kinds or full("skos:Collection") in kinds


def show_scheme(site: Site, iri: str) -> Response:
    """Return the page of a scheme of concepts."""
    rows = kept(site, "concepts", this=encoded(iri))
    said = read(site, [iri])[iri]
    found: dict[str, Concept] = {}
    wanted = language()
    others = [row[name][1] for row in rows for name in ("concept", "broader") if name in row]
    called = names(site, [iri, *others])
    ranked = sorted(
        rows, key=lambda r: preference(r["definition"][3] if "definition" in r else "", wanted)
    )
    for row in ranked:
        found.setdefault(row["concept"][1], _concept(row, called))
    users = [
        term for term in _terms(site).values() if iri in term.values_from or iri in term.statuses
    ]
    definition = next((Name(v.text, v.cell[3]) for v in said.all("skos:definition")), NAMELESS)
    return page(
        "scheme.html",
        iri=iri,
        name=called.of(iri),
        definition=definition,
        concepts=sorted(found.values(), key=lambda concept: concept.iri),
        cut=len(rows) == MOST_ROWS,
        names=called,
        users=users,
    )


def _terms(site: Site) -> dict[str, Term]:
    release = site.current()
    return terms.read(site, shapes=messages(release.shapes_dir), uses=uses(release))


def _names(site: Site, found: Iterable[Term], others: Iterable[str] = ()) -> Names:
    iris = {
        iri
        for term in found
        for iri in (
            *term.over, *term.under, *term.domain, *term.range, *term.values_from,
            *term.statuses, *term.disjoint, *term.inverse, term.iri,
        )
    }  # fmt: skip
    return names(site, iris | set(others))


def _schemes(site: Site) -> list[Scheme]:
    rows = kept(site, "schemes")
    called = names(site, [row["scheme"][1] for row in rows if row["scheme"][0] == "iri"])
    return [
        Scheme(row["scheme"][1], called.of(row["scheme"][1]), int(row["concepts"][1]))
        for row in rows
        if row["scheme"][0] == "iri"
    ]


def _about(site: Site) -> dict[str, str]:
    """Return what the ontology says of itself."""
    iri = _UP[:-1]
    said = read(site, [iri]).get(iri)
    if said is None:
        return {}
    wanted = language()
    titles = sorted(said.all("dcterms:title"), key=lambda v: preference(v.cell[3], wanted))
    return {
        "title": titles[0].text if titles else "",
        "description": said.first("dcterms:description"),
        "version": said.first("owl:versionInfo"),
        "licence": said.first("dcterms:license"),
        "citation": said.first("dcterms:bibliographicCitation"),
    }


def _concept(row: Row, called: Names) -> Concept:
    def text(column: str) -> Name:
        return Name(row[column][1], row[column][3]) if column in row else NAMELESS

    iri = row["concept"][1]
    broader = row["broader"][1] if "broader" in row else ""
    return Concept(
        iri, called.of(iri), text("definition"), text("note"), broader, int(row["uses"][1])
    )
