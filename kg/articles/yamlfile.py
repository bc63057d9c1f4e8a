"""A YAML file as a tree with places.

The tree is made of libyaml's events, without recursion; aliases, anchors, tags and deep nesting are
refused on the way, so that no small file can become a large tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import yaml

from kg.articles.documents import (
    DEPTH_LIMIT,
    UNPRINTABLE,
    Branch,
    Document,
    Items,
    Node,
    Scalar,
    problem,
    put,
    scalar,
)
from kg.errors import KgError, Place, SyntaxProblem

_COMMA_HINT: Final = (
    "in {…} and […] a comma begins the next entry; a value with a comma is written in quotes:\n"
    '{key: "One Belt, One Way"}'
)


def read_yaml(text: str, *, file: str) -> Document:
    """Read one YAML document of mappings, sequences and scalars."""
    if found := UNPRINTABLE.search(text):
        return Document(None, (_unprintable(text, found.start(), file),))
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        return Document(None, (*builder.errors, _yaml_problem(error, text, file)))
    except SyntaxProblem as error:
        return Document(None, (*builder.errors, error))
    root = builder.root
    if not isinstance(root, Branch):
        what = "is empty" if root is None else "is not a mapping of keys to values"
        builder.errors.append(SyntaxProblem(f"the file {what}", where=Place(file, 1, 1)))
        root = None
    return Document(root, tuple(builder.errors))


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end has not come yet."""

    node: Branch | Items
    flow: bool
    key: Scalar | None = None


@dataclass(slots=True)
class _Builder:
    """Makes a tree of the events of one document."""

    file: str
    root: Node | None = None
    errors: list[KgError] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._refuse(event)
            self._add_scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._refuse(event)
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = self.stack.pop().node
            self._attach(node)
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise SyntaxProblem("a second document begins here", where=self._place(event))

    def _refuse(self, event: yaml.NodeEvent) -> None:
        if event.anchor:
            what, hint = "anchors and aliases (& and *) are not read", "write the value in full"
            raise SyntaxProblem(what, where=self._place(event), hint=f"{hint}, or in quotes")
        tag: str | None = getattr(event, "tag", None)
        if tag is not None:
            what, hint = f"the tag {tag!r} is not read", "all values are read as strings"
            raise SyntaxProblem(what, where=self._place(event), hint=hint)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.stack) == DEPTH_LIMIT:
            what = f"nested more than {DEPTH_LIMIT} deep"
            raise SyntaxProblem(what, where=self._place(event))
        if self._expects_key():
            raise SyntaxProblem("a key is not a plain word", where=self._place(event))
        node: Branch | Items = Branch() if isinstance(event, yaml.MappingStartEvent) else Items()
        node.place, node.path = self._place(event), ""
        self.stack.append(_Open(node, bool(event.flow_style)))

    def _add_scalar(self, event: yaml.ScalarEvent) -> None:
        node = scalar(event.value, self._place(event))
        if self._expects_key():
            self.stack[-1].key = node
        else:
            self._attach(node)

    def _expects_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].node, Branch) and not self._key()

    def _key(self) -> bool:
        return self.stack[-1].key is not None

    def _attach(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        above = self.stack[-1]
        if isinstance(above.node, Branch):
            key, above.key = above.key, None
            assert key is not None
            hint = _COMMA_HINT if above.flow and above.node else ""
            put(above.node, key, node, self.errors, hint)
        elif isinstance(node, Scalar) and not node.strip():
            self.errors.append(problem(SyntaxProblem, node, "an entry of the list is empty"))
        else:
            above.node.append(node)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None
        return Place(self.file, mark.line + 1, mark.column + 1)


def _yaml_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> SyntaxProblem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    what = f"not YAML: {error.problem or error.context}"
    if error.context and error.problem and error.context_mark:
        what += f" ({error.context} that begins in line {error.context_mark.line + 1})"
    lines = text.splitlines()
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip()) + 1]:
        hint = "YAML is indented with blanks, not with tabs"
    elif ": " in written.partition(": ")[2] or "mapping values" in what:
        hint = "a value with ': ' in it is written in quotes"
    else:
        hint = ""
    return SyntaxProblem(what, where=Place(file, line, column), hint=hint)


def _unprintable(text: str, offset: int, file: str) -> SyntaxProblem:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    what = f"the character U+{ord(text[offset]):04X} is not allowed"
    return SyntaxProblem(what, where=Place(file, line, column))
