"""Where an article names entities: known names by themselves, and what annotations add."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from kg.articles.checked import Mention, Statement
from kg.articles.declarations import Declarations
from kg.articles.documents import Branch, Node, Scalar
from kg.articles.evidence import find_span
from kg.articles.names import Found, Names, find_names, stands_alone
from kg.articles.passages import Span
from kg.articles.reading import Reading, values
from kg.articles.references import References
from kg.articles.values import Values
from kg.errors import BadValue, QuoteNotFound
from kg.terms import iri

_KEYS: Final = ("quote", "at", "nth", "entity", "certainty", "note")


@dataclass(frozen=True, slots=True)
class _Written:
    """A mention as annotated: `spans` are those of `nth: all`, or the one."""

    node: Branch
    spans: tuple[Span, ...]
    everywhere: bool
    entity: str
    statements: tuple[Statement, ...]


@dataclass(slots=True)
class Mentions:
    """Finds the mentions of an article."""

    reading: Reading
    declared: Declarations
    references: References
    values: Values

    def read(self) -> tuple[Mention, ...]:
        """Return all mentions in their order."""
        known = self._known_names()
        written = list(self._written())
        alone = [mention for mention in written if not mention.everywhere]
        longer = [*known, *(Found(*mention.spans[0], "") for mention in alone)]
        explicit = self._explicit(written, _Cover(longer))
        for mention in alone:
            self._warn_inside(mention, known)
        cover = _Cover([Found(*span, "") for span in explicit])
        found = dict(explicit)
        for name in known:
            target = self._named(name.key) if name.key else None
            if target and not cover.overlaps(name):
                found[Span(name.start, name.end)] = Mention(Span(name.start, name.end), target)
        return tuple(found[span] for span in sorted(found))

    # --- names ---

    def _known_names(self) -> list[Found]:
        names = Names(())
        for node in self.declared.nodes.values():
            unnamed = any(value == "true" for value in node.written("unnamed"))
            if node.kind != "entity" or unnamed:
                continue
            for label, written in _labels(chain(node.written("label"), node.written("altLabel"))):
                self._check_clash(node.key, written, names)
                names.add(label, node.key)
        return find_names(self.reading.text.raw, [self.reading.authority.names, names])

    def _check_clash(self, key: str, label: Scalar, names: Names) -> None:
        other = self.reading.authority.names.bearer(label) or names.bearer(label)
        if other and other != key:
            what = f'entity "{key}" has the same label as {other!r}'
            hint = (
                f"if it is that entity, use its key; the name {str(label)!r} alone links to neither"
            )
            self.reading.warn(label, what, hint=hint)

    def _named(self, key: str) -> str | None:
        """Return the encoded IRI of an entity by key; None for a fact or decision with a label."""
        (target,) = self.references.targets(Scalar(key), "")
        classes = self.reading.ontology.classes
        known = [classes[name] for name in target.classes if name in classes]
        if not known or any(term.is_fact for term in known):
            return None
        return target.term

    # --- written mentions ---

    def _written(self) -> Iterator[_Written]:
        root = self.reading.article.tree
        for node in values(root.get(Scalar("mentions"))):
            branch = self.reading.branch(node, "mention")
            if branch is None:
                continue
            owner = "mention"
            quote = branch.get(Scalar("quote"))
            if isinstance(quote, Scalar):
                owner = f'mention "{quote}"'
            self.reading.keys(branch, _KEYS, "a mention")
            entity = self._entity(branch, owner)
            spans, everywhere = self._spans(branch, owner)
            statements = tuple(self._statements(branch, owner))
            if entity and spans:
                yield _Written(branch, spans, everywhere, entity, statements)

    def _entity(self, branch: Branch, owner: str) -> str | None:
        key = self.reading.word(branch.get(Scalar("entity")), f"{owner}: entity")
        if key is None:
            if Scalar("entity") not in branch:
                hint = "write entity: and its key"
                self.reading.error(BadValue, branch, f"{owner} has no entity", hint=hint)
            return None
        targets = self.references.targets(key, owner)
        known = self.reading.ontology.properties.get("refersTo")
        for target in targets if known else ():
            if known and target.superclasses and target.superclasses.isdisjoint(known.ranges):
                what = f"{owner} is of an entity; {key} is {' and '.join(target.classes)}"
                self.reading.error(BadValue, key, what)
        return targets[0].term if len(targets) == 1 else None

    def _spans(self, branch: Branch, owner: str) -> tuple[tuple[Span, ...], bool]:
        quote, nth = branch.get(Scalar("quote")), branch.get(Scalar("nth"))
        if nth == "all" and isinstance(quote, Scalar):
            spans = tuple(self._alone(quote)) or tuple(self.reading.text.locate(quote))
            if not spans:
                what = f"{owner}: the quote is not in {self.reading.text.file}"
                hint = self.reading.text.why_missing(quote)
                self.reading.error(QuoteNotFound, quote, what, hint=hint)
            return spans, True
        if nth is None and isinstance(quote, Scalar) and Scalar("at") not in branch:
            alone = list(islice(self._alone(quote), 2))
            if len(alone) == 1:
                return (alone[0],), False
        span = find_span(self.reading, branch, owner)
        return ((span,) if span else ()), False

    def _alone(self, quote: Scalar) -> Iterator[Span]:
        """Yield where the words stand that are no part of a longer word."""
        raw = self.reading.text.raw
        return (span for span in self.reading.text.locate(quote) if stands_alone(raw, *span))

    def _statements(self, branch: Branch, owner: str) -> Iterator[Statement]:
        for key in ("certainty", "note"):
            node: Node | None = branch.get(Scalar(key))
            term = self.reading.ontology.properties.get(key)
            if node is None or term is None:
                continue
            for encoded in self.values.read(term, node, owner):
                yield iri(term.iri), encoded

    def _explicit(self, written: list[_Written], longer: _Cover) -> dict[Span, Mention]:
        explicit: dict[Span, Mention] = {}
        # a mention of one place is more exact than one of all places, so it comes last and counts
        for mention in sorted(written, key=lambda one: not one.everywhere):
            for span in mention.spans:
                if mention.everywhere and longer.around(span):
                    continue
                before = explicit.get(span)
                if before and before.entity != mention.entity and not mention.everywhere:
                    self._check_twice(mention, span, written)
                explicit[span] = Mention(span, mention.entity, mention.statements)
        return explicit

    def _check_twice(self, mention: _Written, span: Span, written: list[_Written]) -> None:
        others = [one for one in written if not one.everywhere and one.spans == (span,)]
        if len(others) > 1 and others[0] is not mention:
            words = self.reading.text.raw[span.start : span.end]
            what = f'mention "{words}" is of two entities'
            hint = f"the other stands in line {others[0].node.place.line}"
            self.reading.error(BadValue, mention.node, what, hint=hint)

    def _warn_inside(self, mention: _Written, known: list[Found]) -> None:
        """Report a mention inside a longer known name, unless a note says that it is meant so."""
        if "note" in mention.node:
            return
        (span,) = mention.spans
        for name in known:
            if name.start <= span.start and span.end <= name.end and span != name[:2]:
                words = self.reading.text.raw[span.start : span.end]
                longer = self.reading.text.raw[name.start : name.end]
                what = f'mention "{words}" stands inside the longer name "{longer}"'
                hint = f"the longer one is {name.key}; " if name.key else ""
                hint += "if both are meant, say so in a note"
                self.reading.warn(mention.node, what, hint=hint)


class _Cover:
    """Stretches of text, to be asked about overlaps."""

    def __init__(self, found: list[Found]) -> None:
        self._found = sorted({(one.start, one.end) for one in found})
        self._widest = max((end - start for start, end in self._found), default=0)

    def _near(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        first = bisect_right(self._found, (start - self._widest - 1, 0))
        for known in self._found[first:]:
            if known[0] >= end:
                return
            if known[1] > start:
                yield known

    def around(self, span: Span) -> bool:
        """Say whether a longer stretch holds this one."""
        return any(
            known[0] <= span.start and span.end <= known[1] and known != span
            for known in self._near(*span)
        )

    def overlaps(self, name: Found) -> bool:
        """Say whether one of the stretches is the name, holds a part of it, or sticks out of it."""
        return any(
            not (name.start <= start and end <= name.end) or (start, end) == name[:2]
            for start, end in self._near(name.start, name.end)
        )


def _labels(nodes: Iterator[Node]) -> Iterator[tuple[str, Scalar]]:
    for node in nodes:
        for value in node.values() if isinstance(node, Branch) else (node,):
            if isinstance(value, Scalar):
                yield str(value), value
