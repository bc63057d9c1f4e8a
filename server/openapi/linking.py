"""The routes of links to other knowledge bases, and the reconciliation service."""

from __future__ import annotations

from typing import Final

from server.openapi.operation import Operation

LINKING: Final[tuple[Operation, ...]] = ()
