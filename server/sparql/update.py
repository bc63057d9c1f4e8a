"""An update, before it runs: what it does, what it may write, and the text that may run.

Nothing is executed here and nothing is fetched. `analyse` reads an update strictly, so that what it
says of the graphs holds for whatever the engine makes of the text (SPARQL 1.1 Update, section 3).
The engine takes no dataset for an update, no prologue between operations, and has no way to let
LOAD SILENT load nothing: `UpdateRequest.runnable` is the text with these put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pyoxigraph as ox

from server.limits import Limits
from server.problems import Problem
from server.sparql.clarity import refuse_unclear, split
from server.sparql.escapes import decoded
from server.sparql.lexer import outline
from server.sparql.syntax import UPDATE_WORDS, WORDS, place, syntax_problem
from server.sparql.terminals import Token, tokens
from server.sparql.update_limits import check_nesting, check_weight
from server.sparql.update_reader import Found, Reader
from server.sparql.update_script import Script

_NO_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_STOP: Final = "DROP GRAPH <urn:no:graph> ; "  # fails, so what follows does not run
_PLACE: Final = re.compile(r"error at (\d+):(\d+):")


class Kind(StrEnum):
    """What an operation is (SPARQL 1.1 Update, section 3)."""

    INSERT_DATA = "INSERT DATA"
    DELETE_DATA = "DELETE DATA"
    DELETE_WHERE = "DELETE WHERE"
    MODIFY = "MODIFY"
    LOAD = "LOAD"
    CLEAR = "CLEAR"
    CREATE = "CREATE"
    DROP = "DROP"
    COPY = "COPY"
    MOVE = "MOVE"
    ADD = "ADD"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an update.

    Attributes:
        kind: what it is.
        start, end: where it stands in the text, in code points, end exclusive.
        silent: whether it says SILENT.
        writes: the named graphs that it may change, create or remove; None for any.
        writes_default: whether it may change the default graph.
    """

    kind: Kind
    start: int
    end: int
    silent: bool
    writes: frozenset[str] | None
    writes_default: bool


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """An update as asked, and what is known of it.

    Attributes:
        text: what was asked, codepoint escapes undone; places speak of it.
        operations: in order; LOAD SILENT among them, which writes nothing.
        runnable: the text to run; "" when nothing is left to do.
        resolved: whether IRIs are written out in `runnable`, and declarations left out, as the
            engine takes none between operations.
        service: SERVICE with its place, None when none stands in it.
    """

    text: str
    operations: tuple[Operation, ...]
    runnable: str
    resolved: bool
    service: Token | None

    @property
    def writes(self) -> frozenset[str] | None:
        """The named graphs that it may change, create or remove; None for any."""
        found: set[str] = set()
        for operation in self.operations:
            if operation.writes is None:
                return None
            found |= operation.writes
        return frozenset(found)

    @property
    def writes_default(self) -> bool:
        """Whether it may change the default graph."""
        return any(operation.writes_default for operation in self.operations)

    @property
    def load(self) -> Operation | None:
        """The first LOAD without SILENT, which must be refused."""
        loads = (one for one in self.operations if one.kind is Kind.LOAD and not one.silent)
        return next(loads, None)

    def place(self, at: Operation | Token) -> dict[str, int]:
        """Return the line and column, both from 1, where an operation or a keyword stands."""
        return place(self.text, at.start)


def analyse(
    text: str,
    *,
    base: str = "",
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
    limits: Limits | None = None,
) -> UpdateRequest:
    """Say what an update does, without running it.

    `using` and `using_named` are the protocol's using-graph-uri and using-named-graph-uri, which
    WHERE then sees (SPARQL 1.1 Protocol, section 2.2.3). Limits are those of queries; the triples
    of INSERT DATA and DELETE DATA count for nesting only.

    Raises:
        Problem: it is no update, can be read in two ways, is beyond a limit, or says USING or WITH
            when the request names graphs itself.

    >>> found = analyse("WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }")
    >>> found.writes, found.writes_default
    (frozenset({'urn:g'}), False)
    """
    limits = limits or Limits()
    text = decoded(text)
    read = list(split(tokens(text)))
    check_nesting(read, limits)
    refuse_unclear(text, read, strictly=False)
    reader = Reader(text, read)
    reader.request()
    check_weight(text, read, reader.operations, limits)
    if clauses := _clauses(using, using_named):
        _refuse_second_dataset(text, read, reader.operations)
    script = Script.of(text, read, reader, base=base)
    return UpdateRequest(
        text=text,
        operations=tuple(_operation(found, read, script.names) for found in reader.operations),
        runnable=script.runnable(clauses),
        resolved=script.resolved,
        service=next(_services(text, read, reader.operations), None),
    )


def check_syntax(request: UpdateRequest, *, base: str = "") -> None:
    """Let the engine parse an update without running it.

    The engine parses all before it runs anything, and the first operation it is given here fails.
    It recurses as deep as brackets nest, so this belongs where queries run.

    Raises:
        Problem: the engine does not take it.
    """
    if not request.operations:
        return
    text, at = request.text, request.operations[0].start
    if request.resolved:
        text, at = request.runnable, 0
    try:
        ox.Store().update(text[:at] + _STOP + text[at:], base_iri=base or None)
    except SyntaxError as error:
        message = _moved(str(error), place(text, at))
        raise syntax_problem(text, message, words=WORDS | UPDATE_WORDS) from error
    except RuntimeError:
        return  # the graph of `_STOP` does not exist


def _moved(message: str, stop: dict[str, int]) -> str:
    """Return the engine's message with the place that it has in the text as asked."""

    def moved(match: re.Match[str]) -> str:
        line, column = int(match[1]), int(match[2])
        if line == stop["line"] and column > stop["column"]:
            column = max(column - len(_STOP), stop["column"])
        return f"error at {line}:{column}:"

    return _PLACE.sub(moved, message, count=1)


def _operation(found: Found, read: Sequence[Token], names: Mapping[int, str]) -> Operation:
    graphs: set[str] = set()
    anywhere = default = False
    if not (found.words == Kind.LOAD and found.silent):
        for target in found.targets:
            word = target.text.upper() if target.kind == "word" else ""
            anywhere |= word in ("NAMED", "ALL")
            default |= word in ("DEFAULT", "ALL")
            if not word:
                graphs.add(names[target.start])
        for template in found.templates:
            graphs.update(names[graph.start] for graph in template.graphs)
            anywhere |= template.any_graph
            if template.default and found.within is not None:
                graphs.add(names[found.within.start])
            default |= template.default and found.within is None
    return Operation(
        kind=Kind(found.words),
        start=read[found.first].start,
        end=read[found.last].end,
        silent=found.silent,
        writes=None if anywhere else frozenset(graphs),
        writes_default=default,
    )


def _services(text: str, read: Sequence[Token], operations: Iterable[Found]) -> Iterator[Token]:
    """Yield the first SERVICE of each operation that has a group; in any reading of the text."""
    for found in operations:
        if found.words == Kind.MODIFY:
            for token in outline(text[found.where : read[found.last].end]).fetches:
                if token.text == "SERVICE":
                    yield Token(token.kind, token.text, found.where + token.start)


def _clauses(using: Sequence[str], using_named: Sequence[str]) -> str:
    for iri in (*using, *using_named):
        if ":" not in iri or _NO_IRI.search(iri):
            raise Problem("bad-request", f"not an absolute IRI: {iri[:200]!r}")
    clauses = [f"USING <{iri}>" for iri in dict.fromkeys(using)]
    clauses += [f"USING NAMED <{iri}>" for iri in dict.fromkeys(using_named)]
    return " ".join(clauses)


def _refuse_second_dataset(text: str, read: Sequence[Token], operations: Iterable[Found]) -> None:
    """Refuse USING and WITH beside the protocol's parameters (section 2.2.3)."""
    for found in operations:
        token = found.using or (read[found.first] if found.within else None)
        if token is not None:
            detail = f"{token.text.upper()} in an update whose request names the graphs itself"
            raise Problem("bad-request", detail, where=place(text, token.start))
