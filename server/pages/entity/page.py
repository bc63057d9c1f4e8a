"""The page about one thing: its names, what is said of it with the evidence, what is near it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Response

from server.languages import language, preference
from server.pages.entity import (
    classes,
    groups,
    identities,
    neighbours,
    statements,
    structured,
    timeline,
)  # fmt: skip
from server.pages.entity.dates import iso
from server.pages.entity.groups import Group
from server.pages.entity.identities import Identity
from server.pages.entity.neighbours import Neighbour
from server.pages.entity.said import Names, Said, encoded, full, read
from server.pages.entity.statements import Material, Part, Shown, Statement
from server.pages.entity.timeline import Strip
from server.pages.naming import Name, Row, kept
from server.pages.paging import Paging
from server.responses import page
from server.site import Site

_MOST_VALUES: Final = 60  # of a property that the page shows
_FEW: Final = 3  # values of a property; those with more come after
_OTHER_NAMES: Final = full("skos:altLabel")
_APART: Final = frozenset(
    map(
        full,
        (
            "skos:exactMatch", "skos:closeMatch", "skos:relatedMatch", "skos:broadMatch",
            "skos:narrowMatch", "owl:sameAs", "schema:identifier", "up:involves", "up:yields",
            "up:words", "skos:definition", "rdfs:comment",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the glance: a property, its values, and the fact that each rests on.

    `more` is how many values there are when they are too many to be shown.
    """

    part: Part
    reasons: dict[str, str] = field(default_factory=dict)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge that a fact is the reason for; `anchor` is its place in the page."""

    subject: Shown
    property: Shown
    object: Shown
    anchor: str


@dataclass(slots=True)
class Entity:
    """All that the page shows."""

    iri: str
    name: Name
    names: list[Name]
    itself: Statement
    definitions: list[Name]
    is_fact: bool
    glance: list[Line]
    identities: list[Identity]
    groups: list[Group]
    edges: list[Edge]
    near: list[Neighbour]
    strip: Strip | None
    structured: dict[str, Any] | None
    group: Group | None = None
    paging: Paging | None = None

    @property
    def facts(self) -> int:
        """How many facts and things lead here."""
        return sum(group.count for group in self.groups)


def show(site: Site, iri: str) -> Response:
    """Return the page about a thing that the release knows.

    Raises:
        Problem: it asks for statements that there are none of.
    """
    return page("entity.html", entity=describe(site, iri), iso=iso)


def describe(site: Site, iri: str) -> Entity:
    """Read all that the page shows."""
    this = encoded(iri)
    said, many = _said(site, iri, this)
    tree = classes.read(site)
    kinds = tree.kinds_of("up:Fact")
    found = groups.count(site, this, kinds)
    group = groups.chosen(found)
    pages = groups.turn(site, this, group, iri=iri) if group else None
    if not group:
        groups.fill(site, this, found, iri=iri)
    edges = kept(site, "yielded", this=this) if said.all("up:reportedIn") else []
    near, dates = _around(site, this, found) if not group else ([], [])
    others = {row[name][1] for row in edges for name in ("subject", "property", "object")}
    others |= {one.key for one in found} | {other for other, _ in near} | set(many)
    others |= {row["kind"][1] for row in dates}
    material = statements.gather(site, {iri: said}, others=others | {iri})
    groups.call(found, material.names)
    itself = _itself(site, iri, material)
    alternatives = _names(said)
    known = identities.read(site, this)
    name = material.names.of(iri)
    shorts = neighbours.short_names(site, [other for other, _ in near])
    return Entity(
        iri=iri,
        name=itself.title or Name(itself.summary or name.text),
        names=[one for one in alternatives if one.text != name.text],
        itself=itself,
        definitions=_texts(said, "skos:definition") or _texts(said, "rdfs:comment"),
        is_fact=material.classes.has(said.iris("rdf:type"), "up:Fact"),
        glance=_glance(
            site, this, itself, many, material.names,
            explained=groups.total(found) <= groups.MANY,
        ),
        identities=known,
        groups=found,
        edges=[_edge(row, material.names) for row in edges],
        near=neighbours.place(near, material.names, shorts),
        strip=timeline.strip(dates, material.names, kinds=kinds),
        structured=structured.structured(
            iri, said, names=material.names, other_names=[one.text for one in alternatives],
            classes=material.classes, identities=known, itself=itself,
        ),
        group=group,
        paging=pages,
    )  # fmt: skip


def _said(site: Site, iri: str, this: str) -> tuple[Said, dict[str, int]]:
    """Return what is said of a thing, and the properties with too many values to be shown."""
    counts = {
        row["property"][1]: int(row["values"][1])
        for row in kept(site, "property-counts", this=this)
    }
    many = {name: count for name, count in counts.items() if count > _MOST_VALUES}
    few = [name for name in counts if name not in many]
    said = read(site, [iri], only=few).get(iri, Said()) if few else Said()
    return said, {name: count for name, count in many.items() if name not in _APART}


def _around(site: Site, this: str, found: list[Group]) -> tuple[list[tuple[str, int]], list[Row]]:
    """Return the neighbours of a thing and the dates of its facts; both are read at once."""
    if not any(group.sort == "kind" for group in found):
        return [], []
    with ThreadPoolExecutor(1) as other:
        near = other.submit(neighbours.read, site, this)
        dates = timeline.read(site, this, by_day=groups.total(found) > groups.MANY)
        return near.result(), dates


def _itself(site: Site, iri: str, material: Material) -> Statement:
    """Return the thing as a statement of its own; facts that contradict it beside it."""
    made = statements.statement(iri, material)
    opposed = material.said[iri].iris("up:conflictsWith")
    made.conflicts = list(statements.statements(site, opposed).values()) if opposed else []
    return made


def _names(said: Said) -> list[Name]:
    """Return all names, each text once, the reader's language first."""
    wanted = language()
    names = {
        Name(value.text, value.cell[3]): name == _OTHER_NAMES
        for name in (_OTHER_NAMES, *sorted(statements.LABELS))
        for value in said.values.get(name, [])
        if not value.iri
    }
    ordered = sorted(names, key=lambda n: (names[n], preference(n.language, wanted), n.text))
    return list({name.text: name for name in reversed(ordered)}.values())[::-1]


def _texts(said: Said, name: str) -> list[Name]:
    """Return what a property says in the language that fits the reader best."""
    wanted = language()
    texts = [Name(value.text, value.cell[3]) for value in said.all(name) if not value.iri]
    texts.sort(key=lambda text: preference(text.language, wanted))
    return [text for text in texts if text.language == texts[0].language]


def _glance(
    site: Site, this: str, itself: Statement, many: dict[str, int], names: Names, *, explained: bool
) -> list[Line]:
    """Return properties, those with few values first; `explained` adds the facts behind them."""
    parts = [part for part in itself.parts if part.iri not in _APART]
    parts.sort(key=lambda part: len(part.values) > _FEW)
    pairs = [(part.iri, value.iri) for part in parts for value in part.values if value.iri]
    reasons = _reasons(site, this, pairs) if explained else {}
    lines = [
        Line(part, {v.iri: reasons[part.iri, v.iri] for v in part.values
                    if (part.iri, v.iri) in reasons})
        for part in parts
    ]  # fmt: skip
    return lines + [
        Line(Part(name, names.of(name), ()), more=count) for name, count in sorted(many.items())
    ]


def _reasons(site: Site, this: str, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    written = " ".join(f"({encoded(one)} {encoded(two)})" for one, two in pairs if encoded(two))
    rows = kept(site, "edges", this=this, pairs=written) if written else []
    return {(row["property"][1], row["value"][1]): str(row["fact"][1]) for row in reversed(rows)}


def _edge(row: Any, names: Names) -> Edge:
    subject, name, value = (
        Shown(row[part][1] if row[part][0] == "iri" else "",
              names.of(row[part][1]) if row[part][0] == "iri" else Name(row[part][1], row[part][3]))
        for part in ("subject", "property", "object")
    )  # fmt: skip
    return Edge(subject, name, value, str(row["edge"][1]).partition("#")[2])
