"""Everything that was found in a corpus: errors, warnings, and what broke a shape."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kg.errors import Invalid, KgError, Problems
from kg.iris import Iris
from kg.report import Result, report_turtle

_VIOLATION = "Violation"


@dataclass(slots=True)
class CorpusReport:
    """Collects; `said` are the lines for people of the results that have a place."""

    iris: Iris
    errors: list[KgError] = field(default_factory=list)
    warnings: list[KgError] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def violations(self) -> int:
        """Return how many results stop a release."""
        return sum(result.severity == _VIOLATION for result in self.results)

    @property
    def conforms(self) -> bool:
        """Tell whether nothing was found that stops a release."""
        return not self.errors and not self.violations

    @property
    def summary(self) -> str:
        """Return one line for people."""
        others = len(self.warnings) + len(self.results) - self.violations
        counts = ((len(self.errors), "error"), (self.violations, "violation"), (others, "warning"))
        return ", ".join(f"{count} {name}{'s' * (count != 1)}" for count, name in counts)

    def add(self, results: Sequence[Result], said: Sequence[str]) -> None:
        """Add results with their lines for people."""
        self.results.extend(results)
        self.said.extend(said)

    def lines(self) -> list[str]:
        """Return a line (with hints: more) for each finding: errors, results, warnings."""
        errors = [str(error) for error in Problems(self.errors).errors]
        warnings = [f"warning: {error}" for error in Problems(self.warnings).errors]
        return [*errors, *sorted(self.said), *warnings]

    def raise_if_any(self) -> None:
        """Raise what stops a release.

        Raises:
            Problems: there are errors; violations found with them are among them.
            Invalid: there are violations only.
        """
        if self.conforms:
            return
        broken = Invalid(f"{self.violations} violations", hint="\n".join(sorted(self.said)))
        if self.errors:
            raise Problems([*self.errors, *([broken] if self.violations else [])])
        raise broken

    def as_json(self) -> str:
        """Return all findings as JSON."""
        found = {
            "conforms": self.conforms,
            "errors": [_error(error) for error in Problems(self.errors).errors],
            "results": [asdict(result) for result in sorted(set(self.results))],
            "warnings": [_error(error) for error in Problems(self.warnings).errors],
        }
        return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def as_turtle(self) -> str:
        """Return the results as a SHACL report."""
        return report_turtle(self.results, iris=self.iris)

    def write(self, folder: Path) -> None:
        """Write `report.ttl` and `report.json` into a new folder."""
        folder.mkdir()
        (folder / "report.ttl").write_text(self.as_turtle(), encoding="utf-8")
        (folder / "report.json").write_text(self.as_json(), encoding="utf-8")


def _error(error: KgError) -> dict[str, object]:
    place = asdict(error.where) if error.where else None
    return {"what": error.what, "hint": error.hint, "where": place}
