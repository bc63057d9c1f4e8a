"""`unipact serve` as a process of its own, for a browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = {
    "UNIPACT_HOST": "127.0.0.1",
    "UNIPACT_PORT": "0",
    "UNIPACT_ACCESS_LOG": "off",
    "UNIPACT_QUERY_WORKERS": "2",
    "UNIPACT_QUERY_SECONDS": "120",  # as long as a slow machine may take
    "UNIPACT_QUERY_WAIT": "120",
    "UNIPACT_STOP_SECONDS": "1",
}


@contextmanager
def serve(releases: Path) -> Iterator[str]:
    """Serve a folder of releases until the block ends; gives the address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNIPACT_")}
    with subprocess.Popen(
        [sys.executable, "-m", "unipact", "serve", "--releases", str(releases)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        env={**kept, "PYTHONPATH": str(Path(__file__).parents[2]), **_SETTINGS},
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            line = next((line for line in process.stdout if "http://" in line), "")
            found = re.search(r"http://[\d.]+:\d+", line)
            assert found, "the server did not start"
            yield found[0]
        finally:
            process.terminate()
