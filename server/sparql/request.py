"""SPARQL 1.1 Protocol, query operation: what a request asks for (section 2.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from server.problems import Problem
from server.sparql.escapes import decoded

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
MOST_PARAMETERS: Final = 1000
_DECIMAL: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query as asked, before anything has been judged.

    Attributes:
        query: the text, codepoint escapes undone.
        default_graphs: IRIs that make up the default graph; () means the release's own.
        named_graphs: IRIs that GRAPH can name; () means all, unless there are default graphs.
        format: the value of the parameter `format`, "" when there is none.
        seconds: how long the client lets it run (`timeout`), None when it does not say.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""
    seconds: float | None = None

    @property
    def has_dataset(self) -> bool:
        """Whether the request itself says what the dataset is."""
        return bool(self.default_graphs or self.named_graphs)


@dataclass(frozen=True, slots=True)
class UpdateAsked:
    """An update as asked (SPARQL 1.1 Protocol, section 2.2).

    Attributes:
        update: the text.
        using_graphs: IRIs that make up the default graph of WHERE; () leaves it to the update.
        using_named_graphs: IRIs that GRAPH can name in WHERE.
    """

    update: str
    using_graphs: tuple[str, ...] = ()
    using_named_graphs: tuple[str, ...] = ()


def read_update(
    method: str, query_string: bytes, content_type: str, body: bytes
) -> UpdateAsked | None:
    """Read an update; None when the request is none.

    Raises:
        Problem: it is one, and breaks the protocol.
    """
    if method != "POST":
        return None
    media_type, _, rest = content_type.partition(";")
    in_url = parameters(query_string, "the query string")
    match media_type.strip().lower():
        case "application/x-www-form-urlencoded":
            pairs = [*in_url, *parameters(body, "the form")]
            updates = _values(pairs, "update")
        case "application/sparql-update":
            _check_charset(rest)
            pairs, updates = in_url, (_decode(body, "the body"), *_values(in_url, "update"))
        case _:
            return None
    if not updates:
        return None
    if len(updates) > 1 or _values(pairs, "query"):
        raise Problem("bad-request", "one update is taken at a time, and no query beside it")
    if _values(pairs, "default-graph-uri") or _values(pairs, "named-graph-uri"):
        hint = "use using-graph-uri and using-named-graph-uri"
        raise Problem("bad-request", "an update with the parameters of a query", hint=hint)
    using = _values(pairs, "using-graph-uri")
    return UpdateAsked(updates[0], using, _values(pairs, "using-named-graph-uri"))


def read(method: str, query_string: bytes, content_type: str, body: bytes) -> QueryRequest | None:
    """Read a request; None when it is a bare GET, which asks for the endpoint itself.

    Raises:
        Problem: it is none of the three query operations of the protocol.
    """
    in_url = parameters(query_string, "the query string")
    if method in ("GET", "HEAD"):
        return _request(in_url) if in_url else None
    media_type, _, rest = content_type.partition(";")
    _check_charset(rest)
    match media_type.strip().lower():
        case "application/x-www-form-urlencoded":
            return _request([*in_url, *parameters(body, "the form")])
        case "application/sparql-query":
            _refuse_second_query(in_url)
            return _request([*in_url, ("query", _decode(body, "the body"))])
        case other:
            detail = f"a body of type {other[:100]!r} is no query" if other else "no Content-Type"
            raise Problem(
                "media-type", detail, hint=f"send {FORM} or {QUERY}", headers={"Accept-Post": QUERY}
            )


def parameters(encoded: bytes, where: str) -> list[tuple[str, str]]:
    """Decode percent-encoded parameters.

    Raises:
        Problem: not UTF-8, not ASCII outside of escapes, or absurdly many.
    """
    try:
        return parse_qsl(
            encoded.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except UnicodeDecodeError as error:
        raise Problem("bad-request", f"{where} is not UTF-8") from error
    except ValueError as error:
        raise Problem("bad-request", f"{where} has too many parameters") from error


def _request(pairs: Sequence[tuple[str, str]]) -> QueryRequest:
    queries = _values(pairs, "query")
    if _values(pairs, "update"):
        hint = "send it by POST, and nothing else beside it"
        raise Problem("bad-request", "an update among the parameters of a query", hint=hint)
    if len(queries) != 1:
        many = "no parameter" if not queries else f"{len(queries)} parameters"
        raise Problem("bad-request", f"{many} named query; one is needed", where={"in": "query"})
    formats = _values(pairs, "format")
    return QueryRequest(
        query=decoded(queries[0]),
        default_graphs=_values(pairs, "default-graph-uri"),
        named_graphs=_values(pairs, "named-graph-uri"),
        format=formats[-1] if formats else "",
        seconds=_seconds(_values(pairs, "timeout")),
    )


def _values(pairs: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in pairs if key == name)


def _seconds(values: Sequence[str]) -> float | None:
    if not values:
        return None
    written = values[-1].strip()
    if not _DECIMAL.fullmatch(written) or not float(written):
        detail = f"timeout is a number of seconds above 0, not {written[:40]!r}"
        raise Problem("bad-request", detail, where={"in": "timeout"})
    return float(written)


def _refuse_second_query(in_url: Sequence[tuple[str, str]]) -> None:
    if _values(in_url, "query"):
        raise Problem("bad-request", "a query in the body and another in the query string")


def _check_charset(content_type_parameters: str) -> None:
    for part in content_type_parameters.split(";"):
        name, _, value = part.partition("=")
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in ("utf-8", "utf8", "us-ascii"):
            raise Problem("media-type", f"charset {charset[:40]!r}", hint="send UTF-8")


def _decode(body: bytes, where: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("bad-request", f"{where} is not UTF-8") from error
