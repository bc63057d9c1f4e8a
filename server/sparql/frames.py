"""What the web process and a query worker say to each other through a socket.

A frame is one byte of kind, four of length (big-endian) and the payload. Towards the worker go
jobs (kind J), and paths of stores to open in place of the one before (O); back come one R when a
store is open, then for each job D… and one F, or at any time X.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Final

READY: Final = b"R"
JOB: Final = b"J"
OPEN: Final = b"O"
DATA: Final = b"D"
FINAL: Final = b"F"
ERROR: Final = b"X"
CHUNK: Final = 65_536  # bytes of a result that travel together

_HEAD: Final = struct.Struct(">cI")


@dataclass(frozen=True, slots=True)
class Job:
    """A query for a worker.

    Attributes:
        query: the text.
        format: name of a `negotiation.Media`, or "rows" for what `worker.rows` makes of it.
        default_graphs: IRIs; None for the store's own default graph.
        named_graphs: IRIs; None for all.
        result_bytes: the most bytes that may come back.
        page_rows: with format "rows", the most rows.
        prefixes: names for namespaces in Turtle and RDF/XML.
        base: the IRI that relative IRIs of the query are resolved against, "" for none.
        rewriting: names of the rewritings that may make the query faster.
        merge_triples: the most triples of graphs that may be copied in order to merge them.
    """

    query: str
    format: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    result_bytes: int = 1 << 30
    page_rows: int = 1000
    prefixes: dict[str, str] | None = None
    base: str = ""
    rewriting: tuple[str, ...] = ()
    merge_triples: int = 250_000
    _encoded: list[bytes] = field(default_factory=list, init=False, repr=False, compare=False)

    def encode(self) -> bytes:
        """Return the payload of the frame; made once, for it is asked for twice."""
        if not self._encoded:
            members = {name: getattr(self, name) for name in _FIELDS}
            self._encoded.append(json.dumps(members).encode())
        return self._encoded[0]

    @staticmethod
    def decode(payload: bytes) -> Job:
        """Undo `encode`."""
        return Job(**json.loads(payload))


_FIELDS: Final = tuple(field.name for field in fields(Job) if field.init)


def frame(kind: bytes, payload: bytes | bytearray) -> bytes:
    """Return a frame's bytes."""
    return _HEAD.pack(kind, len(payload)) + payload


def write(descriptor: int, data: bytes) -> None:
    """Write all bytes to a socket or pipe.

    Raises:
        BrokenPipeError: nobody reads there any more.
    """
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


class FrameReader:
    """Reads frames from a socket or pipe; blocks until there is one."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()

    def read(self) -> tuple[bytes, bytes] | None:
        """Return kind and payload; None when the other side is gone."""
        if not self._fill(_HEAD.size):
            return None
        kind, length = _HEAD.unpack_from(self._buffer)
        if not self._fill(_HEAD.size + length):
            return None
        payload = bytes(memoryview(self._buffer)[_HEAD.size : _HEAD.size + length])
        del self._buffer[: _HEAD.size + length]
        return kind, payload

    def _fill(self, size: int) -> bool:
        while len(self._buffer) < size:
            piece = os.read(self._descriptor, CHUNK)
            if not piece:
                return False
            self._buffer += piece
        return True


class FrameParser:
    """Cuts what comes out of a socket into frames, as far as they are complete."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Take more bytes and yield kind and payload of each frame that they complete."""
        buffer, start = (self._buffer + data if self._buffer else data), 0
        while len(buffer) - start >= _HEAD.size:
            kind, length = _HEAD.unpack_from(buffer, start)
            end = start + _HEAD.size + length
            if end > len(buffer):
                break
            yield kind, buffer[start + _HEAD.size : end]
            start = end
        self._buffer = buffer[start:]
