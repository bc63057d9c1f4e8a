"""SPARQL 1.1 Update over HTTP: by form and directly (SPARQL 1.1 Protocol, section 2.2)."""

from __future__ import annotations

import re
from typing import Final

from flask import Response, request

from kg.releases.manifest import UNION
from server.access.guard import need_graphs
from server.access.tokens import Token
from server.observing import note_query
from server.problems import Problem
from server.site import Site
from server.sparql.request import UpdateAsked
from server.sparql.update import Kind, UpdateRequest, analyse
from server.writing.answers import written
from server.writing.conditions import conditions
from server.writing.work import Task, Work

_DATA: Final = frozenset({Kind.INSERT_DATA, Kind.DELETE_DATA})
_DELETE: Final = re.compile(r"\ADELETE", re.IGNORECASE)


def updated(site: Site, asked: UpdateAsked, token: Token) -> Response:
    """Make an update and answer what came of it.

    Raises:
        Problem: it is refused, or fails.
    """
    note_query(asked.update)
    manifest = site.current().manifest
    base = f"{manifest.base}sparql"
    found = analyse(
        asked.update,
        base=base,
        using=asked.using_graphs,
        using_named=asked.using_named_graphs,
        limits=site.limits,
    )
    _refuse_fetching(site, found, base)
    if found.writes_default and manifest.default_graph == UNION:
        hint = "name the graph: INSERT DATA { GRAPH <…> { … } }, or WITH <…>"
        raise Problem("unwritable", "the default graph is the merge of all graphs", hint=hint)
    need_graphs(token, _graphs(found, for_token=manifest.base), manifest.base)
    wanted = conditions(request.headers.get("If-Match", ""), "")
    done = site.writing.do(
        Work(
            Task.UPDATE,
            by=f"{token.id} {token.name}",
            request="POST /sparql",
            expected=wanted.releases,
            asked=found.text,
            text=found.runnable,
            data=_data(found),
            graphs=_written_graphs(found),
            base=base,
        )
    )
    return written(done)


def _refuse_fetching(site: Site, found: UpdateRequest, base: str) -> None:
    """Refuse what would make this server ask another; a mistake in the text is told first."""
    at = found.load or found.service
    if at is None:
        return
    site.writing.do(Work(Task.CHECK, asked=found.text, base=base))
    word = "LOAD" if found.load else "SERVICE"
    hint = "send the data themselves: PUT or POST to /store"
    raise Problem("fetch", f"{word} is refused", where=found.place(at), hint=hint)


def _graphs(found: UpdateRequest, *, for_token: str) -> frozenset[str] | None:
    """Return the graphs that the token must allow; the default graph has a name for that."""
    if found.writes is None:
        return None
    default = {f"{for_token}graph/default"} if found.writes_default else set()
    return found.writes | default


def _written_graphs(found: UpdateRequest) -> tuple[str, ...] | None:
    if found.writes is None:
        return None
    return tuple(sorted(found.writes | ({""} if found.writes_default else set())))


def _data(found: UpdateRequest) -> str:
    """Return an update that inserts all that this one inserts and deletes, when it names all."""
    operations = found.operations
    if found.resolved or not operations or not {one.kind for one in operations} <= _DATA:
        return ""
    said = (found.text[one.start : one.end] for one in operations)
    prologue = found.text[: operations[0].start]
    return prologue + " ; ".join(_DELETE.sub("INSERT", text, count=1) for text in said)
