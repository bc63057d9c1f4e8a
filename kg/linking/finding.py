"""Finds records for the entities of a release, and writes what was found as rows of a mapping set.

What a machine accepts is a close match; an exact one needs a person. What it is not sure of waits
for review with the best candidates. Whatever a person decided stays, and is not asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.iris import DEFAULT_BASE
from kg.linking.entities import Entity
from kg.linking.sources import Source
from kg.linking.sssom import CLOSE, NO_TERM, Decision, MappingSet, Row
from kg.matching import matcher
from kg.matching.index import Index
from kg.matching.matcher import Candidate, Matcher, Outcome
from kg.matching.records import Status
from kg.version import VERSION

_TOOL: Final = "https://w3id.org/unipact/"
_JUSTIFICATION: Final = "semapv:CompositeMatching"
_PROPOSED: Final = 5  # candidates of one entity that wait for review


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one entity: the decision and the candidates with their scores."""

    entity: Entity
    decision: matcher.Decision
    confidence: float
    candidates: tuple[Candidate, ...]


Find = Callable[[Entity], Found]


def in_index(index: Index) -> Find:
    """Return what looks entities up in an index."""
    known = Matcher(index)
    return lambda entity: _best(entity, map(known.match, entity.mentions()))


def in_source(source: Source) -> Find:
    """Return what asks a live source; each name is asked for once.

    What it returns raises SourceError when the source does not answer.
    """
    return lambda entity: _best(entity, _asked(source, entity))


def _asked(source: Source, entity: Entity) -> Iterator[Outcome]:
    for mention in entity.mentions():
        if records := list(source.candidates(mention)):
            yield Matcher(Index.build(records)).match(mention)


def _best(entity: Entity, outcomes: Iterable[Outcome]) -> Found:
    """Return the surest outcome over all names, with the candidates of all.

    Names that lead to different records contradict each other, which is for a person to see.
    """
    order = {matcher.Decision.ACCEPT: 2, matcher.Decision.REVIEW: 1, matcher.Decision.NONE: 0}
    ranked = sorted(outcomes, key=lambda one: (-order[one.decision], -one.confidence))
    if not ranked or ranked[0].decision is matcher.Decision.NONE:
        return Found(entity, matcher.Decision.NONE, 0.0, ())
    first = ranked[0]
    candidates: dict[str, Candidate] = {}
    for outcome in ranked:
        if outcome.decision is not matcher.Decision.NONE:
            for candidate in outcome.candidates:
                candidates.setdefault(candidate.record.id, candidate)
    accepted = {one.candidates[0].record.id for one in ranked if _accepts(one)}
    decision = first.decision if len(accepted) < 2 else matcher.Decision.REVIEW
    shown = tuple(candidates.values())[:_PROPOSED]
    return Found(entity, decision, first.confidence, shown)


def _accepts(outcome: Outcome) -> bool:
    return outcome.decision is matcher.Decision.ACCEPT


@dataclass(frozen=True, slots=True)
class Writer:
    """Puts what was found into a mapping set.

    Attributes:
        base: the base of the release; rows have the default one.
        date: when it was looked for, ISO 8601.
        source_version: the version of the other knowledge base, "" when it has none.
        within: what identifiers of the other knowledge base begin with.
    """

    base: str
    date: str
    source_version: str
    within: str

    def wants(self, entity: Entity, mappings: MappingSet) -> bool:
        """Tell whether an entity is to be looked up: no person has written a row about it.

        A rejection alone leaves the question open.
        """
        rows = self._rows_of(entity, mappings)
        return not any(_is_persons(row) and row.decision is not Decision.REJECTED for row in rows)

    def with_found(self, mappings: MappingSet, found: Iterable[Found]) -> MappingSet:
        """Return the set with the rows of these entities; what people decided stays."""
        rows = list(mappings.rows)
        for one in found:
            mine = self._rows_of(one.entity, mappings)
            kept = [row for row in mine if _is_persons(row)]
            rejected = {row.object for row in kept if row.decision is Decision.REJECTED}
            rows = [row for row in rows if row not in mine or row in kept]
            rows += self._new(one, mappings, rejected)
        return mappings.with_rows(rows)

    def _rows_of(self, entity: Entity, mappings: MappingSet) -> list[Row]:
        subject = self._subject(entity)
        return [row for row in mappings.rows if row.subject == subject]

    def _subject(self, entity: Entity) -> str:
        return DEFAULT_BASE + entity.iri.removeprefix(self.base)

    def _new(self, found: Found, mappings: MappingSet, rejected: set[str]) -> Iterator[Row]:
        candidates = [one for one in found.candidates if one.record.id not in rejected]
        candidates = [one for one in candidates if one.record.id.startswith(self.within)]
        if not candidates:
            if not rejected:
                cells = self._cells(found, mappings) | {"object_id": mappings.curie(NO_TERM)}
                yield mappings.row(cells | {"decision": Decision.NONE})
            return
        sure = found.decision is matcher.Decision.ACCEPT and candidates[0] is found.candidates[0]
        for candidate in candidates[: 1 if sure else _PROPOSED]:
            cells = self._cells(found, mappings) | _of_candidate(candidate, found, mappings)
            yield mappings.row(cells | {"decision": Decision.ACCEPTED if sure else Decision.REVIEW})

    def _cells(self, found: Found, mappings: MappingSet) -> dict[str, str]:
        return {
            "subject_id": mappings.curie(self._subject(found.entity)),
            "subject_label": found.entity.label,
            "predicate_id": mappings.curie(CLOSE),
            "mapping_justification": _JUSTIFICATION,
            "mapping_date": self.date,
            "mapping_tool": _TOOL,
            "mapping_tool_version": VERSION,
            "object_source_version": self.source_version,
        }


def _is_persons(row: Row) -> bool:
    """Tell whether a person has decided, or has written the row in the first place."""
    return row.reviewed or row.says("mapping_tool") != _TOOL


def _of_candidate(candidate: Candidate, found: Found, mappings: MappingSet) -> dict[str, str]:
    record = candidate.record
    status = record.status.value if record.status is not Status.ACTIVE else ""
    return {
        "object_id": mappings.curie(record.id),
        "object_label": record.label,
        "object_country": record.country,
        "object_status": status,
        "confidence": f"{min(found.confidence, candidate.score / 100):.2f}",
        "comment": f"score {candidate.score:g}; {told(candidate)}",
    }


def told(candidate: Candidate) -> str:
    """Return in words what speaks for and against a candidate."""
    features = candidate.features
    said = [
        f"letters {features.letters:.2f}",
        f"words {features.words:.2f}",
        *(["same country"] if features.country_agrees else []),
        *(["another country"] if features.country_differs else []),
        *(["same city"] if features.city_agrees else []),
        *(["an acronym"] if features.acronym else []),
        *([candidate.record.status.value] if candidate.record.status is not Status.ACTIVE else []),
    ]
    return ", ".join(said)
