"""Writes, or completes, in a process to which something happens: `kill-N`, `limit-BYTES`, nothing.

What is done: `write-N` inserts N triples one write after the other, `prepared-N` too
with a copy made beforehand, `complete` makes dumps.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

from kg.changes import Change, Writer, complete
from kg.errors import KgError
from kg.releases import Releases

GRAPH = "https://example.org/own"


class Fate:
    """Counts the steps, and ends the process without warning at one of them."""

    def __init__(self, last: int) -> None:
        self.left = last

    def step(self, name: str, done: int, total: int | None) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main(folder: str, task: str, what: str, who: str) -> None:
    releases = Releases(Path(folder))
    kind, _, number = what.partition("-")
    if kind == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(number), int(number)))
    fate = Fate(int(number) if kind == "kill" else 0)
    verb, _, times = task.partition("-")
    try:
        if verb == "complete":
            print(complete(releases, progress=fate).id)
        writer = Writer(releases, wait=60, progress=fate)
        if verb == "prepared":
            writer.prepare()
        for turn in range(int(times or 0)):
            print(writer.propose(_change(f'<x:{who}> <x:n> "{turn}"', who)).release.id, flush=True)
    except KgError as error:
        sys.exit(f"{type(error).__name__}: {error}")


def _change(triple: str, who: str) -> Change:
    text = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {triple} }} }}"
    return Change(lambda store: store.update(text), {GRAPH}, by=who)


if __name__ == "__main__":
    main(*sys.argv[1:])
