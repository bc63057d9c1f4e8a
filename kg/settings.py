"""Every setting in one table: name, default, unit and help.

A setting is read from the environment as `UNIPACT_<NAME>` (upper case, `_` for `-`) and from the
command line as `--<name>`; the command line wins. `docs/settings.md` is generated from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kg.errors import InputError


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `default` fixes the type; numbers may have a lowest value, words choices."""

    name: str
    default: int | float | str
    unit: str
    help: str
    lowest: float = 0
    choices: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "UNIPACT_" + self.name.upper().replace("-", "_")

    def parse(self, written: str) -> int | float | str:
        """Read a value as written in the environment.

        Raises:
            InputError: not a value of the setting's type, or below the lowest.
        """
        if isinstance(self.default, str):
            return self.check(written)
        try:
            value = type(self.default)(written)
        except ValueError:
            kind = "a whole number" if isinstance(self.default, int) else "a number"
            raise InputError(f"{self.variable}={written!r} is not {kind}") from None
        if not value >= self.lowest or value == float("inf"):
            raise InputError(f"{self.variable}={written} is below {self.lowest:g}")
        return value

    def check(self, chosen: str) -> str:
        """Return words when they are among the choices, if there are any.

        Raises:
            InputError: they are not.
        """
        if self.choices and chosen not in self.choices:
            raise InputError(f"{self.variable}={chosen!r} is not one of: {', '.join(self.choices)}")
        return chosen


SETTINGS: Final = (
    Setting("releases", "releases", "folder", "where releases are kept"),
    Setting("base", "https://w3id.org/unipact/", "IRI", "the base of all minted IRIs"),
    Setting(
        "default-graph",
        "union",
        "union or store",
        "the default graph of loaded data: the merge of all, or the one that they came with",
        choices=("union", "store"),
    ),
    Setting("host", "127.0.0.1", "address", "the address that the server listens on"),
    Setting("port", 8000, "port", "the port that the server listens on; 0 picks a free one"),
    Setting("jobs", 0, "processes", "processes that read and validate articles; 0: one a core"),
    Setting("query-workers", 3, "processes", "processes that run queries", lowest=1),
    Setting("query-seconds", 30.0, "seconds", "how long one query may run", lowest=0.001),
    Setting("query-wait", 10.0, "seconds", "how long a query waits for a free process"),
    Setting(
        "short-seconds",
        1.0,
        "seconds",
        "a query that takes longer leaves the process that is kept for short ones",
        lowest=0.001,
    ),
    Setting("queue-length", 200, "queries", "the most that wait for a process", lowest=1),
    Setting("client-queue", 50, "queries", "the most of one client that wait", lowest=1),
    Setting("query-memory", 2048, "MiB", "what one query may take beyond the store", lowest=64),
    Setting("query-length", 65_536, "characters", "the longest query", lowest=1),
    Setting("query-nesting", 64, "brackets", "how deep brackets in a query may nest", lowest=1),
    Setting("query-patterns", 80, "patterns", "the most patterns in a query", lowest=1),
    Setting("query-operators", 2000, "operators", "the most operators in a query", lowest=1),
    Setting("merge-triples", 250_000, "triples", "the most in graphs that overlap, of one query"),
    Setting("result-bytes", 1 << 30, "bytes", "the largest answer", lowest=1),
    Setting("cache-bytes", 1 << 26, "bytes", "what all cached answers may take; 0: none is kept"),
    Setting("cache-answer", 1 << 20, "bytes", "the largest answer that is cached"),
    Setting(
        "rewriting",
        "all",
        "names",
        "what makes queries faster: all, off, or some of constants, optionals, statistics",
    ),
    Setting("page-rows", 1000, "rows", "the most rows of a result on a page", lowest=1),
    Setting("request-bytes", 1 << 20, "bytes", "the largest request body", lowest=1),
    Setting("connections", 1000, "requests", "the most requests under way", lowest=1),
    Setting("client-connections", 200, "requests", "the most of one client under way", lowest=1),
    Setting(
        "writable",
        "off",
        "on or off",
        "whether those who have a token may write",
        choices=("on", "off"),
    ),
    Setting("write-seconds", 60.0, "seconds", "how long one write may take", lowest=0.001),
    Setting("write-memory", 4096, "MiB", "what one write may take", lowest=64),
    Setting("write-queue", 32, "writes", "the most writes that wait", lowest=1),
    Setting(
        "keep-releases", 0, "releases", "how many a server that is written to keeps; 0: all of them"
    ),
    Setting("keep-days", 0.0, "days", "how old a release must be to be removed then"),
    Setting("public-url", "", "URL", "where this server is reached; empty: the base of the data"),
    Setting("trusted-proxies", "", "addresses", "proxies whose X-Forwarded-For counts"),
    Setting("server-threads", 16, "threads", "requests answered at the same time", lowest=1),
    Setting(
        "send-seconds",
        20.0,
        "seconds",
        "how long a client may take to accept a piece",
        lowest=0.001,
    ),
    Setting("stop-seconds", 5.0, "seconds", "how long answers under way may take at the end"),
    Setting(
        "access-log",
        "on",
        "on or off",
        "whether each request is logged, a line of JSON",
        choices=("on", "off"),
    ),
    Setting("access-log-file", "", "file", "where the access log goes; empty: to stderr"),
    Setting(
        "access-log-clients",
        "short",
        "short, full, none",
        "how the access log shows clients; short: their network alone",
        choices=("short", "full", "none"),
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force, by name."""

    values: Mapping[str, int | float | str] = field(
        default_factory=lambda: {setting.name: setting.default for setting in SETTINGS}
    )

    @classmethod
    def load(
        cls, environ: Mapping[str, str], overrides: Mapping[str, int | float | str] | None = None
    ) -> Settings:
        """Read the environment, then let `overrides` win.

        Raises:
            InputError: a value that its setting does not allow, or an unknown override.
        """
        values: dict[str, int | float | str] = {}
        named = {setting.name: setting for setting in SETTINGS}
        for setting in SETTINGS:
            written = environ.get(setting.variable)
            values[setting.name] = setting.default if written is None else setting.parse(written)
        for name, value in (overrides or {}).items():
            if name not in values:
                raise InputError(f"there is no setting {name!r}")
            values[name] = named[name].check(value) if isinstance(value, str) else value
        return cls(values)

    def number(self, name: str) -> int:
        """Return a setting that is a whole number."""
        return int(self.values[name])

    def seconds(self, name: str) -> float:
        """Return a setting that is a time in seconds."""
        return float(self.values[name])

    def text(self, name: str) -> str:
        """Return a setting that is words."""
        return str(self.values[name])
