"""Answers plans from one pool of workers and one cache, for threads and for an event loop alike.

`answer` is for threads (Flask), `start` for the service's own event loop (the gateway); both do the
same. `flights` lets the same question asked twice at once run once.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from server.clients import OURSELVES
from server.limits import Limits
from server.problems import Problem
from server.sparql import answer, failures
from server.sparql.answer import Body
from server.sparql.cache import Cache, Kept, Key
from server.sparql.encodings import SMALLEST, Coder, choose, compress
from server.sparql.flights import Asked, Flights
from server.sparql.frames import Job
from server.sparql.plan import Plan
from server.sparql.pool import Pool
from server.sparql.portal import Closed
from server.sparql.run import Stream
from server.sparql.watcher import Nobody, Watcher

_TAG: Final = re.compile(r'"[^"]*"')
_IN_LOOP: Final = 1 << 14  # bytes that are compressed at once; more goes to a thread
_LATELY: Final = 0.01  # seconds that answers at hand may lag behind a release
_WATCH: Final = 1.0  # seconds between looks whether another release went live


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


@dataclass(slots=True)
class Service:
    """The one way to have a query answered."""

    pool: Pool
    limits: Limits
    prefixes: Callable[[], Mapping[str, str]]
    watcher: Watcher = field(default_factory=Nobody)
    cache: Cache = field(init=False)
    _flights: Flights = field(init=False)
    _warm: tuple[Plan, ...] = ()
    _warmed: str = ""
    _turned: str = ""
    _turn: object = field(default_factory=object)
    _lately: tuple[float, object, str] | None = None
    _heating: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.cache = Cache(self.limits.cache_bytes)
        self._flights = Flights(self.pool, self._keep)

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
            asked = Asked(question.job, question.client, question.seconds)
            if question.cacheable:
                found = await self._flights.join(asked, key)
            else:
                found = await self._flights.alone(asked)
            outcome = "ok"
            return found
        except Problem as problem:
            outcome = problem.kind
            raise
        finally:
            self.watcher.query(outcome, time.monotonic() - begun)

    def _keep(self, key: Key, content: bytes) -> Kept:
        """Keep an answer that is not too large for it."""
        small = len(content) <= self.limits.cache_answer
        return self.cache.put(key, content) if small else Kept(content)

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
