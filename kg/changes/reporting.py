"""Why a change was refused, for programs and for people."""

from __future__ import annotations

from kg.errors import Rejected
from kg.iris import Iris
from kg.validation.report import local_name, report_turtle


def violations(rejected: Rejected) -> tuple[dict[str, str], ...]:
    """Return each violation as `focus`, `path`, `value`, `shape` and `message`, without empty ones.

    IRIs are in full; `value` is in its N-Triples encoding.
    """
    return tuple(
        {
            name: text
            for name, text in (
                ("focus", result.focus),
                ("path", result.path),
                ("value", result.value),
                ("shape", local_name(result.shape)),
                ("message", result.message),
            )
            if text
        }
        for result in rejected.results
    )


def report(rejected: Rejected, base: str) -> str:
    """Return a SHACL validation report in Turtle; `base` is that of the release."""
    return report_turtle(rejected.results, iris=Iris(base))
