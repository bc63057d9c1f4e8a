"""Options that several verbs share, so that they are spelt and explained alike everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.settings import SETTINGS, Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def setting(name: str) -> Callable[[Command], Command]:
    """Return the option for one row of the table of settings; unset: environment or default."""
    row = next(row for row in SETTINGS if row.name == name)
    kind = {int: click.INT, float: click.FLOAT, str: click.STRING}[type(row.default)]
    return click.option(
        f"--{row.name}",
        type=kind,
        default=None,
        metavar=row.unit.upper().replace(" ", "-"),
        help=f"{row.help[0].upper()}{row.help[1:]}. [default: {row.default}]",
    )


def settings(**given: int | float | str | None) -> Settings:
    """Return the settings in force; options that were not given do not count."""
    overrides = {
        name.replace("_", "-"): value for name, value in given.items() if value is not None
    }
    return Settings.load(os.environ, overrides)


def folder(name: str, help_text: str) -> Callable[[Command], Command]:
    """Return an option that names an existing folder."""
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option(f"--{name}", type=kind, default=None, metavar="DIR", help=help_text)


def as_json(command: Command) -> Command:
    """Add `--json`: the result for machines."""
    return click.option("--json", "json_", is_flag=True, help="Print the result as JSON.")(command)
