"""What the web process and the process that writes say to each other."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Task(StrEnum):
    """What is to be done."""

    PREPARE = "prepare"
    CHECK = "check"
    UPDATE = "update"
    REPLACE = "replace"
    MERGE = "merge"
    DROP = "drop"
    ACTIVATE = "activate"


@dataclass(frozen=True, slots=True)
class Part:
    """A graph as it was sent: the name of its format (see `negotiation`) and its bytes."""

    format: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Work:
    """One write.

    Attributes:
        task: what is to be done.
        by: who asks: the id and name of the token.
        request: the request, in a few words.
        expected: ids of the releases that it may change; None: whichever is current.
        exists: whether the graph must be there already (True) or may not be (False); None: either.
        asked: the update as it was asked, for messages.
        text: the update to run.
        data: the update as insertions of all that it names, when it names all; else "".
        graphs: the only graphs that the update can write, "" for the default one; None: any.
        graph: the graph that is replaced, merged into or dropped; "" for the default one.
        base: the IRI that relative ones are resolved against.
        parts: what is merged into the graph, or replaces it.
        release: the one to activate.
    """

    task: Task
    by: str = ""
    request: str = ""
    expected: tuple[str, ...] | None = None
    exists: bool | None = None
    asked: str = ""
    text: str = ""
    data: str = ""
    graphs: tuple[str, ...] | None = None
    graph: str = ""
    base: str = ""
    parts: tuple[Part, ...] = ()
    release: str = ""

    def encode(self) -> bytes:
        """Return the payload of a frame."""
        members = asdict(self)
        members["parts"] = [(part.format, b64encode(part.content).decode()) for part in self.parts]
        return json.dumps(members).encode()

    @staticmethod
    def decode(payload: bytes) -> Work:
        """Undo `encode`."""
        members: dict[str, Any] = json.loads(payload)
        members["task"] = Task(members["task"])
        members["parts"] = tuple(Part(name, b64decode(text)) for name, text in members["parts"])
        for name in ("expected", "graphs"):
            members[name] = None if members[name] is None else tuple(members[name])
        return Work(**members)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a write.

    Attributes:
        release: the release that is current now.
        parent: the one that was before; the same when nothing changed.
        added: quads added, those that rules derive included.
        removed: quads removed.
        created: graphs that were not there before.
        dropped: graphs that are there no more.
    """

    release: str
    parent: str
    added: int = 0
    removed: int = 0
    created: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Tell whether there is a new release."""
        return self.release != self.parent


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a write was not made: a kind of problem, and what goes with it.

    Attributes:
        where: the line and column in an update.
        results: the violations that it would bring, by focus, path, value, shape and message.
        report: the same as a SHACL report in Turtle.
    """

    kind: str
    detail: str
    hint: str = ""
    where: dict[str, int | str] = field(default_factory=dict)
    results: tuple[dict[str, str], ...] = ()
    report: str = ""


def encode_reply(reply: Done | Failed) -> bytes:
    """Return the payload of a frame."""
    return json.dumps({"done": isinstance(reply, Done), **asdict(reply)}).encode()


def decode_reply(payload: bytes) -> Done | Failed:
    """Undo `encode_reply`."""
    members: dict[str, Any] = json.loads(payload)
    done = members.pop("done")
    for name in ("created", "dropped", "results"):
        if name in members:
            members[name] = tuple(members[name])
    return Done(**members) if done else Failed(**members)
