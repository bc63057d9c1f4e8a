"""Options that name what a release is built from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from unipact.options import folder, setting

Command = TypeVar("Command", bound=Callable[..., Any])


def corpus_options(command: Command) -> Command:
    """Add `--seeds`, `--ontology`, `--shapes`, `--originals` and `--jobs`."""
    for option in (
        setting("jobs"),
        folder("originals", "The documents that the articles restate, checked by sha256."),
        folder("shapes", "SHACL shapes; the shipped ones when not given."),
        folder("ontology", "Ontology, concepts and rules; the shipped ones when not given."),
        folder("seeds", "The corpus; the shipped one when not given."),
    ):
        command = option(command)
    return command
