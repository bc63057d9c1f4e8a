"""What changes of a release are derived and checked by: its own rules and shapes, parsed once."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.changes.gate import Gate
from kg.iris import Iris
from kg.releases import Release
from kg.rules import Rule, load_rules


@dataclass(frozen=True, slots=True)
class Parsed:
    """Rules and shapes; a release that was not validated has no gate."""

    rules: tuple[Rule, ...]
    gate: Gate | None


@dataclass(slots=True)
class Criteria:
    """Keeps those that were parsed last: releases that follow each other share them."""

    _key: tuple[str, ...] = ()
    _parsed: Parsed = field(default_factory=lambda: Parsed((), None))

    def of(self, release: Release) -> Parsed:
        """Return the rules and shapes of a release.

        Raises:
            Problems: rules that cannot be used.
            OntologyError: shapes that cannot be used.
        """
        manifest = release.manifest
        folders = ("rules/", "shapes/")
        files = (item for item in manifest.files.items() if item[0].startswith(folders))
        key = (manifest.base, *(f"{path} {entry.sha256}" for path, entry in sorted(files)))
        if key != self._key:
            gate = None
            if release.shapes_dir.is_dir():
                gate = Gate.load(release.shapes_dir, iris=Iris(manifest.base))
            self._parsed, self._key = Parsed(load_rules(release.rules_dir), gate), key
        return self._parsed
