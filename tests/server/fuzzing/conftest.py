"""How much is tried: UNIPACT_FUZZ multiplies the number of examples."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

TIMES: Final = int(os.environ.get("UNIPACT_FUZZ", "1"))
CORPUS: Final = tuple(
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "competency").glob("*.rq"))
)
