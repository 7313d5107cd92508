"""Servers of the tests' own: a strict Graph Store Protocol, and a proxy that makes trouble.

The strict one stands for stores that cannot be run here (Fuseki, GraphDB, QLever). It refuses
what any of them might refuse, or take in silence and lose: a body without a length, an unknown
parameter, a Content-Type that it does not know, a wrong user. What it took is in a pyoxigraph
store, so the tests can look at every triple.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/, https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import base64
import http.client
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, urlsplit

import pyoxigraph
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat

_SYNTAXES = {"application/n-triples": RdfFormat.N_TRIPLES, "text/turtle": RdfFormat.TURTLE}


class Request(NamedTuple):
    """A request that a server has had."""

    method: str
    path: str
    graph: str
    length: int


class Layout(NamedTuple):
    """Where a store has its three endpoints, and how it knows its users.

    `user` is what `Authorization` must hold, "" for anybody.
    """

    graphs: str
    query: str
    update: str
    authorization: str = ""


def basic(user: str, password: str) -> str:
    """Return the header of a user."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def read_body(self) -> bytes | None:
        """Return the body; None, and an answer, when its length is not told."""
        length = self.headers.get("Content-Length")
        if self.headers.get("Transfer-Encoding") or (length is None and self.command != "DELETE"):
            self.close_connection = True
            self.answer(411, "the length is required")
            return None
        return self.rfile.read(int(length or 0))

    def answer(self, status: int, text: str | bytes = b"", **headers: str) -> None:
        """Answer with a status and a body."""
        body = text.encode() if isinstance(text, str) else text
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class GraphStore(ThreadingHTTPServer):
    """The strict server.

    Attributes:
        store: What it has.
        seen: All requests, in their order.
        complaints: What was wrong with requests; a test that ends well leaves it empty.
    """

    daemon_threads = True

    def __init__(self, layout: Layout, server: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _GraphStoreHandler)
        self.layout = layout
        self.name = server
        self.store = pyoxigraph.Store()
        self.seen: list[Request] = []
        self.complaints: list[str] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Its address, without a path."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def triples(self, graph: str) -> set[pyoxigraph.Triple]:
        """Return what a graph has."""
        return {
            quad.triple for quad in self.store.quads_for_pattern(None, None, None, NamedNode(graph))
        }


class _GraphStoreHandler(_Handler):
    server: GraphStore

    def version_string(self) -> str:
        return self.server.name or "none"

    def do_GET(self) -> None:
        self.answer(200)

    def do_PUT(self) -> None:
        self._graph_store()

    def do_DELETE(self) -> None:
        self._graph_store()

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        layout = self.server.layout
        kind = self.headers.get("Content-Type", "").partition(";")[0]
        # A store may have all three at one address.
        if path == layout.query and kind == "application/x-www-form-urlencoded":
            self._query()
        elif path == layout.update and kind == "application/sparql-update":
            self._update()
        elif path == layout.graphs:
            self._graph_store()
        else:
            self._complain(404, f"nothing at {path} for {kind}")

    def _complain(self, status: int, what: str) -> None:
        self.server.complaints.append(f"{self.command} {self.path}: {what}")
        self.answer(status, what)

    def _allowed(self) -> bool:
        wanted = self.server.layout.authorization
        if not wanted or self.headers.get("Authorization") == wanted:
            return True
        scheme = wanted.partition(" ")[0]
        self.answer(401, "who are you?", WWW_Authenticate=f'{scheme} realm="test"')
        return False

    def _graph_store(self) -> None:
        body = self.read_body()
        if body is None:
            self.server.complaints.append(f"{self.command} {self.path}: without a length")
            return
        parts = urlsplit(self.path)
        given = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
        if not self._allowed():
            return
        unnamed = given.pop("default", None) == [""]
        graphs = given.pop("graph", []) if not unnamed else ["default"]
        if given or len(graphs) != 1 or parts.path != self.server.layout.graphs:
            self._complain(400, f"expected one graph and nothing else, found {graphs}, {given}")
            return
        name = pyoxigraph.DefaultGraph() if unnamed else NamedNode(graphs[0])
        with self.server.lock:
            self.server.seen.append(Request(self.command, parts.path, graphs[0], len(body)))
            there = unnamed or self.server.store.contains_named_graph(name)
            if self.command == "DELETE":
                self.server.store.remove_graph(name)
                self.answer(204 if there else 404)
                return
            if self.headers.get("Content-Encoding"):
                self._complain(415, "a compressed body")
                return
            syntax = _SYNTAXES.get(self.headers.get("Content-Type", ""))
            if syntax is None:
                self._complain(415, f"Content-Type {self.headers.get('Content-Type')}")
                return
            try:
                triples = list(pyoxigraph.parse(body, syntax))
            except SyntaxError as error:
                self._complain(400, str(error))
                return
            if self.command == "PUT":
                self.server.store.clear_graph(name)
            self.server.store.extend(
                pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, name) for quad in triples
            )
            self.answer(204 if there else 201)

    def _query(self) -> None:
        body = self.read_body()
        if body is None or not self._allowed():
            return
        (query,) = parse_qs(body.decode(), strict_parsing=True)["query"]
        if self.headers.get("Accept") != "application/sparql-results+json":
            self._complain(406, f"Accept: {self.headers.get('Accept')}")
            return
        with self.server.lock:
            self.server.seen.append(Request("QUERY", self.path, "", len(body)))
            result: Any = self.server.store.query(query)
        content = result.serialize(format=QueryResultsFormat.JSON)
        self.answer(200, content, Content_Type="application/sparql-results+json")

    def _update(self) -> None:
        body = self.read_body()
        if body is None or not self._allowed():
            return
        with self.server.lock:
            self.server.seen.append(Request("UPDATE", self.path, "", len(body)))
            try:
                self.server.store.update(body.decode())
            except (OSError, SyntaxError) as error:
                self._complain(400, str(error))
                return
        self.answer(204)


@contextmanager
def graph_store(layout: Layout, server: str = "") -> Iterator[GraphStore]:
    """Give a running strict server."""
    with _running(GraphStore(layout, server)) as running:
        assert isinstance(running, GraphStore)
        yield running


class Trouble(NamedTuple):
    """What the proxy does to one request.

    Attributes:
        method: Of the requests that it is for.
        status: To answer with instead of asking the store; 0 asks it.
        headers: Of that answer.
        asks: Whether the store is asked all the same, and its answer thrown away.
        cut: Whether the connection is cut instead of answering.
        after: Seconds before anything is done.
        silent: Whether there is never an answer, as long as the proxy runs.
        half: Whether the answer breaks off in its middle.
        path: What is in the path of the request that it is for.
    """

    method: str = "POST"
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    asks: bool = False
    cut: bool = False
    after: float = 0.0
    silent: bool = False
    path: str = ""
    half: bool = False


class TroubleProxy(ThreadingHTTPServer):
    """Passes requests on to a store, but for those that it has trouble for.

    Attributes:
        troubles: Each is for the next request with its method.
        only: What is in the path of the requests that there is trouble for.
        change: What becomes of a body on its way.
        passed: Methods of the requests that the store has had.
    """

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _ProxyHandler)
        parts = urlsplit(target)
        self.target = (parts.hostname or "", parts.port or 80)
        self.troubles: deque[Trouble] = deque()
        self.passed: list[str] = []
        self.only = ""
        self.change: Callable[[bytes], bytes] = bytes
        self.lock = threading.Lock()
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def trouble_for(self, method: str, path: str) -> Trouble | None:
        """Take the trouble of a request."""
        with self.lock:
            if not self.troubles or self.troubles[0].method != method:
                return None
            wanted = (self.only, self.troubles[0].path)
            return self.troubles.popleft() if all(part in path for part in wanted) else None

    def server_close(self) -> None:
        """Let those go that wait for an answer which never comes."""
        self.closing.set()
        super().server_close()


class _ProxyHandler(_Handler):
    server: TroubleProxy

    def _pass_on(self) -> None:
        body = self.read_body() if self.command != "GET" else b""
        if body is None:
            return
        body = self.server.change(body)
        trouble = self.server.trouble_for(self.command, self.path)
        if trouble is None:
            self._answer_of_store(body)
            return
        if trouble.after:
            time.sleep(trouble.after)
        if trouble.silent:
            self.server.closing.wait()
            self.close_connection = True
            return
        if trouble.asks:
            self._ask(body)
        if trouble.half:
            self._answer_of_store(body, half=True)
        elif trouble.cut:
            self.close_connection = True
            self.connection.close()
        elif trouble.status:
            self.send_response(trouble.status)
            for name, value in trouble.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif not trouble.asks:
            self._answer_of_store(body)

    do_GET = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815  # as http.server has them

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        self.server.passed.append(self.command)
        connection = http.client.HTTPConnection(*self.server.target, timeout=120)
        try:
            headers = dict(self.headers) | {"Content-Length": str(len(body))}
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _answer_of_store(self, body: bytes, *, half: bool = False) -> None:
        try:
            status, headers, content = self._ask(body)
        except OSError:
            self.close_connection = True
            self.connection.close()
            return
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"transfer-encoding", "content-length", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if half else content)
        if half:
            self.close_connection = True


_Proxy = TypeVar("_Proxy", bound=TroubleProxy)


@contextmanager
def troubling(target: str) -> Iterator[TroubleProxy]:
    """Give a running proxy of a store."""
    with proxying(TroubleProxy(target)) as running:
        yield running


@contextmanager
def proxying(proxy: _Proxy) -> Iterator[_Proxy]:
    """Run a proxy."""
    with _running(proxy):
        yield proxy


@contextmanager
def _running(server: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
