"""Four who write and four who read, what must be there when they are interrupted, and what is."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.changes import KeptChanges
from kg.releases import Release, Releases
from tests.server.running.conftest import until
from tests.server.writing.loopback import Client

PARTS = 3  # triples of one write
PART = "https://example.org/part"
ROWS = f"SELECT ?thing ?part {{ GRAPH ?g {{ ?thing <{PART}> ?part }} }}"

State = frozenset[str]


def triples(thing: str) -> str:
    """Return the triples of a thing, all of which are written at once."""
    return f"<{thing}> <{PART}> " + " , ".join(map(str, range(PARTS))) + " . "


@dataclass(slots=True)
class Writer:
    """Writes to a graph of its own, and knows which states of it are possible.

    Attributes:
        states: the things that can be in its graph: one state, or two while an answer is owing.
        acknowledged: how many writes were answered with 200.
        releases: those that the answers named.
    """

    number: int
    chance: random.Random
    states: list[State] = field(default_factory=lambda: [frozenset()])
    acknowledged: int = 0
    releases: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    made: int = 0

    @property
    def graph(self) -> str:
        """Its graph."""
        return f"https://example.org/crew/{self.number}"

    def work(self, client: Client, stopped: threading.Event) -> None:
        """Write until the server is gone."""
        while not stopped.is_set():
            text, after = self._next()
            self.states = [self.states[-1], after]
            said = client.update(text)
            if said.status == 0:
                return
            if said.status != 200:
                self.refusals.append(said.status)
                self.states.pop()
                continue
            self.states = [after]
            self.acknowledged += 1
            self.releases.append(said.headers["x-release"])

    def settle(self, found: State) -> None:
        """Take note of how an interrupted write ended."""
        self.states = [found]

    def _next(self) -> tuple[str, State]:
        held = self.states[-1]
        if held and self.chance.random() < 0.3:
            thing = self.chance.choice(sorted(held))
            return f"DELETE WHERE {{ GRAPH <{self.graph}> {{ <{thing}> ?p ?o }} }}", held - {thing}
        self.made += 1
        thing = f"{self.graph}/{self.made}"
        return f"INSERT DATA {{ GRAPH <{self.graph}> {{ {triples(thing)} }} }}", held | {thing}


@dataclass(slots=True)
class Reader:
    """Reads everything again and again; by turns what is kept, and what nobody has asked."""

    number: int
    seen: dict[str, set[frozenset[str]]] = field(default_factory=lambda: defaultdict(set))
    refusals: list[int] = field(default_factory=list)

    def work(self, client: Client, stopped: threading.Event) -> None:
        """Read until the server is gone."""
        turn = 0
        while not stopped.is_set():
            turn += 1
            said = client.select(ROWS + (f" # {self.number} {turn}" if turn % 2 else ""))
            if said.status == 0:
                return
            if said.status == 200:
                rows = frozenset(said.body.decode().split()[1:])
                self.seen[said.headers["x-release"]].add(rows)
            else:
                self.refusals.append(said.status)


@dataclass(slots=True)
class Crew:
    """Eight who work until they are interrupted."""

    releases: Releases
    token: str
    writers: list[Writer]
    readers: list[Reader] = field(default_factory=list)

    @classmethod
    def of(cls, releases: Releases, token: str, seed: int) -> Crew:
        """Return one whose writers do the same for the same seed."""
        writers = [Writer(n, random.Random(seed * 100 + n)) for n in range(4)]
        return cls(releases, token, writers)

    @contextmanager
    def working(self, port: int) -> Iterator[None]:
        """Let all work until the block ends, which ends the server as well."""
        self.readers = [Reader(n) for n in range(4)]
        stopped = threading.Event()
        everybody = [*self.writers, *self.readers]
        clients = [Client(port, self.token, f"127.0.0.{n + 2}") for n in range(len(everybody))]
        threads = [
            threading.Thread(target=one.work, args=(client, stopped))
            for one, client in zip(everybody, clients, strict=True)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stopped.set()
            for thread, client in zip(threads, clients, strict=True):
                thread.join()
                client.close()

    def writes(self, count: int) -> None:
        """Wait until so many more writes were acknowledged."""
        wanted = self.acknowledged() + count
        until(lambda: self.acknowledged() >= wanted, f"{count} writes")

    def acknowledged(self) -> int:
        """Return how many writes were acknowledged."""
        return sum(writer.acknowledged for writer in self.writers)

    def faults(self) -> list[str]:
        """Return what is not as it must be, and go on from what is there."""
        release = self.releases.verify("current")
        found = [*self._writes(release), *self._reads(), *self._kept(release)]
        refused = [one.refusals for one in (*self.writers, *self.readers) if one.refusals]
        return found + [f"refused: {refused}"] * bool(refused)

    def _writes(self, release: Release) -> Iterator[str]:
        held = content(release)
        for writer in self.writers:
            parts = held.pop(writer.graph, {})
            if torn := [thing for thing, count in parts.items() if count != PARTS]:
                yield f"half a write: {torn}"
            if frozenset(parts) not in writer.states:
                yield f"{writer.graph} holds {sorted(parts)}, expected one of {writer.states}"
            writer.settle(frozenset(parts))

    def _reads(self) -> Iterator[str]:
        """Yield the reads that were not of one whole release."""
        seen: dict[str, set[frozenset[str]]] = defaultdict(set)
        for reader in self.readers:
            for release, answers in reader.seen.items():
                seen[release] |= answers
        for release, answers in seen.items():
            try:
                held = content(self.releases.get(release))
            except Exception as error:
                yield f"{release} was read and is not there: {error}"
                continue
            rows = {
                f"{thing},{part}"
                for things in held.values()
                for thing in things
                for part in range(PARTS)
            }
            if answers != {frozenset(rows)}:
                yield f"{len(answers)} answers of {release} that are not all of it"

    def _kept(self, release: Release) -> Iterator[str]:
        """Yield where the changes that are kept do not lead to what there is."""
        changes = KeptChanges(self.releases.root).leading_to(release.manifest.change)
        if changes and changes[-1].release != release.id:
            yield f"the last change made {changes[-1].release}, not {release.id}"
        quads: set[tuple[str, ...]] = set()
        at = changes[0].parent if changes else release.id
        for change in changes:
            if change.parent != at:
                yield f"{change.name} changed {change.parent}, not {at}"
            at = change.release
            delta = change.delta()
            quads = (quads - set(delta.removed)) | set(delta.added)
        counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for thing, _, _, graph in quads:
            counted[graph[1:-1]][thing[1:-1]] += 1
        if counted != content(release):
            yield "what is kept of the changes is not what there is"


def content(release: Release) -> dict[str, dict[str, int]]:
    """Return how many parts each thing has in each graph."""
    store = ox.Store.read_only(str(release.store_path))
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for quad in store.quads_for_pattern(None, ox.NamedNode(PART), None):
        if isinstance(quad.graph_name, ox.NamedNode):
            found[quad.graph_name.value][quad.subject.value] += 1
    return found
