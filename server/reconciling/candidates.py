"""Candidates for names: what the matcher finds, of the types and with the properties asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from kg.matching.features import Compared
from kg.matching.matcher import LOOKED_AT, Decision
from kg.matching.model import probability, shipped_model, values
from kg.matching.ofrelease import same_words
from kg.matching.records import Mention, Record
from kg.prefixes import VOCABULARIES
from server.languages import best, language
from server.reconciling.asked import Constraint, Query, Strictness
from server.reconciling.catalogue import Catalogue, Names
from server.reconciling.constraints import Facts, agreement, facts, having
from server.reconciling.vocabulary import Vocabulary
from server.site import Site

_WIDE: Final = 4 * LOOKED_AT  # names that are compared when types or properties sort some out
_GAIN: Final = 0.3  # of what is missing to 100, when all properties agree
_LOSS: Final = 0.4  # of the score, when none does
_UP: Final = VOCABULARIES["up"]
_LEAST: Final = 0.1  # score of a candidate that is shown
_CODE: Final = 2  # letters of a country's code


@dataclass(slots=True)
class Candidate:
    """A thing that may be meant; `score` is from 0 to 100."""

    record: Record
    score: float
    match: bool
    features: Mapping[str, float] = field(default_factory=dict)


def answers(
    site: Site, catalogue: Catalogue, queries: Mapping[str, Query]
) -> dict[str, list[dict[str, Any]]]:
    """Return the candidates for each query, as the API shows them, the likest first.

    Raises:
        Problem: the index is not there yet, or no worker is free.
    """
    vocabulary, names = catalogue.vocabulary(), catalogue.names()
    found = {name: _found(site, names, vocabulary, query) for name, query in queries.items()}
    iris = {
        one.record.id for name, query in queries.items() if query.constraints for one in found[name]
    }
    asked = {one.property for query in queries.values() for one in query.constraints}
    known = facts(site, iris, asked) if iris else {}
    return {
        name: [_shown(one, vocabulary) for one in _weighed(found[name], query, known)]
        for name, query in queries.items()
    }


def _found(site: Site, names: Names, vocabulary: Vocabulary, query: Query) -> list[Candidate]:
    if query.text:
        return _by_name(names, vocabulary, query)
    return _by_properties(site, names, vocabulary, query)


def _by_name(names: Names, vocabulary: Vocabulary, query: Query) -> list[Candidate]:
    mention = _mention(names, query)
    form = names.index.normalise(query.text)
    sorts_out = bool(query.types or query.constraints)
    limit = max(query.limit, _WIDE if sorts_out else LOOKED_AT)
    looked = [
        one
        for one in names.comparer.candidates(mention, form, limit=limit)
        if _is_of(query, one.facts.kinds)
    ]
    likeness = shipped_model().likeness
    ranked = sorted(
        ((likeness.log_odds(values(one.features)), one) for one in looked),
        key=lambda pair: (-pair[0], pair[1].known.record),
    )
    outcome = names.matcher.judge(mention, form, [one for _, one in ranked[:LOOKED_AT]])
    accepted = outcome.candidates[0].position if outcome.decision is Decision.ACCEPT else None
    return [
        Candidate(
            record=names.index.record(one.known.record),
            score=100 * probability(odds),
            match=one.known.record == accepted,
            features=_features(one),
        )
        for odds, one in ranked
    ]


def _by_properties(
    site: Site, names: Names, vocabulary: Vocabulary, query: Query
) -> list[Candidate]:
    """Find things by what is said of them, when no name is given; none is a certain match."""
    found = dict.fromkeys(
        iri for constraint in query.constraints for iri in having(site, constraint)
    )
    records = filter(None, (names.record(iri) for iri in found))
    return [
        Candidate(record, 50.0, match=False) for record in records if _is_of(query, record.kinds)
    ]


def _is_of(query: Query, kinds: Iterable[str]) -> bool:
    if not query.types or query.strictness is Strictness.SHOULD:
        return True
    held = [one in kinds for one in query.types]
    return all(held) if query.strictness is Strictness.ALL else any(held)


def _mention(names: Names, query: Query) -> Mention:
    """Return what is known of what is meant: its kind, its country and its city."""
    strict = query.types and query.strictness is not Strictness.SHOULD
    by_property = {one.property: one for one in query.constraints}
    place = by_property.get(f"{_UP}place")
    return Mention(
        name=query.text,
        country=_country(names, by_property.get(f"{_UP}country")),
        city=place.values[0].text if place and place.values else "",
        kind=query.types[0].removeprefix(_UP).lower() if strict else "",
    )


def _country(names: Names, constraint: Constraint | None) -> str:
    """Return the code under which the index has a country, "" when that is not known."""
    for value in constraint.values if constraint else ():
        record = names.record(value.iri or value.text)
        if record is not None and record.country:
            return record.country
        for name, code in names.index.countries.items():
            if value.text and same_words(name, value.text):
                return code
        if len(value.text) == _CODE and value.text.upper() in names.index.countries.values():
            return value.text.upper()
    return ""


def _weighed(found: list[Candidate], query: Query, known: Facts) -> Sequence[Candidate]:
    """Let properties and wished types count, and return the best."""
    best_before = found[0] if found else None
    for one in found:
        signs = [_agreement(constraint, one.record, known) for constraint in query.constraints]
        if query.types and query.strictness is Strictness.SHOULD:
            signs.append(1 if not set(query.types).isdisjoint(one.record.kinds) else -1)
        if signs:
            against, for_it = signs.count(-1) / len(signs), signs.count(1) / len(signs)
            one.score += (100 - one.score) * _GAIN * for_it - one.score * _LOSS * against
            one.match = one.match and not against
    found = [one for one in found if one.score >= _LEAST]
    found.sort(key=lambda one: (-one.score, one.record.id))
    for one in found[1:]:
        one.match = False
    if found and found[0] is not best_before:
        found[0].match = False
    return found[: query.limit]


def _agreement(constraint: Constraint, record: Record, known: Facts) -> int:
    found = agreement(constraint, known.get((record.id, constraint.property), ()))
    is_country = constraint.property == f"{_UP}country" and len(record.country) == _CODE
    if (
        found != 1
        and is_country
        and any(value.text.upper() == record.country for value in constraint.values)
    ):
        return 1
    return found


def _features(one: Compared) -> dict[str, float]:
    """Return the scores by feature that are not nought."""
    return {
        each.name: round(value, 3)
        for each in fields(one.features)
        if (value := getattr(one.features, each.name))
    }


def _shown(one: Candidate, vocabulary: Vocabulary) -> dict[str, Any]:
    record = one.record
    shown: dict[str, Any] = {
        "id": record.id,
        "name": name_of(record),
        "score": round(one.score, 1),
        "match": one.match,
        "type": types_of(record, vocabulary),
        "features": [{"id": name, "value": value} for name, value in one.features.items()],
    }
    if place := ", ".join(filter(None, (record.city, record.country_name))):
        shown["description"] = place
    return shown


def name_of(record: Record) -> str:
    """Return the preferred name of a record in the language of the request."""
    labels = [name for name in record.names if name.kind == "label"] or record.names[:1]
    return best([(name.text, name.language) for name in labels], language())


def types_of(record: Record, vocabulary: Vocabulary) -> list[dict[str, str]]:
    """Return the classes of a record, those left out that follow from others."""
    classes = [kind for kind in record.kinds if ":" in kind]
    return [vocabulary.type(iri) for iri in vocabulary.nearest(classes)]
