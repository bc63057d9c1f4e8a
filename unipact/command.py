"""The command line: finds the verb, and turns errors into one readable block.

Exit codes: 0 done; 1 a bug, with its traceback; 2 something that the user can mend, without one.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Final

import click

from kg.errors import KgError

VERBS: Final = (
    "build",
    "changes",
    "check",
    "explain",
    "link",
    "load",
    "locate",
    "query",
    "releases",
    "serve",
    "show",
    "token",
)


class _Verbs(click.Group):
    """Loads a verb's module only when it is asked for, so that help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"unipact.commands.{cmd_name}")
        command = module.command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="unipact")
@click.option("--traceback", is_flag=True, help="Show where in the code an error arose.")
def cli(traceback: bool) -> None:
    """Build, check, ask and serve a knowledge graph of university cooperation."""


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        result = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of the pipe has gone; what it wanted, it has.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KgError as error:
        if "--traceback" in sys.argv:
            raise
        click.echo(f"unipact: {error}", err=True)
        sys.exit(2)
    sys.exit(result if isinstance(result, int) else 0)
