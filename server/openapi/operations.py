"""Every route and method in one table; a route that is not here fails a test.

A rule is written as Flask has it, so that a test can compare this table with the app's own. A row
of a GET stands for HEAD, too. A row whose method needs a token names its scope.
"""

from __future__ import annotations

from typing import Final

from server.openapi.exploring import EXPLORING
from server.openapi.linking import LINKING
from server.openapi.operation import Operation
from server.openapi.pages import PAGES
from server.openapi.reading import READING
from server.openapi.writing import WRITING

OPERATIONS: Final[tuple[Operation, ...]] = (*READING, *WRITING, *LINKING, *PAGES, *EXPLORING)
