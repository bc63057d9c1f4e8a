"""One article while it is being checked: what is known, and what is wrong with it so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from kg.articles import Article
from kg.articles.authority import Authority
from kg.articles.documents import Branch, Items, Node, Scalar, problem
from kg.articles.nearest import nearest
from kg.articles.passages import ArticleText
from kg.errors import AnnotationError, BadValue, KgError, Place, UnknownKey
from kg.iris import Iris
from kg.ontology import Ontology

_OWNER: Final = re.compile(r'^\w+ "[^"]*"')


@dataclass(slots=True)
class Reading:
    """What every part of the check needs, and the problems that they find."""

    article: Article
    ontology: Ontology
    authority: Authority
    iris: Iris
    text: ArticleText
    errors: list[KgError] = field(default_factory=list)
    warnings: list[KgError] = field(default_factory=list)
    _seen: set[tuple[Place, str, str]] = field(default_factory=set)

    def error(self, kind: type[AnnotationError], node: Node, what: str, *, hint: str = "") -> None:
        """Note what is wrong at a node."""
        self.errors.append(problem(kind, node, what, hint=hint))

    def warn(self, node: Node, what: str, *, hint: str = "") -> None:
        """Note what is allowed, but may not be meant, at a node."""
        self.warnings.append(problem(AnnotationError, node, what, hint=hint))

    def unknown(
        self, node: Node, what: str, word: str, among: Iterable[str], *, more: str = ""
    ) -> None:
        """Note a key that names nothing, with the nearest one that does."""
        near = nearest(word, among)
        hint = f"did you mean {near!r}?" if near else ""
        self.error(UnknownKey, node, what, hint="\n".join(filter(None, [hint, more])))

    def branch(self, node: Node | None, owner: str) -> Branch | None:
        """Return a node that must be a mapping, or None with an error."""
        if node is None or isinstance(node, Branch):
            return node
        self.error(BadValue, node, f"{owner} is not a mapping of keys to values")
        return None

    def word(self, node: Node | None, owner: str) -> Scalar | None:
        """Return a node that must be a single value, or None with an error."""
        if node is None or isinstance(node, Scalar):
            return node
        self.error(BadValue, node, f"{owner} is not a single value")
        return None

    def keys(self, branch: Branch, known: Iterable[str], owner: str) -> None:
        """Note the keys of a mapping that mean nothing there."""
        allowed = list(known)
        for key in branch:
            if key not in allowed:
                more = f"{owner} takes {', '.join(allowed)}"
                self.unknown(key, f"{owner} has no {str(key)!r}", key, allowed, more=more)


def values(node: Node | None) -> Iterator[Node]:
    """Yield the values of a node that may be one value or a list."""
    if isinstance(node, Items):
        yield from node
    elif node is not None:
        yield node
