"""A real server, once, and requests that are mutated as text, as bytes and in what they ask."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyoxigraph
from hypothesis import strategies as st

from pfocr_rdf.query.questions import load_questions
from scripts.fuzz import held, mutate
from scripts.fuzz.hostile import texts
from scripts.fuzz.mutate import Draw
from scripts.fuzz.run import for_terminal, need
from tests.support.serving import end, ready, start

_SLOW: Final = 30.0
_DOCUMENTED: Final = (503, 504)
_PATHS: Final = (
    "/", "/search?q={}", "/suggest?q={}", "/figures/{}", "/genes/{}", "/resource?iri={}", "/sparql?query={}",
    "/about", "/query", "/static/{}", "/files/{}", "/figures?page={}", "/{}", "/papers/{}.ttl", "/shapes", "/network/{}",
    "/figures/{}.jsonld", "/network?{}={}", "/search?kind={}&q=TNF", "/search?q=TNF&page={}",
)  # fmt: skip
_METHODS: Final = ("GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "pfz")
_HEADERS: Final = (
    "Accept: text/html", "Accept: text/turtle;q={}", "Accept: {}", "Accept-Encoding: gzip, {}", "Host: {}",
    "Range: bytes=0-{}", "If-None-Match: {}", "If-Modified-Since: {}", "Content-Type: application/sparql-query",
    "Content-Type: application/x-www-form-urlencoded", "Content-Type: {}", "Content-Length: {}", "Transfer-Encoding: chunked",
    "Origin: {}", "X-Forwarded-Host: {}", "Cookie: {}", "Expect: 100-continue", "Upgrade: websocket", "Connection: Upgrade",
    "Access-Control-Request-Headers: {}", "Authorization: Basic {}", "Accept: application/ld+json", " : {}", "{}",
)  # fmt: skip
_ACCEPTED: Final = {
    "application/sparql-results+json": pyoxigraph.QueryResultsFormat.JSON,
    "text/tab-separated-values": pyoxigraph.QueryResultsFormat.TSV,
    "text/csv": None,
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "application/ld+json": pyoxigraph.RdfFormat.JSON_LD,
}
_TOKEN: Final = re.compile(r"\s+|\w+|\W")
_WORDS: Final = (
    "SELECT", "*", "{", "}", "OPTIONAL", "UNION", "MINUS", "FILTER", "EXISTS", "GROUP BY", "HAVING", "ORDER BY",
    "LIMIT 0", "LIMIT 99999999999999999999", "OFFSET -1", "?pfz", "SERVICE <http://127.0.0.1:1/>", "SERVICE ?pfz",
    "GRAPH ?g", "FROM <file:///etc/passwd>", "LOAD <http://127.0.0.1:1/>", "DROP ALL", "INSERT DATA { <urn:a> <urn:b> 1 }",
    "BIND(REPLACE(REPEAT) AS ?x)", "?s ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l .", "(<urn:a>|!<urn:b>)*",
    'REGEX(?o, "(a+)+$")', "VALUES ?x { 1 }", "CONSTRUCT { ?s ?p ?o } WHERE", "DESCRIBE ?s", "ASK", "<<", ">>", '"""', "#", "\\u0022",
    "COUNT(DISTINCT *)", "GROUP_CONCAT(?o)", "((((((((((", "))))))))))",
)  # fmt: skip


class Served:
    """A server of a release.

    Args:
        release: Of which.
    """

    def __init__(self, release: Path) -> None:
        self._process = start(
            release,
            "--timeout", 2, "--client-timeout", 2, "--workers", 1, "--max-rows", 1000,
            "--max-bytes", 2_000_000, "--max-request", 65_536, "--max-memory", 1024,
        )  # fmt: skip
        url = ready(self._process)
        host, _, port = url.removeprefix("http://").rstrip("/").rpartition(":")
        self._address = (host, int(port))

    def end(self) -> None:
        """End it."""
        end(self._process)

    def request(self, draw: Draw) -> None:
        """Send a request that is none, or half one, or asks for what is not there."""
        words = [quote(draw(texts), safe=draw(st.sampled_from(("", "/", "/?&=%<>\"'"))), errors="replace") for _ in range(2)]  # fmt: skip
        path = draw(st.sampled_from(_PATHS)).format(*words)
        head = [f"{draw(st.sampled_from(_METHODS))} {path} HTTP/1.{draw(st.sampled_from('1110'))}"]
        head.append(f"Host: {self._address[0]}")
        for _ in range(draw(st.integers(0, 4))):
            head.append(draw(st.sampled_from(_HEADERS)).format(draw(texts)))  # noqa: PERF401
        body = draw(st.sampled_from((b"", b"query=ASK{}", b"5\r\nquery\r\n0\r\n\r\n")) | st.binary(max_size=60))  # fmt: skip
        if body and draw(st.booleans()):
            head.append(f"Content-Length: {len(body)}")
        sent = "\r\n".join([*head, "Connection: close", "", ""]).encode(errors="replace") + body
        if draw(st.integers(0, 4)) == 0:
            sent = mutate.data(draw, sent)
        self._ask(sent)

    def sparql(self, draw: Draw) -> None:
        """Send a query of which some words were exchanged, taken out or put in."""
        questions = load_questions()
        tokens = _TOKEN.findall(questions[draw(st.sampled_from(sorted(questions)))].text)
        for _ in range(draw(st.integers(1, 4))):
            at = draw(st.integers(0, max(len(tokens) - 1, 0)))
            match draw(st.integers(0, 4)):
                case 0:
                    del tokens[at : at + draw(st.integers(1, 6))]
                case 1:
                    tokens.insert(at, f" {draw(st.sampled_from(_WORDS))} ")
                case 2:
                    tokens[at:at] = tokens[at : at + 12]
                case 3:
                    tokens.insert(at, draw(texts))
                case _:
                    tokens[at : at + 1] = draw(st.sampled_from(tokens or [""]))
        body = "".join(tokens).encode(errors="replace")
        accept = draw(st.sampled_from(list(_ACCEPTED)))
        head = (
            f"POST /sparql HTTP/1.1\r\nHost: pfz\r\nContent-Type: application/sparql-query\r\n"
            f"Accept: {accept}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        status, kind, said = self._ask(head.encode() + body)
        if status == 200 and kind in _ACCEPTED:
            _parses(kind, said)

    def _ask(self, sent: bytes) -> tuple[int, str, bytes]:
        """Send bytes, hold the answer to what is promised; return status, media type and body."""
        got = bytearray()
        with (
            socket.create_connection(self._address, timeout=_SLOW) as connection,
            suppress(ConnectionError, BrokenPipeError),
        ):
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                got += piece
        need(self._process.poll() is None, "the server has ended")
        if not got:
            return 0, "", b""
        head, _, body = bytes(got).partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        found = re.fullmatch(r"HTTP/1\.1 ([0-9]{3})( [ -~]*)?", first)
        need(found, f"no status line: {first!r}")
        assert found is not None
        status = int(found[1])
        good = status < 500 or status in _DOCUMENTED or (status == 501 and b"SERVICE" in sent)
        need(good, f"status {status}: {body[:300]!r}")
        headers = {}
        for line in lines:
            need(re.fullmatch(r"[\w-]+: ?[^\x00-\x1f\x7f]*", line), f"a header {line!r}")
            name, _, value = line.partition(":")
            need("pfz" not in name, f"a header {line!r}")
            headers[name.lower()] = value.strip()
        if "content-length" in headers:  # behind it is the answer to what followed in the request
            body = body[: int(headers["content-length"])]
        kind = headers.get("content-type", "").partition(";")[0]
        if kind == "text/html" and body and "content-encoding" not in headers and "transfer-encoding" not in headers:  # fmt: skip
            held.html(body.decode(), first)
        if kind == "text/plain":
            for_terminal(body.decode(), first)
        need(b"Traceback" not in body, body[:300].decode(errors="replace"))
        if headers.get("transfer-encoding") == "chunked":
            body = _joined(body)
        return status, kind, body


def _joined(body: bytes) -> bytes:
    """Return the chunks of a body as one."""
    made = bytearray()
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size or b"0", 16)
        made += body[:length]
        body = body[length + 2 :]
    return bytes(made)


def _parses(kind: str, body: bytes) -> None:
    form = _ACCEPTED[kind]
    if kind == "text/csv":
        if body not in (b"true\n", b"false\n"):
            held.csv_answer(body)
    elif isinstance(form, pyoxigraph.RdfFormat):
        list(pyoxigraph.parse(body, form))
    elif kind.endswith("json"):
        json.loads(body)
    else:
        held.tsv_answer(body)


_running: Final[dict[Path, Served]] = {}


def served(release: Path) -> Served:
    """Return the server of a release, started when it is first asked for."""
    if release not in _running:
        _running[release] = Served(release)
    return _running[release]


@contextmanager
def closing_servers() -> Iterator[None]:
    """End the servers that were started meanwhile."""
    try:
        yield
    finally:
        while _running:
            _running.popitem()[1].end()
