"""Clients that dawdle, vanish, cheat or pour: on bare sockets."""

from __future__ import annotations

import io
import os
import signal
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

import pytest

from tests.server.attacks import queries
from tests.server.attacks.conftest import Served, Serving, children
from tests.server.attacks.exchange import PATIENCE, Reply, answer, ask, over_socket

HOST = "Host: x\r\n"
QUERY = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
ENDLESS = queries.MEMORY["rows without end"]
RUNAWAY = queries.RUNAWAYS["cartesian product of values"]
MOST = 1 << 27  # bytes that nobody should take
BIG = {"UNIPACT_RESULT_BYTES": str(1 << 30), "UNIPACT_QUERY_SECONDS": "60"}


@contextmanager
def connected(
    served: Served, *, buffer: int = 0, source: str = "127.0.0.1"
) -> Iterator[socket.socket]:
    """Connect; `buffer` is how many bytes may wait on this side, 0 for the system's choice."""
    with socket.socket() as connection:
        connection.settimeout(PATIENCE)
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.bind((source, 0))
        connection.connect(served.address)
        yield connection


def is_well(served: Served) -> bool:
    reply = over_socket(served.address, ask("ASK {}"))
    return (reply.status, served.process.poll()) == (200, None)


def everything(connection: socket.socket) -> bytes:
    """Read until the server closes; a reset counts as the end."""
    got = bytearray()
    try:
        while piece := connection.recv(1 << 16):
            got += piece
    except ConnectionResetError:
        pass
    return bytes(got)


def sent(connection: socket.socket, piece: bytes) -> int:
    """Send a piece over and over until the server closes; return how many bytes it took."""
    total = 0
    try:
        while total < MOST:
            connection.sendall(piece)
            total += len(piece)
    except (ConnectionError, TimeoutError):
        pass
    return total


@pytest.mark.parametrize(
    "beginning",
    [
        "",
        "GE",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        QUERY + "Content-Length: 6\r\n\r\n",
        QUERY + "Content-Length: 6\r\n\r\nASK",
        QUERY + "Transfer-Encoding: chunked\r\n\r\n",
        QUERY + "Transfer-Encoding: chunked\r\n\r\n6\r\nASK",
        QUERY + "Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n",
        QUERY + "Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n",
        QUERY + "Expect: 100-continue\r\nContent-Length: 6\r\n\r\n",
    ],
)
def test_writer_that_stops_is_dropped_and_holds_nobody_up(served: Served, beginning: str) -> None:
    with ExitStack() as stack:
        waiting = [stack.enter_context(connected(served)) for _ in range(40)]
        for connection in waiting:
            connection.sendall(beginning.encode())

        assert is_well(served)
        if beginning.startswith("POST"):
            assert b" 200 " not in everything(waiting[0])
    assert is_well(served)


@pytest.mark.parametrize("half", ["GET /heal", QUERY + "Content-Length: 6\r\n\r\nASK"])
def test_request_of_which_half_comes_is_no_request(served: Served, half: str) -> None:
    with connected(served) as connection:
        connection.sendall(half.encode())
        connection.shutdown(socket.SHUT_WR)

        assert b" 200 " not in everything(connection)
    assert is_well(served)


def test_client_that_closes_its_half_still_gets_an_answer_or_a_broken_connection(
    served: Served,
) -> None:
    with connected(served) as connection:
        connection.sendall(f"GET /health HTTP/1.1\r\n{HOST}\r\n".encode())
        connection.shutdown(socket.SHUT_WR)

        assert answer(connection).status in (0, 200)
    assert is_well(served)


def test_connections_that_are_reset_at_once_hurt_nobody(served: Served) -> None:
    for _ in range(200):
        with connected(served) as connection:
            connection.sendall(f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\n".encode())
            linger = struct.pack("ii", 1, 0)  # close sends a reset
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    assert is_well(served)


def test_body_that_never_ends_is_refused(served: Served) -> None:
    chunk = b"10000\r\n" + b"#" * 0x10000 + b"\r\n"
    with connected(served) as connection:
        connection.sendall(f"{QUERY}Transfer-Encoding: chunked\r\n\r\n".encode())

        assert sent(connection, chunk) < MOST
        assert b" 200 " not in everything(connection)
    assert is_well(served)


def test_header_that_never_ends_is_refused(served: Served) -> None:
    with connected(served) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\n{HOST}X: ".encode())

        assert sent(connection, b"x" * 0x10000) < MOST
        assert b" 200 " not in everything(connection)
    assert is_well(served)


def test_readers_that_stop_hold_nobody_up_and_are_dropped(serving: Serving) -> None:
    much = {**BIG, "UNIPACT_RESULT_BYTES": str(1 << 25)}
    with serving(**much) as served, ExitStack() as stack:
        readers = [stack.enter_context(connected(served, buffer=4096)) for _ in range(4)]
        for number, reader in enumerate(readers):
            query = quote(f"{ENDLESS} # {number}")
            reader.sendall(f"GET /sparql?query={query} HTTP/1.1\r\n{HOST}\r\n".encode())

        with connected(served, source="127.0.0.2") as another:
            another.sendall(ask("ASK {}").encode())
            assert answer(another).status == 200
        for reader in readers:
            assert not everything(reader).endswith(b"0\r\n\r\n")


def test_requests_in_a_row_on_one_connection_are_answered_in_order(served: Served) -> None:
    paths = ["/health", "/nowhere", "/sparql?query=ASK%7B%7D", "/doc/%5b", "/problems"] * 8
    requests = "".join(f"GET {path} HTTP/1.1\r\n{HOST}\r\n" for path in paths)
    with connected(served) as connection, connection.makefile("rb") as reader:
        connection.sendall(requests.encode())
        statuses = [status_and_skip(reader) for _ in paths]

    assert statuses == [200, 404, 200, 404, 200] * 8


def status_and_skip(reader: io.BufferedReader) -> int:
    """Read one answer from many."""
    status = int(reader.readline().split()[1])
    headers = dict(
        line.decode("latin-1").strip().lower().split(": ", 1)
        for line in iter(reader.readline, b"\r\n")
    )
    if "content-length" in headers:
        reader.read(int(headers["content-length"]))
    else:
        while size := int(reader.readline(), 16):
            reader.read(size + 2)
        reader.readline()
    return status


@pytest.mark.parametrize(
    "smuggled",
    [
        "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity, chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding:\x0bchunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\n0\r\n\r\nA",
    ],
)
def test_smuggled_request_is_never_answered_as_a_second_one(served: Served, smuggled: str) -> None:
    """A server in front that reads the length in the other way must not be fooled."""
    second = f"GET /search?q=smuggled HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n"
    with connected(served) as connection:
        connection.sendall(f"{QUERY}{smuggled}{second}".encode())
        connection.shutdown(socket.SHUT_WR)
        got = everything(connection)

    assert b"smuggled" not in got
    assert is_well(served)


def test_hundreds_of_connections_at_once_leave_room_for_one_more(served: Served) -> None:
    with ExitStack() as stack:
        for _ in range(400):
            stack.enter_context(connected(served))

        assert is_well(served)


def test_answer_breaks_when_its_worker_is_killed(serving: Serving) -> None:
    """The first pieces have gone out with status 200; the end must not look like an end."""
    request = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\n{HOST}\r\n".encode()
    with serving(**BIG) as served, connected(served) as connection:
        connection.sendall(request)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")

        for worker in children(served.process.pid):
            os.kill(worker, signal.SIGKILL)

        assert not everything(connection).endswith(b"\r\n0\r\n\r\n")
        assert is_well(served)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_server_under_load_ends_on_a_signal_and_leaves_no_processes(
    serving: Serving, number: signal.Signals
) -> None:
    with serving(**BIG) as served:
        workers = children(served.process.pid)
        replies: list[Reply] = []

        def client(query: str) -> None:
            replies.append(over_socket(served.address, ask(query)))

        clients = [
            threading.Thread(target=client, args=(query,))
            for query in [ENDLESS, RUNAWAY, *queries.MEMORY.values()]
        ]
        for thread in clients:
            thread.start()
        with connected(served) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\n")
            workers = sorted({*workers, *children(served.process.pid)})

            served.process.send_signal(number)

            assert served.process.wait(PATIENCE) == 0
        for thread in clients:
            thread.join(PATIENCE)

    assert workers
    assert [worker for worker in workers if os.path.exists(f"/proc/{worker}")] == []
    assert [reply.status for reply in replies if reply.status == 200] == []


def test_client_that_goes_away_while_being_answered_frees_its_worker(serving: Serving) -> None:
    with serving(**BIG) as served:
        for number in range(4):
            query = quote(f"{ENDLESS} # {number}")
            with connected(served) as connection:
                connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\n{HOST}\r\n".encode())
                assert connection.recv(1000).startswith(b"HTTP/1.1 200")

        assert is_well(served)
