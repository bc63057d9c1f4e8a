"""A process that runs queries on one release's store at a time, one after the other.

Started by `pool`, which may kill it at any time: a query cannot be cancelled, and some queries
take all memory or overflow the stack. It has no network, no environment and a memory limit.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from typing import Any, Final

import pyoxigraph

from server.sparql import confine
from server.sparql.cells import rows
from server.sparql.dataset import Datasets, Overlap
from server.sparql.frames import (
    CHUNK,
    DATA,
    ERROR,
    FINAL,
    JOB,
    OPEN,
    READY,
    FrameReader,
    Job,
    frame,
    write,
)

_IN, _OUT = 0, 1
_RDF: Final = {
    "turtle": "TURTLE",
    "ntriples": "N_TRIPLES",
    "jsonld": "JSON_LD",
    "rdfxml": "RDF_XML",
}


class TooLarge(Exception):
    """The result has more bytes than the job allows."""


class ResultStream:
    """Collects what a serializer writes and sends it on in frames."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        """Take some bytes of the result.

        Raises:
            TooLarge: the result is beyond the limit.
        """
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge
        self._buffer += data
        if len(self._buffer) >= CHUNK:
            write(_OUT, frame(DATA, self._buffer))
            self._buffer.clear()
        return len(data)

    def flush(self) -> None:
        """Do nothing: frames are sent when they are full, and by `finish`."""

    def finish(self) -> None:
        """Send the rest, marked as the end."""
        write(_OUT, frame(FINAL, self._buffer))


def main() -> None:
    """Serve jobs from standard input until it ends. Arguments: store, parent's id, MiB."""
    path, parent, memory = sys.argv[1:]
    confine.die_with(int(parent))
    datasets, jobs = Datasets(pyoxigraph.Store.read_only(path)), FrameReader(_IN)
    confined = confine.forbid_network()
    confine.limit_memory(int(memory))
    ready = frame(READY, json.dumps({"confined": confined}).encode())
    write(_OUT, ready)
    gc.freeze()  # what lives as long as the process need not be looked at again
    while (received := jobs.read()) is not None:
        kind, payload = received
        if kind == JOB:
            _answer(datasets, Job.decode(payload))
        elif kind == OPEN:
            datasets.turn_to(pyoxigraph.Store.read_only(payload.decode()))
            write(_OUT, ready)


def _answer(datasets: Datasets, job: Job) -> None:
    stream = ResultStream(job.result_bytes)
    try:
        _serialize(datasets.ask(job), job, stream)
        stream.finish()
    except TooLarge:
        _fail("too-large", "")
    except Overlap:
        _fail("overlap", "")
    except SyntaxError as error:
        _fail("syntax", str(error))
    except MemoryError:
        _fail("memory", "")
    except (LookupError, AttributeError, ValueError, OSError, RuntimeError) as error:
        _fail("engine", str(error))


def _serialize(result: Any, job: Job, stream: Any) -> None:
    if job.format == "rows":
        stream.write(json.dumps(rows(result, job.page_rows), ensure_ascii=False).encode())
    elif isinstance(result, pyoxigraph.QueryTriples):
        form = getattr(pyoxigraph.RdfFormat, _RDF[job.format])
        pyoxigraph.serialize(result, stream, form, prefixes=job.prefixes)
    else:
        result.serialize(stream, getattr(pyoxigraph.QueryResultsFormat, job.format.upper()))


def _fail(kind: str, message: str) -> None:
    write(_OUT, frame(ERROR, json.dumps({"kind": kind, "message": message[:4000]}).encode()))


if __name__ == "__main__":
    try:
        main()
    except ConnectionError:
        os._exit(0)  # the pool is gone
