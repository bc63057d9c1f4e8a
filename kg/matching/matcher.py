"""Decides what a mention means: accepted by machine, for a person to review, or nothing known.

The model says how sure one can be. Rules stand above it: they say what no likeness of names can
prove, and only ever make an outcome more careful.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from kg.folding import fold
from kg.matching.features import Compared, Comparer, Features
from kg.matching.index import Index
from kg.matching.kinds import Sort, sorts
from kg.matching.model import Model, probability, shipped_model, standing, values
from kg.matching.normalisation import Form
from kg.matching.records import Mention, Record, Status

SHOWN: Final = 5  # candidates of an outcome
LOOKED_AT: Final = 7  # candidates compared by features
_SURE_LEAD: Final = 1.0  # log odds by which the best must be ahead to be accepted
_TELLING: Final = 0.2  # `told` below which a name is a kind of thing, not a name
_ONE: Final = 0.5  # `less` of one word
_LACKING: Final = 0.4  # `missing` from which on a mention that lacks more words is too short


class Decision(StrEnum):
    """What is to be done with a mention."""

    ACCEPT = "accept"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be meant; `score` is from 0 to 100, `features` tell where it comes from."""

    position: int  # in the index
    name: str  # the name that looks most like the mention, made comparable
    score: float
    features: Features
    index: Index = field(repr=False, compare=False)

    @property
    def record(self) -> Record:
        """The record, read from the index."""
        return self.index.record(self.position)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decision, how sure it is (0 to 1), the best candidates, and what forbade to accept."""

    decision: Decision
    confidence: float
    candidates: tuple[Candidate, ...]
    reasons: tuple[str, ...] = ()

    @property
    def best(self) -> Record | None:
        """The record accepted or to be reviewed."""
        return None if self.decision is Decision.NONE else self.candidates[0].record


@dataclass(frozen=True, slots=True)
class _Judged:
    """A candidate and its log odds by itself."""

    compared: Compared
    log_odds: float


class Matcher:
    """Matches mentions with the records of an index. May be shared by threads."""

    def __init__(self, index: Index, model: Model | None = None) -> None:
        self.index = index
        self._model = model or shipped_model()
        self._comparer = Comparer(index)

    def match(self, mention: Mention) -> Outcome:
        """Decide what a mention means."""
        form = self.index.normalise(mention.name)
        found = self._comparer.candidates(mention, form, limit=LOOKED_AT)
        return self.judge(mention, form, found)

    def judge(self, mention: Mention, form: Form, found: Iterable[Compared]) -> Outcome:
        """Decide which of the candidates for a mention is meant."""
        likeness = self._model.likeness
        judged = [_Judged(one, likeness.log_odds(values(one.features))) for one in found]
        if not judged:
            return Outcome(Decision.NONE, 0.0, ())
        judged.sort(key=lambda one: (-one.log_odds, one.compared.known.record))
        stands = standing([one.log_odds for one in judged])
        given = (stands.likeness, stands.lead, stands.rivals, *values(judged[0].compared.features))
        confidence = probability(self._model.confidence.log_odds(given))
        decision, reasons = self._decide(mention, form, judged, confidence)
        return Outcome(decision, confidence, tuple(map(self._shown, judged[:SHOWN])), reasons)

    def _decide(
        self, mention: Mention, form: Form, judged: Sequence[_Judged], confidence: float
    ) -> tuple[Decision, tuple[str, ...]]:
        best = judged[0].compared
        if confidence < self._model.review:
            return Decision.NONE, ()
        if form.country and best.facts.country not in ("", form.country):
            return Decision.NONE, ("the name is that of another country's organisation",)
        wanted, known = sorts([mention.kind]), sorts(best.facts.kinds)
        if wanted and known and wanted.isdisjoint(known):
            return Decision.NONE, ("what is meant is of another kind",)
        if confidence < self._model.accept:
            return Decision.REVIEW, ()
        reasons = tuple(self._doubts(mention, form, judged))
        return (Decision.REVIEW if reasons else Decision.ACCEPT), reasons

    def _doubts(self, mention: Mention, form: Form, judged: Sequence[_Judged]) -> list[str]:
        """Return what forbids to accept the best candidate, however alike the names are."""
        best = judged[0].compared
        features, facts = best.features, best.facts
        meant = sorts([mention.kind, *facts.kinds])
        alone = bool(features.acronym) or features.told < _TELLING
        supported = alone and self._is_supported(mention, form, best)
        doubts = {
            "persons are not told apart by name": Sort.PERSON in meant,
            "a place needs its country": Sort.PLACE in meant and not features.country_agrees,
            "the country differs": bool(features.country_differs),
            "the record was withdrawn": facts.status is Status.WITHDRAWN,
            "an acronym needs support": bool(features.acronym) and not supported,
            "the name tells too little": features.told < _TELLING and not supported,
            "the name lacks words that tell": features.less > _ONE and features.missing >= _LACKING,
            "the name says where, the mention does not": bool(features.unplaced),
            "another candidate is nearly as likely": len(judged) > 1
            and judged[0].log_odds - judged[1].log_odds < _SURE_LEAD,
        }
        return [doubt for doubt, holds in doubts.items() if holds]

    def _is_supported(self, mention: Mention, form: Form, best: Compared) -> bool:
        """Tell whether the mention's city or a name beside it points to the same record."""
        if mention.city and not best.facts.place.isdisjoint(fold(mention.city).split()):
            return True
        known = {name.text for name in self.index.record(best.known.record).names}
        keys = {self.index.normalise(name).key for name in known} - {form.key}
        return any(self.index.normalise(name).key in keys for name in mention.context)

    def _shown(self, one: _Judged) -> Candidate:
        known, features = one.compared.known, one.compared.features
        score = round(100 * probability(one.log_odds), 1)
        return Candidate(known.record, known.plain, score, features, self.index)
