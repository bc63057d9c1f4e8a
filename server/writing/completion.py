"""The process that completes the current release (dumps, label index), and prunes old ones.

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
    """Arguments: the folder of releases, the parent's id, how many to keep, for how many days."""
    folder, parent, keep, days = sys.argv[1:]
    confine.die_with(int(parent))
    os.nice(_LOWEST)
    confine.forbid_network(writer=True)
    try:
        releases = Releases(Path(folder))
        complete(releases)
        if int(keep):
            releases.prune(int(keep), older_than=float(days) or None)
    except KgError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
