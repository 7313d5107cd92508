"""Clients that send their request a byte at a time, or take nothing of an answer.

Over real sockets against the real command.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.releases import SharedReleases
from tests.support.serving import PATIENCE, Serving, end, ready, serving, start, until

pytestmark = pytest.mark.whole

SECONDS = 5
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
GET = b"GET /static/mark.svg HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def release(releases: SharedReleases) -> Path:
    return releases.of_everything()


@pytest.fixture(scope="module")
def server(release: Path) -> Iterator[Serving]:
    """A server that waits five seconds for a client."""
    with serving(
        release, "--client-timeout", SECONDS, "--timeout", PATIENCE, "--workers", 1
    ) as running:
        yield running


def drip(server: Serving, begun: bytes) -> bytes:
    """Send the beginning of a request, then a byte ten times a second; return what comes back.

    Each byte comes well before any limit between two of them; only one for the whole can help.
    """
    answer = bytearray()
    deadline = time.monotonic() + PATIENCE
    with (
        socket.create_connection(server.address, timeout=PATIENCE) as connection,
        suppress(ConnectionError),
    ):
        if begun:
            connection.sendall(begun)
        connection.settimeout(0.1)
        while time.monotonic() < deadline:
            try:
                piece = connection.recv(65536)
            except TimeoutError:
                if begun:
                    connection.sendall(b"x")
                continue
            if not piece:
                return bytes(answer)
            answer += piece
    assert time.monotonic() < deadline, "the server waits for ever"
    return bytes(answer)


CUT_SHORT = {
    "body": POST + b"Content-Length: 100000\r\n\r\nASK {} #",
    "chunks": POST + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\nASK {} #",
    "head of a POST": POST + b"X-Slow: ",
    "head": GET + b"X-Slow: ",
    "address": b"GET /sparql?query=",
    "nothing at all": b"",
    "the second request": GET + b"\r\n" + GET + b"X-Slow: ",
    "a body that nobody reads": GET + b"Content-Length: 9999\r\n\r\n",
    "a body that nobody reads, of HEAD": b"HEAD" + GET[3:] + b"Content-Length: 9999\r\n\r\n",
}


def test_who_never_ends_a_request_is_told_and_let_go(server: Serving) -> None:
    with ThreadPoolExecutor(len(CUT_SHORT)) as together:
        found = together.map(lambda begun: drip(server, begun), CUT_SHORT.values())
        answers = dict(zip(CUT_SHORT, found, strict=True))
    for name, answer in answers.items():
        is_answered = name == "the second request" or name.startswith("a body")
        assert answer.count(b"HTTP/1.1 200 OK") == is_answered, name
        # An answer that is there already needs no words why the rest is not waited for.
        if not name.startswith("a body"):
            assert answer.count(b"HTTP/1.1 408 Request Timeout") == 1, name
            assert answer.endswith(b"The request was not sent within 5 seconds.\n"), name


def test_a_slow_client_that_comes_to_an_end_is_answered(server: Serving) -> None:
    body = b"ASK { ?s ?p ?o }"
    request = POST + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
    with socket.create_connection(server.address, timeout=PATIENCE) as connection:
        for place in range(0, len(request), 16):
            connection.sendall(request[place : place + 16])
            time.sleep(0.01)
        answer = bytearray()
        while piece := connection.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200 OK"), answer
    assert b"true" in answer


def test_requests_of_one_connection_have_their_time_each(server: Serving) -> None:
    connection = http.client.HTTPConnection(*server.address, timeout=PATIENCE)
    connection.connect()
    connection.auto_open = 0  # it shall stay this one
    begin = time.monotonic()
    try:
        while time.monotonic() - begin < 1.5 * SECONDS:
            connection.request("GET", "/static/mark.svg")
            answer = connection.getresponse()
            assert (answer.status, len(answer.read()) > 100) == (200, True)
            time.sleep(0.2)
    finally:
        connection.close()


def test_a_query_may_run_longer_than_a_client_may_take(server: Serving) -> None:
    """Only what the client does is timed: here it has sent all, and waits."""
    (worker,) = server.workers()
    os.kill(worker, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(1) as asking:
            answer = asking.submit(server.ask, "ASK { ?s ?p ?o }")
            finished, _ = wait([answer], timeout=1.5 * SECONDS)
            assert not finished
            os.kill(worker, signal.SIGCONT)
            assert answer.result(PATIENCE).status_code == 200
    finally:
        os.kill(worker, signal.SIGCONT)


def sockets(process: int) -> int:
    """Return how many sockets a process has."""
    count = 0
    for entry in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):  # closed since
            count += str(entry.readlink()).startswith("socket:")
    return count


def test_who_takes_nothing_of_an_answer_is_let_go(release: Path) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 90000"
    options = ("--client-timeout", SECONDS, "--timeout", PATIENCE, "--workers", 1)
    with serving(release, *options) as server, socket.socket() as connection:
        before = sockets(server.process.pid)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(PATIENCE)
        connection.connect(server.address)
        connection.sendall(POST + f"Content-Length: {len(query)}\r\n\r\n{query}".encode())
        assert connection.recv(1) == b"H"
        assert sockets(server.process.pid) == before + 1
        # The answer has some megabytes, and nobody reads on.
        assert until(lambda: sockets(server.process.pid) == before)
        assert server.ask("ASK { ?s ?p ?o }").status_code == 200


def test_who_hangs_up_in_the_middle_of_a_request_leaves_no_traceback(release: Path) -> None:
    process = start(release, "--workers", 1)
    try:
        server = Serving(process, ready(process))
        before = sockets(process.pid)
        for begun in CUT_SHORT.values():
            with socket.create_connection(server.address, timeout=PATIENCE) as connection:
                connection.sendall(begun)
        assert server.ask("ASK { ?s ?p ?o }").status_code == 200
        server.client.close()
        assert until(lambda: sockets(process.pid) == before)
        process.terminate()
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert "Exception" not in said
    finally:
        end(process)
