"""From declarations to what an article reports of each thing and fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from kg.articles import statuses
from kg.articles.attribution import SAID_IN, Attribution
from kg.articles.checked import Passage, Reported, ReportedDate, Statement
from kg.articles.declarations import Declarations, Declared
from kg.articles.documents import Branch, Node, Scalar
from kg.articles.evidence import Evidence, has_source
from kg.articles.nearest import nearest
from kg.articles.passages import one_line
from kg.articles.reading import Reading, values
from kg.articles.references import References
from kg.articles.values import DateValue, Values
from kg.errors import BadValue, UnknownKey
from kg.ontology.keys import PropertyTerm
from kg.terms import iri

DESCRIPTION: Final = "Description"  # says of a thing whatever is an up:Attribute
_UNWRITTEN: Final = frozenset({"reportedIn", "earliest", "latest"})
_EVIDENCE: Final = ("evidence", "context")
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@dataclass(slots=True)
class Reports:
    """Reads the properties of what an article declares."""

    reading: Reading
    declared: Declarations
    references: References
    values: Values
    evidence: Evidence
    attribution: Attribution
    dates: dict[str, dict[str, DateValue]] = field(default_factory=dict)

    def read(self) -> Iterator[Reported]:
        """Yield what is reported of each thing and fact, in the order of the file."""
        for node in self.declared.nodes.values():
            yield self._report(node)
        self._check_passages()

    def _report(self, node: Declared) -> Reported:
        statements: list[Statement] = [(_TYPE, iri(term.iri)) for term in node.classes]
        dates: list[ReportedDate] = []
        for key, value in node.properties:
            term = self._property(node, key)
            if term is None or key in _EVIDENCE:
                continue
            if "passage" in term.ranges:
                cited = self.evidence.cited(value, f"{node.owner}: {key}")
                statements.extend((_predicate(term.iri), iri(passage.iri)) for passage in cited)
            elif "date" in term.ranges:
                self._read_dates(node, term, value, statements, dates)
            else:
                self._read_values(node, term, key, value, statements)
        self._add_unwritten(node, statements)
        evidence, context = self._passages(node)
        return Reported(
            key=node.key,
            iri=node.iri,
            statements=tuple(statements),
            dates=tuple(dates),
            evidence=tuple(passage.iri for passage in evidence),
            context=tuple(passage.iri for passage in context),
        )

    # --- properties ---

    def _property(self, node: Declared, key: Scalar) -> PropertyTerm | None:
        """Return the property that a key means on a node; None, with an error, when none."""
        ontology = self.reading.ontology
        term = ontology.properties.get(key)
        owner = node.owner
        if term is None:
            own = self._own_keys(node) or ontology.properties
            self.reading.unknown(key, f"{owner}: there is no property {str(key)!r}", key, own)
        elif term.derived or key in _UNWRITTEN:
            what = f"{owner}: {key} follows from other facts and is never written"
            self.reading.error(UnknownKey, key, what)
        elif node.classes and not self._takes(node, term):
            self._misplaced(node, term, key)
        else:
            return term
        return None

    def _takes(self, node: Declared, term: PropertyTerm) -> bool:
        superclasses = node.superclasses
        if not term.domains or not term.domains.isdisjoint(superclasses):
            return True
        return term.attribute and DESCRIPTION in superclasses

    def _own_keys(self, node: Declared) -> list[str]:
        known = self.reading.ontology.properties.values()
        return [term.key for term in known if not term.derived and self._takes(node, term)]

    def _misplaced(self, node: Declared, term: PropertyTerm, key: Scalar) -> None:
        classes = " and ".join(term.key for term in node.classes)
        own = self._own_keys(node)
        near = nearest(key, own)
        hint = f"did you mean {near!r}?" if near else f"{classes} takes {', '.join(own)}"
        hint = "" if key == statuses.STATUS else f"{_domains(term)}\n{hint}"
        self.reading.error(UnknownKey, key, f"{node.owner}: {classes} has no {key}", hint=hint)

    def _read_values(
        self,
        node: Declared,
        term: PropertyTerm,
        key: Scalar,
        value: Node,
        statements: list[Statement],
    ) -> None:
        predicate = _predicate(term.iri)
        seen: dict[str, Node] = {}
        for single in self._listed(node, term, value):
            if term.key == statuses.STATUS and not statuses.allows(self.reading, node, single):
                continue
            for encoded in self.values.encoded(node, term, single):
                if encoded in seen:
                    what = f"{node.owner}: {key} has the value {_shown(single)} twice"
                    self.reading.error(BadValue, single, what)
                seen[encoded] = single
        if term.functional and len(seen) > 1:
            self.reading.error(
                BadValue, key, f"{node.owner}: {key} takes one value, not {len(seen)}"
            )
        statements.extend((predicate, encoded) for encoded in seen)
        if term.attribute and node.classes:
            self._check_subjects(node, term, key)

    def _listed(self, node: Declared, term: PropertyTerm, value: Node) -> Iterator[Node]:
        listed = list(values(value))
        if not listed:
            self.reading.error(BadValue, value, f"{node.owner}: {term.key} is an empty list")
        yield from listed

    def _check_subjects(self, node: Declared, term: PropertyTerm, key: Scalar) -> None:
        """A description may say of a thing only what the thing may have."""
        if DESCRIPTION not in node.superclasses or not term.domains:
            return
        for about in node.written("about"):
            if not isinstance(about, Scalar):
                continue
            for target in self.references.targets(about, f"{node.owner}: about"):
                if target.superclasses and term.domains.isdisjoint(target.superclasses):
                    what = f"{node.owner}: {target.key} is {' and '.join(target.classes)}"
                    hint = _domains(term)
                    self.reading.error(UnknownKey, key, f"{what} and has no {key}", hint=hint)

    # --- dates ---

    def _read_dates(
        self,
        node: Declared,
        term: PropertyTerm,
        value: Node,
        statements: list[Statement],
        dates: list[ReportedDate],
    ) -> None:
        listed = list(self._listed(node, term, value))
        if term.functional and len(listed) > 1:
            what = f"{node.owner}: {term.key} takes one date, not {len(listed)}"
            self.reading.error(BadValue, value, what)
        for number, single in enumerate(listed, start=1):
            date = self.values.date(single, f"{node.owner}: {term.key}")
            if date is None:
                continue
            self._check_printed(node, term, date)
            part = term.key if number == 1 else f"{term.key}-{number}"
            address = self.reading.iris.part(node.iri, part)
            self.dates.setdefault(node.key, {})[term.key] = date
            statements.append((_predicate(term.iri), iri(address)))
            printed = str(date.printed) if date.printed is not None else None
            dates.append(ReportedDate(address, date.bounds, printed, date.inferred))
        if term.attribute and node.classes and listed:
            key = next(key for key, _ in node.properties if key == term.key)
            self._check_subjects(node, term, key)

    def _check_printed(self, node: Declared, term: PropertyTerm, date: DateValue) -> None:
        """The printed form must stand in the text, or in the original that it restates."""
        printed = date.printed
        if printed is None:
            return
        wanted = one_line(printed).casefold()
        original = self.evidence.original
        if wanted in self.reading.text.folded:
            return
        what = f"{node.owner}: {term.key}: the printed date {str(printed)!r} is not in"
        file = self.reading.text.file
        if original is not None:
            if wanted not in original.folded:
                self.reading.error(BadValue, printed, f"{what} {file} or the original")
        elif has_source(self.reading):
            hint = "the original is not at hand; build with --originals to have it looked up there"
            self.reading.warn(printed, f"{what} {file}", hint=hint)
        else:
            self.reading.error(BadValue, printed, f"{what} {file}")

    # --- what the mapper adds ---

    def _add_unwritten(self, node: Declared, statements: list[Statement]) -> None:
        """Add a fact's certainty and speakers, and the status that a class has by default."""
        if any(term.is_fact for term in node.classes):
            if next(node.written("certainty"), None) is None:
                self._add_concept(statements, "certainty", "stated")
            self.attribution.add(node, self._passage_body(node), statements)
        default = statuses.unwritten(self.reading, node)
        if default:
            self._add_concept(statements, statuses.STATUS, default)

    def _add_concept(self, statements: list[Statement], key: str, concept_key: str) -> None:
        known = self.reading.ontology.properties.get(key)
        concept = self.reading.ontology.find_concept(key, concept_key) if known else None
        if known and concept:
            address = self.reading.iris.concept(concept.scheme, concept.key)
            statements.append((_predicate(known.iri), iri(address)))

    # --- evidence ---

    def _passage_body(self, node: Declared) -> Branch | None:
        passages = self.reading.article.tree.get(Scalar("passages"))
        if node.passage is None or not isinstance(passages, Branch):
            return None
        body = passages.get(Scalar(node.passage))
        return body if isinstance(body, Branch) else None

    def _check_passages(self) -> None:
        """Passages without facts are read, too: nothing wrong goes unnoticed."""
        passages = self.reading.article.tree.get(Scalar("passages"))
        for key, body in passages.items() if isinstance(passages, Branch) else ():
            if isinstance(body, Branch):
                owner = f'passage "{key}"'
                list(self.evidence.cited(body.get(Scalar("context")), f"{owner}: context"))
                said_in = self.reading.word(body.get(SAID_IN), f"{owner}: saidIn")
                if said_in is not None:
                    self.references.targets(said_in, f"{owner}: saidIn")

    def _passages(self, node: Declared) -> tuple[list[Passage], list[Passage]]:
        written = {str(key): value for key, value in node.properties}
        evidence: list[Passage] = []
        if node.passage is not None and node.passage in self.evidence.keyed:
            evidence.append(self.evidence.keyed[node.passage])
        evidence.extend(self.evidence.cited(written.get("evidence"), f"{node.owner}: evidence"))
        if node.passage is None and "evidence" not in written:
            hint = "write evidence: and the key of a passage, or a quote"
            self.reading.error(BadValue, node.at, f"{node.owner} has no evidence", hint=hint)
        context = list(self.evidence.cited(written.get("context"), f"{node.owner}: context"))
        body = self._passage_body(node)
        if body is not None:
            shared = body.get(Scalar("context"))
            context.extend(self.evidence.cited(shared, f'passage "{node.passage}": context'))
        evidence = list(dict.fromkeys(evidence))
        return evidence, [one for one in dict.fromkeys(context) if one not in evidence]


@cache
def _predicate(address: str) -> str:
    return iri(address)


def _domains(term: PropertyTerm) -> str:
    return f"{term.key} is for {', '.join(sorted(term.domains - {DESCRIPTION}))}"


def _shown(node: Node) -> str:
    return repr(str(node)) if isinstance(node, Scalar) else "given"
