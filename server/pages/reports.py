"""What the check of a release by its shapes found, arranged for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kg.releases import Release

_SHOWN: Final = 12  # things named for one finding; the report has them all
_SEVERITIES: Final = ("Violation", "Warning", "Info")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one shape found: about how many things, and the first of them."""

    severity: str
    message: str
    shape: str
    kind: str
    things: int
    first: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """What the check of a release found, by shape; the worst first."""

    conforms: bool
    findings: list[Finding] = field(default_factory=list)

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many results there are of each severity that occurs."""
        return {
            severity: number
            for severity in _SEVERITIES
            if (number := sum(one.things for one in self.findings if one.severity == severity))
        }


def read_report(release: Release) -> Report | None:
    """Return what the check of a release found; None when it has no report."""
    try:
        found = json.loads((release.report_dir / "report.json").read_text(encoding="utf-8"))
        return Report(bool(found["conforms"]), _findings(found))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _findings(found: Mapping[str, Any]) -> list[Finding]:
    groups: dict[tuple[str, str, str, str], dict[str, None]] = {}
    for group in ("results", "warnings", "errors"):
        for one in found.get(group) or ():
            if isinstance(one, dict) and "severity" in one:
                key = (_told(one, "severity"), _told(one, "message"), _told(one, "shape"))
                things = groups.setdefault((*key, _told(one, "kind")), {})
                things[_told(one, "focus")] = None
    rank = {severity: number for number, severity in enumerate(_SEVERITIES)}
    return [
        Finding(*key, things=len(things), first=tuple(things)[:_SHOWN])
        for key, things in sorted(groups.items(), key=lambda one: (rank.get(one[0][0], 9), one[0]))
    ]


def _told(result: Mapping[str, Any], member: str) -> str:
    return str(result.get(member, ""))
