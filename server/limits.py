"""The server's limits, taken from the table of settings."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

from kg.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may ask for. Each field is the setting of that name, `_` for `-`.

    Attributes:
        query_workers: processes that run queries.
        query_seconds: how long one query may run, until its answer has been handed over.
        query_wait: how long a query waits for a free process, in seconds.
        short_seconds: a query that takes longer leaves the process that is kept for short ones.
        queue_length: the most queries that wait for a process.
        client_queue: the most queries of one client that wait.
        query_memory: what one query may take beyond the opened store, in MiB.
        query_length: the longest query, in characters.
        query_nesting: how deep brackets in a query may nest.
        query_patterns: the most triple patterns and groups in a query, about.
        query_operators: the most operators in a query.
        merge_triples: the most triples of graphs that a query merges although they share some.
        rewriting: which rewritings of queries there are: all, off, or their names.
        result_bytes: the largest answer, in bytes.
        cache_bytes: what all cached answers may take; 0: none is kept.
        cache_answer: the largest answer that is cached, in bytes.
        page_rows: the most rows of a result on a page; the page says so and links to the rest.
        request_bytes: the largest request body.
        connections: the most requests under way.
        client_connections: the most requests of one client under way.
        writable: "on" when those who have a token may write.
        write_seconds: how long one write may take, and how long one may wait for others.
        write_memory: what one write may take, in MiB.
        write_queue: the most writes that wait.
        keep_releases: how many releases a server that is written to keeps; 0: all.
        keep_days: how old a release must be to be removed then, in days.
        public_url: where this server is reached, "" for the base of the data.
        trusted_proxies: addresses and networks of proxies whose X-Forwarded-For counts.
        server_threads: requests answered at the same time.
        send_seconds: how long a client may take to accept a piece of the answer.
        stop_seconds: how long answers under way may take when the server is told to end.
    """

    query_workers: int = 3
    query_seconds: float = 30.0
    query_wait: float = 10.0
    short_seconds: float = 1.0
    queue_length: int = 200
    client_queue: int = 50
    query_memory: int = 2048
    query_length: int = 65_536
    query_nesting: int = 64
    query_patterns: int = 80
    query_operators: int = 2000
    merge_triples: int = 250_000
    rewriting: str = "all"
    result_bytes: int = 1 << 30
    cache_bytes: int = 1 << 26
    cache_answer: int = 1 << 20
    page_rows: int = 1000
    request_bytes: int = 1 << 20
    connections: int = 1000
    client_connections: int = 200
    writable: str = "off"
    write_seconds: float = 60.0
    write_memory: int = 4096
    write_queue: int = 32
    keep_releases: int = 0
    keep_days: float = 0.0
    public_url: str = ""
    trusted_proxies: str = ""
    server_threads: int = 16
    send_seconds: float = 20.0
    stop_seconds: float = 5.0

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take the limits that the table names; the others keep their defaults."""
        named = {field.name: field.name.replace("_", "-") for field in fields(cls)}
        return cls(
            **{
                name: settings.values[setting]  # type: ignore[arg-type]
                for name, setting in named.items()
                if setting in settings.values
            }
        )

    @staticmethod
    def raising(field: str) -> str:
        """Say how an operator raises a limit."""
        return f"whoever runs this server can raise UNIPACT_{field.upper()}"
