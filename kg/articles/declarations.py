"""What an article declares: its entities and facts, each with its key, classes and place.

`each` becomes one fact a value, and a nested `{is: …}` a fact of its own, so that afterwards every
node has a flat list of properties whose values are words or text maps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kg.articles.documents import Branch, Items, Node, Scalar, scalar
from kg.articles.reading import Reading, values
from kg.errors import BadValue, DuplicateKey, InputError, UnknownKey
from kg.iris import check_key
from kg.ontology.keys import ClassTerm

ARTICLE: Final = "article"  # the key by which an article speaks of itself
_MADE: Final = frozenset({"Article", "Passage", "RestatedPassage", "Mention", "Date"})
_IS, _EACH = Scalar("is"), Scalar("each")
_SHARED: Final = ("evidence", "context", "saidIn", "accordingTo")


@dataclass(slots=True)
class Declared:
    """An entity or fact as written. `classes` is empty when they are not known."""

    key: str
    at: Node
    kind: str
    classes: tuple[ClassTerm, ...]
    properties: list[tuple[Scalar, Node]]
    passage: str | None
    iri: str

    @property
    def owner(self) -> str:
        """Its name in messages."""
        return f'{self.kind} "{self.key}"'

    @property
    def superclasses(self) -> frozenset[str]:
        """The keys of its classes and of all their superclasses."""
        return frozenset().union(*(term.superclasses for term in self.classes))

    def written(self, key: str) -> Iterator[Node]:
        """Yield the values of a property."""
        for name, node in self.properties:
            if name == key:
                yield from values(node)


@dataclass(slots=True)
class Declarations:
    """All entities and facts of an article; `groups` are the facts that an `each` stands for."""

    nodes: dict[str, Declared] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    group_places: dict[str, Node] = field(default_factory=dict)


def declare(reading: Reading) -> Declarations:
    """Find all entities and facts of an article, in their order."""
    reader = _Reader(reading, Declarations())
    root = reading.article.tree
    reader.read_all(root.get(Scalar("entities")), kind="entity", passage=None)
    passages = root.get(Scalar("passages"))
    if isinstance(passages, Branch):
        for key, passage in passages.items():
            if isinstance(passage, Branch):
                reader.read_all(passage.get(Scalar("entities")), kind="entity", passage=key)
                reader.read_all(passage.get(Scalar("facts")), kind="fact", passage=key)
    return reader.found


@dataclass(slots=True)
class _Reader:
    reading: Reading
    found: Declarations

    def read_all(self, node: Node | None, *, kind: str, passage: str | None) -> None:
        branch = self.reading.branch(node, "facts" if kind == "fact" else "entities")
        for key, body in (branch or {}).items():
            described = self.reading.branch(body, f'{kind} "{key}"')
            if described is None or not self._good_key(key, kind):
                continue
            if _EACH in described:
                self._read_each(key, described, kind, passage)
            else:
                self._read(key, described, kind, passage)

    def _good_key(self, key: Scalar, kind: str) -> bool:
        try:
            check_key(key)
        except InputError as error:
            self.reading.error(BadValue, key, f"{kind} {error.what}", hint=error.hint)
            return False
        if key == ARTICLE:
            self.reading.error(
                BadValue, key, f"{kind} {str(key)!r}: this key is the article itself"
            )
            return False
        return True

    def _read_each(self, key: Scalar, body: Branch, kind: str, passage: str | None) -> None:
        each = body[_EACH]
        owner = f'{kind} "{key}"'
        if kind != "fact" or not isinstance(each, Branch) or len(each) != 1:
            hint = "each: {party: [a, b]} makes one fact of each value"
            what = "each is for facts" if kind != "fact" else "each takes one property"
            self.reading.error(BadValue, each, f"{owner}: {what}", hint=hint)
            return
        ((name, listed),) = each.items()
        rest = [(own, node) for own, node in body.items() if own != _EACH]
        members = []
        for value in values(listed):
            if not isinstance(value, Scalar) or not self._good_each(value, owner):
                if not isinstance(value, Scalar):
                    self.reading.error(BadValue, value, f"{owner}: each takes keys")
                continue
            member = Branch(rest)
            member.place, member.path = body.place, body.path
            if name in member:
                beside = Items([*values(member[name]), value])
                beside.place, beside.path = each.place, each.path
                member[name] = beside
            else:
                member[name] = value
            member_key = scalar(f"{key}-{value.replace('/', '-')}", key.place, key.path)
            self._read(member_key, member, kind, passage)
            members.append(str(member_key))
        self._claim_group(key, tuple(members))

    def _good_each(self, value: Scalar, owner: str) -> bool:
        try:
            check_key(value.replace("/", "-"))
        except InputError:
            what = f"{owner}: each takes keys, and {str(value)!r} is none"
            self.reading.error(BadValue, value, what)
            return False
        return True

    def _claim_group(self, key: Scalar, members: tuple[str, ...]) -> None:
        if not self._is_taken(key, "fact"):
            self.found.groups[str(key)] = members
            self.found.group_places[str(key)] = key

    def _read(self, key: Scalar, body: Branch, kind: str, passage: str | None) -> None:
        if self._is_taken(key, kind):
            return
        owner = f'{kind} "{key}"'
        declared = Declared(
            key=str(key),
            at=key,
            kind=kind,
            classes=self._classes(body, owner, kind),
            properties=[],
            passage=passage,
            iri=self.reading.iris.reported(self.reading.article.slug, key),
        )
        self.found.nodes[str(key)] = declared
        for name, node in body.items():
            if name != _IS:
                declared.properties.append((name, self._flat(declared, body, name, node)))

    def _flat(self, above: Declared, body: Branch, name: Scalar, node: Node) -> Node:
        """Return the value with nested facts replaced by their keys."""
        if isinstance(node, Branch) and _IS in node:
            return self._nested(above, body, name, node, "")
        if not isinstance(node, Items):
            return node
        flat = Items()
        flat.place, flat.path = node.place, node.path
        for number, item in enumerate(node, start=1):
            if isinstance(item, Branch) and _IS in item:
                flat.append(self._nested(above, body, name, item, f"-{number}"))
            else:
                flat.append(item)
        return flat

    def _nested(
        self, above: Declared, around: Branch, name: Scalar, node: Branch, number: str
    ) -> Scalar:
        kebab = re.sub(r"[^a-z0-9]+", "-", re.sub(r"([A-Z])", r"-\1", name).lower()).strip("-")
        key = scalar(f"{above.key}-{kebab}{number}", node.place, node.path)
        body = Branch(node)
        body.place, body.path = node.place, node.path
        for own, value in around.items():
            if own in _SHARED and own not in body and not _holds_nested(value):
                body[own] = value
        self._read(key, body, "fact", above.passage)
        return key

    def _is_taken(self, key: Scalar, kind: str) -> bool:
        """Say, with an error, whether the key is that of something else already."""
        curated = self.reading.authority.entities.get(key)
        if curated:
            hint = f"use it without declaring it; it is {', '.join(curated.labels[:3])}"
            what = f'{kind} "{key}" has a key of the authority'
        elif key in self.found.nodes:
            first = self.found.nodes[key]
            what = f'{kind} "{key}" is declared twice'
            hint = f"the first stands in {_line(first.at)}"
            if first.kind != kind:
                what = f'{kind} "{key}" has a key that one {first.kind} has already'
                hint += "; entities and facts share their keys"
        elif key in self.found.groups:
            what = f'{kind} "{key}" is declared twice'
            hint = f"the first stands in {_line(self.found.group_places[key])}"
        else:
            return False
        self.reading.error(DuplicateKey, key, what, hint=hint)
        return True

    def _classes(self, body: Branch, owner: str, kind: str) -> tuple[ClassTerm, ...]:
        if _IS not in body:
            hint = "write is: and a class, such as Event or Membership"
            self.reading.error(BadValue, body, f"{owner} has no class", hint=hint)
            return ()
        classes = []
        for written in values(body[_IS]):
            name = self.reading.word(written, f"{owner}: is")
            term = self._class(name, owner, kind) if name is not None else None
            if term in classes and name is not None:
                self.reading.error(BadValue, name, f"{owner}: the class {str(name)!r} is repeated")
            elif term:
                classes.append(term)
        return tuple(classes)

    def _class(self, name: Scalar, owner: str, kind: str) -> ClassTerm | None:
        reading = self.reading
        term = reading.ontology.classes.get(name)
        if term is None:
            known = (key for key in reading.ontology.classes if key not in _MADE)
            reading.unknown(name, f"{owner}: there is no class {str(name)!r}", name, known)
            return None
        if name in _MADE:
            reading.error(UnknownKey, name, f"{owner}: {name} is not a class to be written by hand")
        elif kind == "entity" and term.is_fact:
            hint = "facts stand under facts: of the passage that is their evidence"
            reading.error(BadValue, name, f"{owner}: {name} is a class of facts", hint=hint)
        elif kind == "fact" and not term.is_fact:
            hint = "entities stand under entities: of the article or the passage"
            reading.error(BadValue, name, f"{owner}: {name} is a class of entities", hint=hint)
        return term


def _holds_nested(node: Node) -> bool:
    return any(isinstance(value, Branch) and _IS in value for value in values(node))


def _line(node: Node) -> str:
    return f"line {node.place.line}" + (f" ({node.path})" if node.path else "")
