"""Answers plans from one pool of workers and one cache, for threads and for an event loop alike.

`answer` is for threads (Flask), `start` for the service's own event loop (the gateway); both do the
same. The same question asked twice at once runs once: each who asks waits for the one run, and it
goes on as long as somebody does.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

from server.clients import OURSELVES
from server.limits import Limits
from server.problems import Problem
from server.sparql import answer, failures
from server.sparql.answer import Body
from server.sparql.cache import Cache, Kept, Key
from server.sparql.encodings import SMALLEST, Coder, choose, compress
from server.sparql.frames import Job
from server.sparql.plan import Plan
from server.sparql.pool import Pool
from server.sparql.portal import Closed
from server.sparql.run import Run, Stream

_TAG: Final = re.compile(r'"[^"]*"')
_IN_LOOP: Final = 1 << 14  # bytes that are compressed at once; more goes to a thread
_LATELY: Final = 0.01  # seconds that answers at hand may lag behind a release
_WATCH: Final = 1.0  # seconds between looks whether another release went live


class Watcher(Protocol):
    """What counts; `server.metrics` has one."""

    def query(self, outcome: str, seconds: float) -> None:
        """Count a query that a worker answered ("ok") or that failed, by the kind of problem."""

    def cache(self, hit: bool) -> None:
        """Count an answer that was, or was not, at hand."""

    def kill(self, reason: str) -> None:
        """Count a worker that was ended, or ended by itself."""


class Nobody:
    """Counts nothing."""

    def query(self, outcome: str, seconds: float) -> None:
        """Do nothing."""

    def cache(self, hit: bool) -> None:
        """Do nothing."""

    def kill(self, reason: str) -> None:
        """Do nothing."""


@dataclass(slots=True)
class _Question:
    """A job with all that its answer's form depends on."""

    job: Job
    content_type: str
    cacheable: bool
    client: str
    seconds: float | None
    unless: str
    encoding: str
    key: Key

    @property
    def standing(self) -> dict[str, str]:
        """Headers that every answer has."""
        return {"Content-Type": self.content_type, "Vary": "Accept, Accept-Encoding"}


@dataclass(slots=True, eq=False)
class _Flight:
    """One run that several wait for.

    Attributes:
        waiting: how many wait for its first bytes, or for its end.
        kept: the whole answer, once it is there and not too large.
        taken: whether one of them reads it piece by piece; `left`, when that one has gone.
    """

    run: Run
    waiting: int = 0
    kept: Kept | None = None
    taken: bool = False
    left: bool = False


@dataclass(slots=True)
class Service:
    """The one way to have a query answered."""

    pool: Pool
    limits: Limits
    prefixes: Callable[[], Mapping[str, str]]
    watcher: Watcher = field(default_factory=Nobody)
    cache: Cache = field(init=False)
    _flights: dict[tuple[Key, float | None], _Flight] = field(default_factory=dict)
    _warm: tuple[Plan, ...] = ()
    _warmed: str = ""
    _turned: str = ""
    _turn: object = field(default_factory=object)
    _lately: tuple[float, object, str] | None = None
    _heating: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.cache = Cache(self.limits.cache_bytes)

    # For threads.

    def answer(
        self,
        plan: Plan,
        *,
        client: str,
        seconds: float | None = None,
        unless: str = "",
        encodings: str = "",
    ) -> Body:
        """Answer a plan; waits until its status is certain. The body must be read or closed.

        `client` is `clients.client(…)`; `seconds` is what the client gives the query, if less than
        the setting; `unless` and `encodings` are the values of If-None-Match and Accept-Encoding.

        Raises:
            Problem: refused, failed, or stopped.
        """
        return self._from_thread(
            self._question(plan, client, seconds, unless=unless, encoded=encodings)
        )

    def respond(
        self,
        job: Job,
        content_type: str,
        *,
        client: str = OURSELVES,
        unless: str = "",
        encodings: str = "",
    ) -> Body:
        """Answer one of this server's own queries, as `answer` does."""
        return self._from_thread(self._own(job, content_type, client, unless, encodings))

    def read(self, job: Job, *, client: str = OURSELVES) -> bytes:
        """Return all bytes of the answer to one of this server's own queries.

        Raises:
            Problem: it failed.
            Broken: it stopped short.
        """
        return b"".join(self.respond(job, "", client=client).pieces())

    def warm(self, plans: Iterable[Plan]) -> None:
        """Have these answers ready, now and whenever another release goes live."""
        self._warm = tuple(plans)
        self._warmed = ""
        self.pool.portal.tell(self._watch)

    def count_with(self, watcher: Watcher) -> None:
        """Let a watcher count what happens from now on."""
        self.watcher, self.pool.on_kill = watcher, watcher.kill

    def close(self) -> None:
        """End all workers; answers under way break."""
        self.pool.close()

    # For the event loop.

    async def start(
        self,
        plan: Plan,
        *,
        client: str,
        seconds: float | None = None,
        unless: str = "",
        encodings: str = "",
    ) -> Body:
        """Do what `answer` does, in the service's own event loop.

        Raises:
            Problem: refused, failed, or stopped.
        """
        question = self._question(plan, client, seconds, unless=unless, encoded=encodings)
        return self._at_hand(question) or await self._ask(question)

    async def reply(
        self,
        job: Job,
        content_type: str,
        *,
        client: str = OURSELVES,
        unless: str = "",
        encodings: str = "",
    ) -> Body:
        """Do what `respond` does, in the service's own event loop.

        Raises:
            Problem: refused, failed, or stopped.
        """
        question = self._own(job, content_type, client, unless, encodings)
        return self._at_hand(question) or await self._ask(question)

    # How it is done.

    def _own(
        self, job: Job, content_type: str, client: str, unless: str, encodings: str
    ) -> _Question:
        key = Key.of(self.release(), job)
        return _Question(job, content_type, True, client, None, unless, choose(encodings), key)

    def _question(
        self, plan: Plan, client: str, seconds: float | None, *, unless: str, encoded: str
    ) -> _Question:
        job = answer.job(plan, self.limits, self.prefixes)
        return _Question(
            job=job,
            content_type=plan.media.content_type,
            cacheable=plan.cacheable,
            client=client,
            seconds=seconds,
            unless=unless,
            encoding=choose(encoded),
            key=Key.of(self.release(), job),
        )

    def _from_thread(self, question: _Question) -> Body:
        try:
            at_hand = self._at_hand(question)
            return at_hand or self.pool.portal.wait(self._ask(question))
        except Closed:
            raise failures.ending() from None

    def release(self) -> str:
        """Return the id of the release in force; answers of others are forgotten.

        Raises:
            Problem: there is none, or its store has vanished.
        """
        release = self.pool.release()
        if release != self._turned:
            self._turned = release
            self.cache.turn(release)
        return release

    def turn(self) -> None:
        """See at once that another release went live, so that who wrote reads what was written."""
        self._turn = object()

    def lately(self) -> str:
        """Return the id of the release that was in force a moment ago; for the event loop."""
        now, turn, known = time.monotonic(), self._turn, self._lately
        if known is not None and now < known[0] and known[1] is turn:
            return known[2]
        release = self.release()
        self._lately = now + _LATELY, turn, release
        return release

    def _at_hand(self, question: _Question) -> Body | None:
        """Return what needs no worker: what the client has already, or what is kept."""
        if not question.cacheable:
            return None
        key = question.key
        if question.unless and _matches(
            question.unless, key.tag(question.content_type, question.encoding)
        ):
            return self._body(question, key, b"", status=304)
        kept = self.cache.get(key)
        if kept is None:
            return None
        content = kept.content if not question.encoding else kept.encoded.get(question.encoding)
        if content is None and len(kept.content) >= SMALLEST:
            return None
        self.watcher.cache(True)
        encoded = bool(question.encoding) and content is not None
        return self._body(question, key, content or kept.content, encoded=encoded)

    async def _ask(self, question: _Question) -> Body:
        key = question.key
        kept = self.cache.get(key) if question.cacheable else None
        if kept is None:
            self.watcher.cache(False)
            found, release = await self._counted(question, key)
            key = Key(release, key.job)  # another may have come into force while it waited
            if isinstance(found, Stream):
                return self._streamed(question, key, found)
            kept = found
        if not question.encoding or len(kept.content) < SMALLEST:
            return self._body(question, key, kept.content)
        content = kept.encoded.get(question.encoding) or await _compressed(question, kept.content)
        self.cache.encode(key, kept, question.encoding, content)
        return self._body(question, key, content, encoded=True)

    async def _counted(self, question: _Question, key: Key) -> tuple[Kept | Stream, str]:
        begun, outcome = time.monotonic(), "left"
        try:
            found = await (self._shared if question.cacheable else self._alone)(question, key)
            outcome = "ok"
            return found
        except Problem as problem:
            outcome = problem.kind
            raise
        finally:
            self.watcher.query(outcome, time.monotonic() - begun)

    async def _alone(self, question: _Question, key: Key) -> tuple[Kept | Stream, str]:
        stream = await self.pool.start(
            question.job, client=question.client, seconds=question.seconds
        )
        return (Kept(stream.first) if stream.whole else stream), stream.release

    async def _shared(self, question: _Question, key: Key) -> tuple[Kept | Stream, str]:
        flight = self._flights.get((key, question.seconds))
        first = flight is None
        if flight is None:
            flight = self._begin(question, key)
        else:
            self.pool.join(flight.run, question.client)
        flight.waiting += 1
        try:
            await (flight.run.settled() if first else flight.run.copied())
        except Problem as problem:
            if first or problem.kind != "busy":
                raise
            return await self._alone(question, key)  # it had waited before this client came
        finally:
            flight.waiting -= 1
            self._look_after(flight)
        if flight.kept is not None:
            return flight.kept, flight.run.release
        if not flight.taken:
            flight.taken = True
            return self._stream_of(flight), flight.run.release
        return await self._alone(question, key)  # too large to be shared

    def _begin(self, question: _Question, key: Key) -> _Flight:
        run = self.pool.submit(question.job, client=question.client, seconds=question.seconds)
        flight = self._flights[key, question.seconds] = _Flight(run)
        run.landed = lambda: self._land(flight, key, question.seconds)
        return flight

    def _land(self, flight: _Flight, key: Key, seconds: float | None) -> None:
        """Keep the answer of a flight, if that is not too large; nobody joins it any more."""
        self._flights.pop((key, seconds), None)
        run = flight.run
        if run.copy is None:
            return
        content = b"".join(run.copy) if len(run.copy) != 1 else run.copy[0]
        if len(content) <= self.limits.cache_answer:
            flight.kept = self.cache.put(Key(run.release, key.job), content)
        else:
            flight.kept = Kept(content)

    def _stream_of(self, flight: _Flight) -> Stream:
        def leave(run: Run) -> None:
            flight.left = True
            run.mute()
            self._look_after(flight)

        stream = self.pool.stream(flight.run)
        stream.abandon = leave
        return stream

    def _look_after(self, flight: _Flight) -> None:
        """End a flight soon, when the last who wanted it has gone away."""
        if not flight.waiting and not flight.run.done and (flight.left or not flight.taken):
            asyncio.get_running_loop().call_soon(self._forsake, flight)

    def _forsake(self, flight: _Flight) -> None:
        read = flight.taken and not flight.left
        if not flight.waiting and not read and not flight.run.done:
            self.pool.abandon(flight.run)

    def _streamed(self, question: _Question, key: Key, stream: Stream) -> Body:
        coder = Coder(question.encoding) if question.encoding else None
        body = self._body(question, key, stream.first, encoded=coder is not None)
        body.stream, body.coder = stream, coder
        body.headers = {
            name: value for name, value in body.headers.items() if name != "Content-Length"
        }
        if coder is not None and question.cacheable:  # compressed whole, its bytes are others
            body.headers["ETag"] = f"W/{body.headers['ETag']}"
        return body

    def _body(
        self,
        question: _Question,
        key: Key,
        content: bytes,
        *,
        status: int = 200,
        encoded: bool = False,
    ) -> Body:
        headers = {**question.standing, "X-Release": key.release, "Cache-Control": "no-store"}
        if question.cacheable:
            headers["ETag"] = key.tag(question.content_type, question.encoding)
            headers["Cache-Control"] = "public, no-cache"
        if encoded:
            headers["Content-Encoding"] = question.encoding
        if status == 304:
            del headers["Content-Type"]
        else:
            headers["Content-Length"] = str(len(content))
        return Body(
            headers, content, self.pool.portal, status, key=key if question.cacheable else None
        )

    # What is ready beforehand.

    def _watch(self) -> None:
        """See whether another release went live; look again soon."""
        if not self._warm:
            return
        with suppress(Problem):
            release = self.pool.release()
            if release != self._warmed:
                self._warmed = release
                self._heating = self.pool.portal.loop.create_task(self._heat(self._warm))
        self.pool.portal.loop.call_later(_WATCH, self._watch)

    async def _heat(self, plans: Iterable[Plan]) -> None:
        for plan in plans:
            with suppress(Problem):
                (await self.start(plan, client=OURSELVES)).drop()


def _matches(header: str, tag: str) -> bool:
    """Compare as If-None-Match does: weakly (RFC 9110 section 13.1.2)."""
    return header.strip() == "*" or tag in _TAG.findall(header)


async def _compressed(question: _Question, content: bytes) -> bytes:
    if len(content) < _IN_LOOP:
        return compress(content, question.encoding)
    return await asyncio.to_thread(compress, content, question.encoding)
