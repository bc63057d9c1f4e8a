"""Builds a release in a process to which something happens: `kill-N`, `limit-BYTES`, nothing."""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

from kg.build import BuildInputs, build_release
from kg.data import ontology_dir, shapes_dir
from kg.errors import KgError


class Fate:
    """Counts the steps, and ends the process without warning at one of them."""

    def __init__(self, last: int) -> None:
        self.left = last

    def step(self, name: str, done: int, total: int | None) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main(seeds: str, releases: str, what: str) -> None:
    kind, _, number = what.partition("-")
    if kind == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(number), int(number)))
    inputs = BuildInputs(Path(seeds), ontology_dir(), shapes_dir(), jobs=1)
    fate = Fate(int(number) if kind == "kill" else 0)
    try:
        print(build_release(inputs, Path(releases), progress=fate).id)
    except KgError as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
