"""The process that writes: takes work from standard input, one after the other, until it ends.

Started by `writer`, which may kill it at any time. It has no network, no environment and a memory
limit; whatever happens to it, the current release is whole.
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Final

from kg.changes import Writer, reporting
from kg.errors import ChangeError, Conflict, DataError, KgError, Rejected, ReleaseError
from kg.releases import Releases
from server.problems import Problem
from server.sparql import confine
from server.sparql.frames import ERROR, FINAL, JOB, READY, FrameReader, frame, write
from server.sparql.update import analyse, check_syntax
from server.writing.applying import NotThere, Unexpected, change_of
from server.writing.work import Done, Failed, Task, Work, encode_reply

_IN, _OUT = 0, 1
_LONGEST: Final = 2000
_PATIENCE: Final = 1.0  # seconds to wait for others before the first write


def main() -> None:
    """Arguments: the folder of releases, the parent's id, MiB."""
    folder, parent, memory = sys.argv[1:]
    confine.die_with(int(parent))
    writer = Writer(Releases(Path(folder)))
    confine.forbid_network(writer=True)
    confine.limit_memory(int(memory))
    _tidy(writer.releases)
    write(_OUT, frame(READY, b""))
    received = FrameReader(_IN)
    while (message := received.read()) is not None:
        kind, payload = message
        if kind == JOB:
            reply = _done(writer, Work.decode(payload))
            write(_OUT, frame(FINAL if isinstance(reply, Done) else ERROR, encode_reply(reply)))
            _prepare(writer)  # who asked has the answer; the next one need not wait for this
    writer.close()


def _tidy(releases: Releases) -> None:
    """Remove what a process that was killed in the midst of a write has left."""
    with suppress(KgError, OSError), releases.lock(wait=_PATIENCE), releases.staging():
        pass  # whoever stages cleans first


def _tell(what: str) -> None:
    """Tell the operator, unless the disk that takes the log is full, too."""
    with suppress(OSError):
        sys.stderr.write(f"{what}\n")
        sys.stderr.flush()


def _prepare(writer: Writer) -> None:
    """Do beforehand what the next write needs, unless another process writes just now."""
    patience, writer.wait = writer.wait, 0.0
    try:
        writer.prepare()
    except (KgError, OSError, RuntimeError, ValueError, MemoryError):
        return  # the next write meets the same, and tells
    finally:
        writer.wait = patience


def _done(writer: Writer, work: Work) -> Done | Failed:
    try:
        if work.task is Task.PREPARE:  # it is what follows any task
            return Done("", "")
        if work.task is Task.CHECK:
            check_syntax(analyse(work.asked, base=work.base), base=work.base)
            return Done("", "")
        if work.task is Task.ACTIVATE:
            return _activated(writer, work)
        return _written(writer, work)
    except NotThere as error:
        return Failed("not-found", f"there is no graph <{error}>")
    except Unexpected as error:
        there = "not there" if work.exists else "there already"
        return Failed("precondition", f"the graph <{error}> is {there}")
    except Problem as problem:
        return Failed(problem.kind, problem.detail, problem.hint, where=dict(problem.where))
    except Rejected as error:
        return _rejected(writer, error)
    except ReleaseError as error:
        return _unreleased(error)
    except KgError as error:
        return Failed(_kind(error), error.what[:_LONGEST], error.hint[:_LONGEST])
    except SyntaxError as error:
        return _misspelt(work, str(error.msg)[:_LONGEST])
    except MemoryError:
        return Failed("engine-stopped", "the write needs more memory than is allowed")
    except OSError as error:  # of files of ours: an update asks for none
        _tell(f"a write failed: {error}")
        return Failed("storage", "the disk refuses to store the change")
    except (RuntimeError, ValueError) as error:  # what the engine says of an update
        return Failed("unwritable", f"the update fails: {str(error)[:_LONGEST]}")
    except Exception:  # a fault of ours: told to the operator, and the process goes on
        _tell(traceback.format_exc())
        return Failed("internal", "the server met a fault of its own")


def _written(writer: Writer, work: Work) -> Done:
    outcome = writer.propose(change_of(work))
    return Done(
        release=outcome.release.id,
        parent=outcome.parent,
        added=len(outcome.delta.added),
        removed=len(outcome.delta.removed),
        created=tuple(sorted(outcome.created)),
        dropped=tuple(sorted(outcome.dropped)),
    )


def _activated(writer: Writer, work: Work) -> Done:
    releases = writer.releases
    try:
        releases.verify(work.release)
    except ReleaseError as error:
        _tell(f"a release was not made the current one: {error}")
        raise Problem("unwritable", "the release is not whole, so it stays aside") from error
    with releases.lock(wait=writer.wait):
        before = releases.current_id() or ""
        if work.expected is not None and before not in work.expected:
            hint = f"it is {before} now"
            raise Conflict("another release is current than was expected", hint=hint)
        releases.get(work.release)  # it may have been pruned meanwhile
        releases.point_to(work.release)
    return Done(work.release, before)


def _rejected(writer: Writer, error: Rejected) -> Failed:
    return Failed(
        "invalid",
        error.what,
        error.hint[:_LONGEST],
        results=reporting.violations(error),
        report=reporting.report(error, writer.releases.current().manifest.base),
    )


def _misspelt(work: Work, message: str) -> Failed:
    """Return where an update breaks the grammar, in the text as it was asked."""
    try:
        check_syntax(analyse(work.asked, base=work.base), base=work.base)
    except Problem as problem:
        return Failed(problem.kind, problem.detail, problem.hint, where=dict(problem.where))
    return Failed("syntax", message)


def _kind(error: KgError) -> str:
    if isinstance(error, Conflict):
        return "precondition"
    if isinstance(error, ChangeError):
        return "unwritable"
    if isinstance(error, DataError):
        return "bad-request"
    return "internal"


def _unreleased(error: ReleaseError) -> Failed:
    """Say that no release can be made; the operator is told the files, the client is not."""
    _tell(f"a write was not made: {error}")
    if isinstance(error.__cause__, OSError):
        return Failed("storage", "the disk refuses to store the change; nothing has changed")
    return Failed("busy", "another process is writing, or there is no release to change")


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(0)  # the server is gone
