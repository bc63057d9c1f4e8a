"""The process that completes the current release: dumps, label index, statistics.

Started by `completing`, which may kill it at any time; the release is pending until all is there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from kg.changes import complete
from kg.errors import KgError
from kg.releases import Releases
from server.sparql import confine

_LOWEST: Final = 19


def main() -> None:
    """Arguments: the folder of releases, the parent's id."""
    folder, parent = sys.argv[1:]
    confine.die_with(int(parent))
    os.nice(_LOWEST)
    confine.forbid_network(writer=True)
    try:
        complete(Releases(Path(folder)))
    except KgError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
