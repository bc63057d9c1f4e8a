"""What the reconciliation service knows of a release: its vocabulary and the index of its names.

The index is made in the background, when somebody first asks. Until it is there, who asks waits, or
is answered from that of the release before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from bisect import bisect_left
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.matching.features import Comparer
from kg.matching.index import Index
from kg.matching.matcher import Matcher
from kg.matching.records import Record
from kg.releases import Release
from server.problems import Problem
from server.reconciling.vocabulary import Vocabulary, read
from server.search import edition
from server.site import Site

_PATIENCE: Final = 20.0  # seconds that a request waits for the first index
_SHORTLY: Final = 2.0  # seconds that it waits when there is one of before
_LONGEST: Final = 600.0  # seconds that making one may take
_MODULE: Final = "server.reconciling.building"
_PACKAGES: Final = Path(__file__).parents[2]

_Key = tuple[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Names:
    """The index of a release's names, with what looks into it."""

    matcher: Matcher
    comparer: Comparer

    @property
    def index(self) -> Index:
        """The index."""
        return self.matcher.index

    def record(self, iri: str) -> Record | None:
        """Return the record of a thing; records stand in the order of their IRIs."""
        wanted = iri.encode(errors="replace")
        position = bisect_left(
            range(len(self.index)), wanted, key=lambda at: self.index.record(at).id.encode()
        )
        found = self.index.record(position) if position < len(self.index) else None
        return found if found is not None and found.id == iri else None


@dataclass(slots=True)
class Catalogue:
    """The vocabulary and the names of the release in force."""

    site: Site
    _vocabulary: tuple[_Key, Vocabulary] | None = None
    _making: tuple[_Key, Future[Names]] | None = None
    _made: Names | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def vocabulary(self) -> Vocabulary:
        """Return the classes and properties.

        Raises:
            Problem: there is no release, or no worker is free.
        """
        key, known = self._key(), self._vocabulary
        if known is None or known[0] != key:
            self._vocabulary = known = key, read(self.site)
        return known[1]

    def prepare(self) -> Future[Names]:
        """Have the index of names made, if it is not yet; one at a time.

        Raises:
            Problem: there is no release.
        """
        key = self._key()
        with self._lock:
            if self._making is not None:
                known, future = self._making
                if not future.done() or (known == key and future.exception() is None):
                    return future
            future = Future[Names]()
            self._making = key, future
        # The process that makes it ends with this thread, and the thread with the server.
        threading.Thread(target=self._fulfil, args=(future,), name="names", daemon=True).start()
        return future

    def names(self) -> Names:
        """Return the index of names; while a new one takes long, that of the release before.

        Raises:
            Problem: it cannot be made, or is not there yet.
        """
        future = self.prepare()
        try:
            return future.result(_PATIENCE if self._made is None else _SHORTLY)
        except TimeoutError:
            if self._made is not None:
                return self._made
            detail = "the index of names is being made"
            raise Problem("busy", detail, headers={"Retry-After": "10"}) from None

    def _key(self) -> _Key:
        release = self.site.current.lately()
        return release.id, edition(release.search_db)

    def _fulfil(self, future: Future[Names]) -> None:
        try:
            self._made = self._make()
            future.set_result(self._made)
        except BaseException as error:  # told to all who wait for it
            future.set_exception(error)

    def _make(self) -> Names:
        site = self.site
        release = site.current()
        broader = json.dumps(self.vocabulary().broader()).encode()
        places = site.service.read(site.job("reconcile-places", "tsv"))
        with tempfile.TemporaryDirectory(prefix="unipact-names-") as folder:
            file = Path(folder) / "names"
            _build(release, file, broader + b"\n" + places)
            index = Index.open(file)  # it stays mapped when the file has gone
        return Names(Matcher(index), Comparer(index))


def _build(release: Release, file: Path, given: bytes) -> None:
    """Make an index in a process of its own.

    Raises:
        Problem: it fails or takes too long.
    """
    program = [sys.executable, "-P", "-m", _MODULE]
    try:
        subprocess.run(
            [*program, str(release.search_db.absolute()), str(file), str(os.getpid())],
            input=given,
            check=True,
            timeout=_LONGEST,
            env={"PYTHONPATH": str(_PACKAGES), "LC_ALL": "C.UTF-8"},
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise Problem("internal", "the index of names cannot be made") from error
