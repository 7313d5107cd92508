"""Readers of a server of every sort: who looks at pages, who asks too much, who is slow, rude or gone.

Each has a connection and a thread of its own, and thinks between two requests as people and polite
programs do: what is measured is a server with many readers, not one that is asked as fast as it can.
"""

from __future__ import annotations

import http.client
import random
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

LEFT: Final = -1
"""The status of a request whose reader did not wait for the answer."""
NO_ANSWER: Final = 0
RUNAWAYS: Final = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) = CONCAT(STR(?i), '!')) }",
    "CONSTRUCT { ?a ?b ?l } { ?a ?b ?c . ?j ?k ?l . ?g ?h ?i FILTER(STR(?a) = CONCAT(STR(?l), '!')) }",
)
"""Queries that would run for years."""
_CHEAP: Final = (
    "ASK { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } LIMIT 20",
    "DESCRIBE <http://identifiers.org/ncbigene/8600>",
)
_RESULTS: Final = ("application/sparql-results+json", "text/csv", "text/turtle", "*/*")
_FORMS: Final = (
    "text/html",
    "text/turtle",
    "application/ld+json",
    "application/n-triples;q=0.9, text/html;q=0.1",
    "application/rdf+xml",
    "image/png",
)
_WORDS: Final = (
    "RANKL",
    "tnf",
    "TNF-α",
    "akt",
    "figure 1",
    "PMC1",
    "nothing-has-this",
    "β-catenin",
)
_BAD: Final[Sequence[tuple[str, str, Mapping[str, str]]]] = (
    ("GET", "/sparql?query=SELECT+nonsense", {}),
    ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}),
    ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=urn:none", {}),
    ("POST", "/sparql", {"Content-Type": "application/sparql-update"}),
    ("GET", "/sparql?query=ASK%7B%7D", {"Accept": "no/slash/here"}),
    ("PATCH", "/genes/8600", {}),
    ("GET", "/genes/no-such-gene", {}),
    ("GET", "/figures/%ff%00%2e%2e", {}),
    ("GET", "/files/..%2f..%2fetc%2fpasswd", {}),
    ("GET", "/" + "x" * 9000, {}),
)  # fmt: skip
_GARBAGE: Final = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/1.1\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 2**21,
)
_PATIENCE: Final = 60.0


class Asked(NamedTuple):
    """One request: of which sort of reader, its status, and the seconds to its whole answer."""

    sort: str
    status: int
    seconds: float


class Served(NamedTuple):
    """What a crowd reads.

    Attributes:
        address: Host and port of the server.
        pages: Paths of figures and entities.
        large: Path of a large file.
    """

    address: tuple[str, int]
    pages: Sequence[str]
    large: str


class _Reader:
    """One of the crowd; `ask` sends one request and waits for the answer."""

    def __init__(
        self, served: Served, number: int, sort: str, over: threading.Event, gone: threading.Event
    ) -> None:
        self.served = served
        self.sort = sort
        self.draw = random.Random(number)
        self.asked: list[Asked] = []
        self._over = over
        self._gone = gone
        self._connection = http.client.HTTPConnection(*served.address, timeout=_PATIENCE)

    def waits(self, least: float, most: float) -> None:
        """Think for a while."""
        self._over.wait(self.draw.uniform(least, most))

    def ask(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> None:
        """Send a request, and note how it was answered."""
        start = time.perf_counter()
        self.note(self._status(method, path, headers or {}), start)

    def note(self, status: int, start: float) -> None:
        """Note a request that was begun at a time, unless all is over."""
        if not self._over.is_set():
            self.asked.append(Asked(self.sort, status, time.perf_counter() - start))

    def connected(self) -> socket.socket:
        """Return a connection for one who does not speak as he should."""
        connection = socket.create_connection(self.served.address, timeout=1.0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        return connection

    def is_here(self, *, still: bool = False) -> bool:
        """Say whether it is not over yet, or `still` that not all have been sent away."""
        return not (self._gone if still else self._over).is_set()

    def _status(self, method: str, path: str, headers: Mapping[str, str]) -> int:
        # A server hangs up on who has not asked for some seconds; he then comes anew.
        for _ in range(2):
            is_fresh = self._connection.sock is None
            try:
                self._connection.request(method, path, headers=dict(headers))
                answer = self._connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                self._connection.close()
                if is_fresh:
                    break
            else:
                return answer.status
        return NO_ANSWER


def _looks(reader: _Reader) -> None:
    reader.ask(reader.draw.choice(reader.served.pages), {"Accept": "text/html"})
    reader.waits(4, 12)


def _negotiates(reader: _Reader) -> None:
    page = reader.draw.choice(reader.served.pages)
    reader.ask(page, {"Accept": reader.draw.choice(_FORMS)})
    reader.waits(4, 12)


def _searches(reader: _Reader) -> None:
    word = quote(reader.draw.choice(_WORDS))
    reader.ask(f"/{reader.draw.choice(('search', 'api/suggest'))}?q={word}")
    reader.waits(4, 12)


def _sparql(query: str) -> str:
    return f"/sparql?{urlencode({'query': query})}"


def _queries(reader: _Reader) -> None:
    reader.ask(_sparql(reader.draw.choice(_CHEAP)), {"Accept": reader.draw.choice(_RESULTS)})
    reader.waits(6, 18)


def _runs_away(reader: _Reader) -> None:
    reader.ask(_sparql(reader.draw.choice(RUNAWAYS)))
    reader.waits(0.5, 1.5)


def _leaves(reader: _Reader) -> None:
    path = reader.draw.choice((*reader.served.pages[:20], _sparql(RUNAWAYS[0])))
    start = time.perf_counter()
    with suppress(OSError), reader.connected() as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        reader.waits(0.0, 0.5)
    reader.note(LEFT, start)
    reader.waits(1, 3)


def _takes_slowly(reader: _Reader) -> None:
    start = time.perf_counter()
    status = LEFT
    with suppress(OSError), reader.connected() as connection:
        connection.sendall(f"GET {reader.served.large} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        status = _status_in(connection.recv(512))
        while reader.is_here(still=True) and connection.recv(512):
            time.sleep(0.5)
    reader.note(status, start)


def _sends_slowly(reader: _Reader) -> None:
    start = time.perf_counter()
    status = NO_ANSWER
    with suppress(OSError), reader.connected() as connection:
        for byte in b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 10_000:
            if not reader.is_here():
                return
            connection.sendall(bytes([byte]))
            connection.settimeout(0.3)
            with suppress(TimeoutError):
                status = _status_in(connection.recv(512))
                break
    reader.note(status, start)


def _errs(reader: _Reader) -> None:
    if reader.draw.random() < 0.7:
        method, path, headers = reader.draw.choice(_BAD)
        reader.ask(path, headers, method)
    else:
        start = time.perf_counter()
        status = NO_ANSWER
        with suppress(OSError), reader.connected() as connection:
            connection.sendall(reader.draw.choice(_GARBAGE))
            status = _status_in(connection.recv(512))
        # One who does not speak HTTP, or too much of it, may be hung up on.
        reader.note(status or LEFT, start)
    reader.waits(1, 3)


def _status_in(beginning: bytes) -> int:
    words = beginning.split(b" ", 2)
    is_http = len(words) > 1 and words[0].startswith(b"HTTP/") and words[1].isdigit()
    return int(words[1]) if is_http else NO_ANSWER


LOOKS: Final = "pages"
_SORTS: Final[Mapping[str, tuple[int, Callable[[_Reader], None]]]] = {
    LOOKS: (90, _looks),
    "content negotiation": (20, _negotiates),
    "search": (20, _searches),
    "cheap queries": (30, _queries),
    "runaway queries": (8, _runs_away),
    "requests that are cancelled": (8, _leaves),
    "answers taken slowly": (8, _takes_slowly),
    "requests sent slowly": (8, _sends_slowly),
    "bad requests": (8, _errs),
}
"""The sorts of readers, how many of 200, and what each does again and again."""
_ALL: Final = sum(count for count, _ in _SORTS.values())


class Crowd:
    """So many readers, of all sorts.

    Args:
        served: What they read.
        readers: How many; of each sort one at least.
    """

    def __init__(self, served: Served, readers: int) -> None:
        self._over = threading.Event()
        self._gone = threading.Event()
        self._readers: list[_Reader] = []
        self._threads: list[threading.Thread] = []
        for sort, (count, act) in _SORTS.items():
            for _ in range(max(1, round(readers * count / _ALL))):
                reader = _Reader(served, len(self._readers), sort, self._over, self._gone)
                self._readers.append(reader)
                self._threads.append(threading.Thread(target=_act, args=(reader, act), daemon=True))

    def come(self) -> None:
        """Let all begin."""
        for thread in self._threads:
            thread.start()

    def leave(self) -> None:
        """Send away who is still there."""
        self._gone.set()

    def asked(self) -> list[Asked]:
        """Return all that was answered so far, and end it, but for those who take slowly."""
        self._over.set()
        return [each for reader in self._readers for each in tuple(reader.asked)]


def _act(reader: _Reader, act: Callable[[_Reader], None]) -> None:
    reader.waits(0, 5)  # not all at once
    while reader.is_here():
        act(reader)
