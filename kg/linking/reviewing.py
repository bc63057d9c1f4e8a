"""What a person decides about a row that waits for review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kg.errors import LinkError
from kg.linking.sssom import CLOSE, EXACT, NO_TERM, Decision, MappingSet, Row


class Verdict(StrEnum):
    """What can be said about a candidate."""

    EXACT = "exact"
    CLOSE = "close"
    REJECT = "reject"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Question:
    """An entity that has candidates to look at, in one mapping set."""

    mappings: MappingSet
    subject: str
    label: str
    candidates: tuple[Row, ...]


def questions(mappings: MappingSet) -> Iterator[Question]:
    """Yield what waits for review, by subject, the surest candidate of each first."""
    waiting: dict[str, list[Row]] = {}
    for row in mappings.rows:
        if row.decision is Decision.REVIEW:
            waiting.setdefault(row.subject, []).append(row)
    for subject, rows in sorted(waiting.items()):
        rows.sort(key=lambda row: -float(row.says("confidence") or 0))
        yield Question(mappings, subject, rows[0].says("subject_label"), tuple(rows))


def decide(
    mappings: MappingSet, subject: str, value: str, verdict: Verdict, *, reviewer: str, date: str
) -> MappingSet:
    """Return the set with a decision about an entity.

    Accepting a candidate rejects the others that wait; rejecting one leaves the others waiting;
    `NONE` rejects all and records that there is no match. The decision is the person's from now on.

    Args:
        mappings: the set.
        subject: the IRI of the entity.
        value: the IRI of the candidate; "" with `NONE`.
        verdict: what was decided.
        reviewer: who decided, a name.
        date: when, ISO 8601.

    Raises:
        LinkError: no such candidate waits, or nobody is named as reviewer.
    """
    if not reviewer.strip():
        raise LinkError("a decision needs a reviewer", hint="say who decides: --reviewer NAME")
    waiting = [
        row for row in mappings.rows
        if row.subject == subject and row.decision is Decision.REVIEW
    ]  # fmt: skip
    if not waiting or (
        verdict is not Verdict.NONE and value not in {row.object for row in waiting}
    ):
        raise LinkError(f"nothing waits for review: {subject} {value}".strip())
    signed = {"reviewer_label": reviewer, "review_date": date}
    rows = [row for row in mappings.rows if row not in waiting]
    for row in waiting:
        rows.append(
            mappings.row(
                _decided(row, value, verdict, mappings) | _sign(row, value, verdict, signed)
            )
        )
    if verdict is Verdict.NONE:
        rows.append(mappings.row(_no_match(waiting[0], mappings) | signed))
    return mappings.with_rows(rows)


def _decided(row: Row, value: str, verdict: Verdict, mappings: MappingSet) -> dict[str, str]:
    chosen = row.object == value
    cells = dict(row.cells)
    if chosen and verdict in (Verdict.EXACT, Verdict.CLOSE):
        predicate = EXACT if verdict is Verdict.EXACT else CLOSE
        return cells | {
            "predicate_id": mappings.curie(predicate),
            "decision": Decision.ACCEPTED,
        }
    if verdict is Verdict.REJECT and not chosen:
        return cells
    return cells | {"predicate_modifier": "Not", "decision": Decision.REJECTED}


def _sign(row: Row, value: str, verdict: Verdict, signed: dict[str, str]) -> dict[str, str]:
    return {} if verdict is Verdict.REJECT and row.object != value else signed


def _no_match(row: Row, mappings: MappingSet) -> dict[str, str]:
    kept = ("subject_id", "subject_label", "mapping_date", "object_source_version")
    return {
        **{name: row.says(name) for name in kept if row.says(name)},
        "predicate_id": mappings.curie(EXACT),
        "object_id": mappings.curie(NO_TERM),
        "mapping_justification": "semapv:ManualMappingCuration",
        "decision": Decision.NONE,
    }
