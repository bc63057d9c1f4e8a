"""Statements as the page shows them: who and what, when, how far it got, and on whose words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from server.languages import gettext as _
from server.pages.entity import classes, evidence
from server.pages.entity.classes import Classes
from server.pages.entity.dates import Day
from server.pages.entity.evidence import Passage, Source
from server.pages.entity.said import NAMELESS, Names, Said, Value, full, mentioned, names, read
from server.pages.naming import Name
from server.site import Site

REALITIES: Final = ("actual", "prospective", "unreal")
LABELS: Final = frozenset(
    map(full, ("skos:prefLabel", "dcterms:title", "rdfs:label", "schema:name", "foaf:name"))
)
_UP: Final = full("up:")
# What has a place of its own in a statement, and is no part of what it says.
_APART: Final = LABELS | frozenset(
    map(
        full,
        (
            "rdf:type", "skos:altLabel", "skos:hiddenLabel", "skos:editorialNote",
            "up:status", "up:reality", "up:currentStatus", "up:currentReality", "up:decidedBy",
            "up:certainty", "up:accordingTo", "up:saidIn", "up:conflictsWith", "up:evidence",
            "up:context", "up:reportedIn", "up:originalWords", "up:earliest", "up:latest",
            "up:when", "up:begin", "up:end", "up:asOf", "up:openList", "up:words",
            "up:unnamed", "up:several",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as it is shown: `iri` is "" for a literal; `day` when it is a date."""

    iri: str
    name: Name
    day: Day | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A property with its values."""

    iri: str
    name: Name
    values: tuple[Shown, ...]


@dataclass(slots=True)
class Statement:
    """A fact, or a thing with a status.

    Attributes:
        kinds: the classes that somebody wrote.
        title: its own name, when it has one.
        roles: as what the thing that the page is about stands in it.
        reality: actual, prospective, unreal or "".
        now: its state by later reports, when that is another one.
        days: dates as text, each with what the words of the article print.
        reported: the article that says it.
        certainty: how sure, unless it is plainly stated.
        words: the words that it rests on, when the release has no passages for it.
        conflicts: facts that say otherwise.
    """

    iri: str
    kinds: tuple[Shown, ...] = ()
    title: Name | None = None
    roles: tuple[Name, ...] = ()
    parts: tuple[Part, ...] = ()
    status: Shown | None = None
    reality: str = ""
    reality_name: Name = NAMELESS
    now: Shown | None = None
    now_reality: str = ""
    days: tuple[tuple[str, Day], ...] = ()
    reported: Source | None = None
    certainty: Shown | None = None
    speakers: tuple[Shown, ...] = ()
    said_in: Shown | None = None
    evidence: tuple[Passage, ...] = ()
    context: tuple[Passage, ...] = ()
    conflicts: list[Statement] = field(default_factory=list)
    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    open_list: bool = False
    cut: bool = False

    @property
    def summary(self) -> str:
        """A title for a fact, which has none: its kind and the first two things in it."""
        things = [one.name.text for part in self.parts for one in part.values if one.iri]
        kinds = ", ".join(kind.name.text for kind in self.kinds)
        return f"{kinds}: {' – '.join(things[:2])}" if things and kinds else ""


@dataclass(frozen=True, slots=True)
class Material:
    """All that statements are made from."""

    said: Mapping[str, Said]
    names: Names
    passages: Mapping[str, Passage]
    sources: Mapping[str, Source]
    classes: Classes


def gather(site: Site, said: Mapping[str, Said], *, others: Iterable[str] = ()) -> Material:
    """Return what statements need: names, passages and articles; `others` need names, too."""
    told = list(said.values())
    found = names(site, [*mentioned(told), *others])
    passages = evidence.read(
        site, (iri for one in told for p in ("up:evidence", "up:context") for iri in one.iris(p))
    )
    sources = evidence.read_sources(site, (iri for s in told for iri in s.iris("up:reportedIn")))
    return Material(said, found, passages, sources, classes.read(site))


def statements(site: Site, iris: Sequence[str], *, this: str = "") -> dict[str, Statement]:
    """Return statements by their IRIs, what contradicts each of them beside it."""
    said = read(site, iris)
    opposed = {iri for one in said.values() for iri in one.iris("up:conflictsWith")}
    if missing := opposed - said.keys():
        said |= read(site, missing)
    material = gather(site, said)
    made = {iri: statement(iri, material, this=this) for iri in said}
    for iri, one in said.items():
        found = (made.get(other) for other in one.iris("up:conflictsWith"))
        made[iri].conflicts = [other for other in found if other]
    return {iri: made[iri] for iri in iris if iri in made}


def statement(iri: str, material: Material, *, this: str = "") -> Statement:
    """Arrange what is said of one fact or thing; `this` is what the page is about."""
    said, called = material.said[iri], material.names
    status, now = said.first("up:status"), said.first("up:currentStatus")
    reality = reality_of(said.first("up:reality"))
    certainty = said.first("up:certainty")
    speakers = said.iris("up:accordingTo")
    kinds = material.classes.own(said.iris("rdf:type"))
    changed = now != status and len(said.all("up:currentStatus")) == 1
    return Statement(
        iri=iri,
        kinds=tuple(Shown(kind, called.of(kind)) for kind in kinds),
        title=_title(iri, said, called),
        roles=tuple(called.of(name) for name in _roles(said, this)),
        parts=parts(said, called, this=this),
        status=_named(status, called),
        reality=reality,
        reality_name=called.of(said.first("up:reality")) if reality else NAMELESS,
        now=_named(now, called) if changed else None,
        now_reality=reality_of(said.first("up:currentReality")),
        days=_days(said),
        reported=material.sources.get(said.first("up:reportedIn")),
        certainty=None if certainty.endswith("/stated") else _named(certainty, called),
        speakers=tuple(Shown(speaker, called.of(speaker)) for speaker in speakers),
        said_in=_named(said.first("up:saidIn"), called),
        evidence=_passages(said, "up:evidence", material),
        context=_passages(said, "up:context", material),
        words=() if said.all("up:evidence") else tuple(v.text for v in said.all("up:words")),
        notes=tuple(value.text for value in said.all("skos:editorialNote")),
        open_list=said.first("up:openList") == "true",
        cut=said.cut,
    )  # fmt: skip


def reality_of(iri: str) -> str:
    """Return actual, prospective or unreal, "" of anything else."""
    name = iri.rpartition("/")[2]
    return name if name in REALITIES else ""


def shown(value: Value, called: Names) -> Shown:
    """Return a value with the name to show for it."""
    if value.day is not None:
        return Shown("", Name(value.day.words), value.day)
    if value.iri:
        return Shown(value.iri, called.of(value.iri))
    if value.cell[2].endswith("#boolean"):
        return Shown("", Name(_("yes") if value.text == "true" else _("no")))
    return Shown("", Name(value.text, value.cell[3]))


def parts(said: Said, called: Names, *, this: str = "") -> tuple[Part, ...]:
    """Return what is said beside what has a place of its own: things first, then texts."""
    found = []
    ours = {v.iri for n, values in said.values.items() if n.startswith(_UP) for v in values}
    for name, values in said.values.items():
        others = [value for value in values if value.iri != this or not this]
        if not name.startswith(_UP):  # what other vocabularies repeat is not shown twice
            others = [value for value in others if not value.iri or value.iri not in ours]
        if name in _APART or not others:
            continue
        part = Part(name, called.of(name), tuple(shown(value, called) for value in others))
        found.append((_rank(others[0]), name, part))
    return tuple(part for _rank_, _name, part in sorted(found, key=lambda one: one[:2]))


def _rank(value: Value) -> int:
    """Entities come first, then concepts, then texts and numbers."""
    return 2 if not value.iri else 1 if "/concept/" in value.iri else 0


def _title(iri: str, said: Said, called: Names) -> Name | None:
    labelled = any(name in said.values for name in LABELS)
    return called.of(iri) if labelled and iri in called.known else None


def _roles(said: Said, this: str) -> list[str]:
    return [
        name
        for name, values in said.values.items()
        if this
        and name.startswith(_UP)
        and name not in _APART
        and any(value.iri == this for value in values)
    ]


def _named(iri: str, called: Names) -> Shown | None:
    return Shown(iri, called.of(iri)) if iri else None


def _passages(said: Said, name: str, material: Material) -> tuple[Passage, ...]:
    found = (material.passages.get(iri) for iri in said.iris(name))
    return tuple(passage for passage in found if passage)


def _days(said: Said) -> tuple[tuple[str, Day], ...]:
    """Return the dates of a statement as text."""

    def days(name: str) -> list[Day]:
        return [value.day for value in said.all(name) if value.day]

    found = [(day.words, day) for day in days("up:when")]
    begins, ends = days("up:begin"), days("up:end")
    if begins and ends:
        found.append((f"{begins[0].words} – {ends[0].words}", begins[0]))
    else:
        found += [(_("since %(date)s", date=day.words), day) for day in begins]
        found += [(_("until %(date)s", date=day.words), day) for day in ends]
    found += [(_("as of %(date)s", date=day.words), day) for day in days("up:asOf")]
    return tuple(found)
