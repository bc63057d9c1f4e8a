"""Everything that was found in a corpus: errors, warnings, and what broke a shape."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from kg.errors import Invalid, KgError, Place, Problems
from kg.iris import Iris
from kg.validation.report import Result, report_people, report_turtle

_VIOLATION: Final = "Violation"
Said = tuple[Sequence[str], Sequence[str]]  # lines of violations, lines of other results


@dataclass(slots=True)
class CorpusReport:
    """Collects; `broken` and `remarks` are lines for people: of violations, of other results."""

    iris: Iris
    errors: list[KgError] = field(default_factory=list)
    warnings: list[KgError] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

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
        return ", ".join(_counted(count, name) for count, name in counts)

    def add(self, results: Sequence[Result], said: Said) -> None:
        """Add results with their lines for people."""
        self.results.extend(results)
        self.broken.extend(said[0])
        self.remarks.extend(said[1])

    def lines(self) -> list[str]:
        """Return a line (with hints: more) for each finding: errors, results, warnings."""
        errors = [str(error) for error in Problems(self.errors).errors]
        warnings = [f"warning: {error}" for error in Problems(self.warnings).errors]
        return [*errors, *sorted(self.broken), *sorted(self.remarks), *warnings]

    def raise_if_any(self) -> None:
        """Raise what stops a release.

        Raises:
            Problems: there are errors; violations found with them are among them.
            Invalid: there are violations only.
        """
        if self.conforms:
            return
        broken = Invalid(
            _counted(self.violations, "violation"), hint="\n".join(sorted(self.broken))
        )
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


def said_of(results: Iterable[Result], places: Mapping[str, Place] | None = None) -> Said:
    """Return lines for people: those of violations, and those of other results."""
    found = list(results)
    violations = [result for result in found if result.severity == _VIOLATION]
    others = [result for result in found if result.severity != _VIOLATION]
    return report_people(violations, places or {}), report_people(others, places or {})


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'s' * (count != 1)}"


def _error(error: KgError) -> dict[str, object]:
    place = asdict(error.where) if error.where else None
    return {"what": error.what, "hint": error.hint, "where": place}
