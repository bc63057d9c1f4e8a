"""The limits of an update: those of queries, for what is matched and joined.

Triples that are only written cost no planning. They count for nesting, and for nothing else; how
many bytes a request may have is limited where it is received.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from server.limits import Limits
from server.problems import Problem
from server.sparql.terminals import Token
from server.sparql.update_reader import Found
from server.sparql.weight import weigh


def check_nesting(read: Iterable[Token], limits: Limits) -> None:
    """Refuse brackets that nest too deep, whatever they are.

    Raises:
        Problem: they do.
    """
    deepest = brackets = triples = 0
    before = ""
    for token in read:
        if token.kind != "other":
            before = ""
            continue
        brackets += (token.text in "{([") - (token.text in "})]")
        if token.text == before and token.text in "<>":  # << opens a triple, >> closes it
            triples = max(triples + (1 if token.text == "<" else -1), 0)
            before = ""
        else:
            before = token.text
        deepest = max(deepest, brackets + triples)
    if deepest > limits.query_nesting:
        raise _beyond("nested brackets", deepest, limits.query_nesting, "query_nesting")


def check_weight(
    text: str, read: Sequence[Token], operations: Iterable[Found], limits: Limits
) -> None:
    """Refuse what would take too long to plan; each operation is planned by itself.

    Raises:
        Problem: it is too long without its data, or has too many patterns or operators.
    """
    length = len(text)
    for found in operations:
        matched: list[Token] = []
        first = found.first
        for start, end in found.data:
            matched += read[first:start]
            length -= read[end - 1].end - read[start].start
            first = end
        weight = weigh([*matched, *read[first : found.last + 1]])
        if weight.patterns > limits.query_patterns:
            raise _beyond("patterns", weight.patterns, limits.query_patterns, "query_patterns")
        if weight.operators > limits.query_operators:
            raise _beyond("operators", weight.operators, limits.query_operators, "query_operators")
    if length > limits.query_length:
        raise _beyond("characters beside its data", length, limits.query_length, "query_length")


def _beyond(what: str, found: int, allowed: int, field: str) -> Problem:
    detail = f"the update has {found:,} {what}; {allowed:,} are allowed"
    return Problem("limit", detail, where={"limit": field}, hint=Limits.raising(field))
