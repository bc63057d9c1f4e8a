"""A plan, carried out: status, headers and body of the response, whatever serves it.

The first piece is awaited before there is a status line, so that an error is a problem with its own
status. What fails later raises `Broken` while the body is read, and the connection has to break:
nothing half may look whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from server.limits import Limits
from server.sparql.cache import Key
from server.sparql.encodings import Coder
from server.sparql.frames import Job
from server.sparql.plan import Plan
from server.sparql.pool import Broken, Stream
from server.sparql.portal import Closed, Portal
from server.sparql.rewriting import switches

_WITH_PREFIXES: Final = ("turtle", "rdfxml", "trig")


@dataclass(slots=True)
class Body:
    """A response with status 200 or 304. It must be read or closed.

    Attributes:
        content: all bytes, or the first of a `stream`.
        stream: what is still to come.
        coder: what compresses a stream's pieces; `content` is compressed already, if at all.
        key: where the whole answer is kept in the cache; None when it is not.
    """

    headers: Mapping[str, str]
    content: bytes
    portal: Portal
    status: int = 200
    stream: Stream | None = None
    coder: Coder | None = None
    key: Key | None = None

    def pieces(self) -> Iterator[bytes]:
        """Yield the body, in a thread.

        Raises:
            Broken: it stops short.
        """
        try:
            if self.stream is None:
                yield self.content
                return
            piece = self.content
            while piece:
                yield from filter(None, (self._coded(piece),))
                piece = self.portal.wait(self.stream.piece())
            yield self._end()
        except Closed:
            raise Broken("the server ends") from None
        finally:
            self.close()

    async def read(self) -> AsyncIterator[bytes]:
        """Yield the body, in the event loop.

        Raises:
            Broken: it stops short.
        """
        if self.stream is None:
            yield self.content
            return
        piece = self.content
        while piece:
            if coded := await asyncio.to_thread(self._coded, piece) if self.coder else piece:
                yield coded
            piece = await self.stream.piece()
        yield self._end()

    def close(self) -> None:
        """Let go of the worker, from a thread."""
        if self.stream is not None:
            self.portal.tell(self.stream.close)

    def drop(self) -> None:
        """Let go of the worker, from the event loop."""
        if self.stream is not None:
            self.stream.close()

    def _coded(self, piece: bytes) -> bytes:
        return self.coder.feed(piece) if self.coder else piece

    def _end(self) -> bytes:
        return self.coder.end() if self.coder else b""


@cache
def _rewritings(setting: str) -> tuple[str, ...]:
    return tuple(sorted(switches(setting)))


def job(plan: Plan, limits: Limits, prefixes: Callable[[], Mapping[str, str]]) -> Job:
    """Return what a worker has to do."""
    return Job(
        query=plan.query,
        format="rows" if plan.media.name == "html" else plan.media.name,
        default_graphs=plan.default_graphs,
        named_graphs=plan.named_graphs,
        result_bytes=limits.result_bytes,
        page_rows=limits.page_rows,
        prefixes=dict(prefixes()) if plan.media.name in _WITH_PREFIXES else None,
        base=plan.base,
        rewriting=_rewritings(limits.rewriting),
        merge_triples=limits.merge_triples,
    )
