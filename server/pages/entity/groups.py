"""Statements about a thing, grouped by kind; a long group is shown in pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from flask import request

from server.pages.entity.said import NAMELESS, Names, encoded, full
from server.pages.entity.statements import Statement, statements
from server.pages.naming import Name, kept
from server.pages.paging import Paging, paging
from server.problems import Problem
from server.site import Site

PAGE: Final = 50  # statements
MANY: Final = 1500  # statements of a thing; it takes long to sort them all by kind
_WHOLE: Final = 120  # statements of a thing that are shown at once
_FEW: Final = 8  # of each group, when there are more
_UP: Final = full("up:")
_SORTS: Final = ("kind", "as")
# Facts about a thing are listed by kind; as values of a property only where no fact involves it.
_NO_FACTS: Final = f"FILTER NOT EXISTS {{ ?statement a <{full('up:Fact')}> }}"
# What a reader asks for first; kinds that are not here come after them.
_ORDER: Final = (
    "Membership", "Application", "Agreement", "Partnership", "Founding", "Involvement", "Post",
    "Participation", "Proposal", "Consideration", "Activity", "Mobility", "Funding", "Gift",
    "Count", "Statement", "Description", "Identity",
)  # fmt: skip


@dataclass(slots=True)
class Group:
    """Statements of one kind.

    Attributes:
        sort: "kind" for facts by class, "as" for things by the property that leads here.
        key: IRI of the class or property.
        facts: whether there are facts among the things.
        count: how many there are; `statements` may be the first of them.
    """

    sort: str
    key: str
    count: int
    facts: bool = False
    name: Name = NAMELESS
    statements: list[Statement] = field(default_factory=list)

    @property
    def sorted(self) -> bool:
        """Whether the latest come first; very many things come in no order."""
        return self.sort == "kind" or self.count <= MANY

    @property
    def written(self) -> str:
        """The key as it stands in an address."""
        return self.key.removeprefix(_UP)

    @property
    def anchor(self) -> str:
        """The name of its place in the page."""
        return f"{self.sort}-{self.written}"

    @property
    def link(self) -> str:
        """The address of the page with all of it."""
        return f"{request.path}?{urlencode({self.sort: self.written})}"


def count(site: Site, this: str, kinds: Collection[str]) -> list[Group]:
    """Return the groups of a thing, without their statements; `kinds` are the kinds of facts."""
    facts = [
        Group("kind", row["kind"][1], int(row["facts"][1]))
        for row in kept(site, "fact-kinds", this=this)
        if row["kind"][1] in kinds
    ]
    query = "referring" if facts else "values-of"
    things = [
        Group("as", row["property"][1], int(row["things"][1]), facts=not facts)
        for row in kept(site, query, this=this)
    ]
    if not facts and not things:
        return []
    return sorted(facts, key=_place) + sorted(things, key=lambda group: group.key)


def total(groups: Iterable[Group]) -> int:
    """Return how many statements groups have together."""
    return sum(group.count for group in groups)


def fill(site: Site, this: str, groups: Sequence[Group], *, iri: str) -> None:
    """Read the statements of groups: all of few, the first of each, or, of very many, no more."""
    size = _WHOLE if total(groups) <= _WHOLE else _FEW
    read = groups if total(groups) <= MANY else groups[:1]
    _read(site, this, read, size=size, first=0, iri=iri)


def chosen(groups: Iterable[Group]) -> Group | None:
    """Return the group that the request asks for, None when it asks for none.

    Raises:
        Problem: there is no such group.
    """
    for sort in _SORTS:
        if sort in request.args:
            written = request.args[sort]
            for group in groups:
                if group.sort == sort and written in (group.written, group.key):
                    return group
            raise Problem("not-found", "there are no statements of this kind", where={"in": sort})
    return None


def turn(site: Site, this: str, group: Group, *, iri: str) -> Paging:
    """Read the page of a group that the request asks for.

    Raises:
        Problem: there is no such page.
    """
    pages = paging(group.count, size=PAGE)
    _read(site, this, [group], size=PAGE, first=pages.first_row, iri=iri)
    return pages


def call(groups: Iterable[Group], names: Names) -> None:
    """Give groups their names."""
    for group in groups:
        group.name = names.of(group.key)


def _read(
    site: Site, this: str, groups: Sequence[Group], *, size: int, first: int, iri: str
) -> None:
    terms = {"this": this, "size": str(size), "first": str(first)}
    parts = [_part(group, terms) for group in groups if encoded(group.key)]
    if not parts:
        return
    rows = kept(site, "statements", parts=" UNION ".join(parts))
    order: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        day = str(row["last"][1]) if "last" in row else ""
        order.setdefault(row["group"][1], []).append((day, row["statement"][1]))
    found = statements(site, [row["statement"][1] for row in rows], this=iri)
    for group in groups:
        listed = sorted(order.get(group.key, []), key=lambda one: one[1])
        listed.sort(key=lambda one: one[0], reverse=True)
        group.statements = [found[one] for _, one in listed if one in found]


def _part(group: Group, terms: dict[str, str]) -> str:
    """Return the subquery of one group; its first line is a comment."""
    by_property = "many-by-property" if group.count > MANY else "things-by-property"
    name = "facts-of-kind" if group.sort == "kind" else by_property
    file = Path(__file__).parents[2] / "queries" / f"{name}.rq"
    text = file.read_text(encoding="utf-8").partition("\n")[2]
    only = "" if group.facts else _NO_FACTS
    for variable, term in {**terms, "key": encoded(group.key), "only": only}.items():
        text = text.replace(f"${variable}", term)
    return text


def _place(group: Group) -> tuple[int, str]:
    known = group.written in _ORDER
    return _ORDER.index(group.written) if known else len(_ORDER), group.key
