"""The views of the whole: network, map, timeline, as pages and as data."""

from __future__ import annotations

from typing import Final

from server.openapi.operation import Operation

EXPLORING: Final[tuple[Operation, ...]] = ()
