"""The process in which readers' queries run, one at a time, until its server ends it.

Started as `python -m pfocr_rdf.web.server.query_worker`. Requests come on stdin, answers go to stdout, in
the form of `frames`. Oxigraph cannot be told from Python to stop a query: a process can be
killed. It also may fall to a stack overflow or a lack of memory without harm to the server.
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, cast

import orjson
import pyoxigraph

from pfocr_rdf.query import service_endpoints, syntax_fault
from pfocr_rdf.rdf import Iris, IriStyle, Prefixes
from pfocr_rdf.web.server import formats
from pfocr_rdf.web.server.frames import HEADER, Frame, Limits, QueryRequest, Reason, frame, head
from pfocr_rdf.web.server.row_counter import RowCounter, row_counter

_PIECE: Final = 2**16
_FOLDERS: Final = re.compile(r"(?<!\S)/(?:[^\s/]+/)+")
_NICE: Final = 5
_OUT_OF_MEMORY_FIRST: Final = "1000"
_PR_SET_PDEATHSIG: Final = 1
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000


class _RefusedError(Exception):
    """A query without an answer: the reason, and words for the reader."""

    def __init__(self, reason: Reason, words: str) -> None:
        super().__init__(words)
        self.reason = reason


class Answerer:
    """Answers requests from one store.

    Args:
        store: Open for reading.
        limits: Of each answer.
        prefixes: For formats that have them.
        out: Where frames go.
    """

    def __init__(
        self, store: pyoxigraph.Store, limits: Limits, prefixes: dict[str, str], out: IO[bytes]
    ) -> None:
        self._store = store
        self._limits = limits
        self._prefixes = prefixes
        self._out = out

    def answer(self, request: QueryRequest) -> None:
        """Write the answer, or the refusal, of one request."""
        try:
            media_type = self._answer(request)
        except _RefusedError as refused:
            self._send(Frame.REFUSAL, orjson.dumps([refused.reason, str(refused)]))
        else:
            self._send(Frame.END, media_type.encode())

    def _answer(self, request: QueryRequest) -> str:
        self._check_services(request.query)
        result = self._result(request)
        is_graph = isinstance(result, pyoxigraph.QueryTriples)
        media_type = request.graph_as if is_graph else request.rows_as
        if not media_type:
            offers = ", ".join(formats.GRAPHS if is_graph else formats.ROWS)
            raise _RefusedError(
                Reason.NOT_ACCEPTABLE, f"This query can be answered as one of: {offers}."
            )
        try:
            if isinstance(result, pyoxigraph.QueryTriples):
                self._write_graph(result, formats.GRAPHS[media_type])
            else:
                self._write_rows(result, formats.ROWS[media_type])
        except (OSError, RuntimeError, ValueError) as error:
            raise _failed(error) from error
        return media_type

    def _check_services(self, query: str) -> None:
        allowed = self._limits.federation
        for endpoint in service_endpoints(query):
            if endpoint in allowed:
                continue
            if not allowed:
                raise _RefusedError(
                    Reason.SERVICE,
                    "SERVICE is switched off on this server (its operator can allow endpoints "
                    "with --federation).",
                )
            found = "an endpoint that is not written as an IRI" if endpoint is None else endpoint
            raise _RefusedError(
                Reason.SERVICE,
                f"SERVICE: expected one of {', '.join(allowed)}, found {found} (the endpoints "
                "that the operator of this server allows, spelled exactly so).",
            )

    def _result(
        self, request: QueryRequest
    ) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
        default, named = request.default_graphs, request.named_graphs
        try:
            return self._store.query(
                request.query,
                default_graph=None if default is None else [_graph(name) for name in default],
                named_graphs=None if named is None else [_node(name) for name in named],
                prefixes=self._prefixes,
            )
        except SyntaxError as error:
            words = syntax_fault(request.query, str(error), self._prefixes)
            raise _RefusedError(Reason.MALFORMED, words) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise _failed(error) from error

    def _write_rows(
        self,
        result: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean,
        format_: pyoxigraph.QueryResultsFormat,
    ) -> None:
        rows = row_counter(format_) if isinstance(result, pyoxigraph.QuerySolutions) else None
        pieces = _Pieces(self._send, self._limits, format_, rows)
        result.serialize(cast("IO[bytes]", pieces), format_)
        pieces.end()

    def _write_graph(self, result: pyoxigraph.QueryTriples, format_: pyoxigraph.RdfFormat) -> None:
        pieces = _Pieces(self._send, self._limits, format_, None)
        out = cast("IO[bytes]", pieces)
        triples = _counted(result, self._limits.rows)
        pyoxigraph.serialize(triples, out, format_, prefixes=self._prefixes)
        pieces.end()

    def _send(self, kind: Frame, content: bytes) -> None:
        self._out.write(frame(kind, content))
        self._out.flush()


class _Pieces:
    """A file to write to that sends what it gets in frames, and keeps to the limits."""

    def __init__(
        self,
        send: Callable[[Frame, bytes], None],
        limits: Limits,
        format_: pyoxigraph.QueryResultsFormat | pyoxigraph.RdfFormat,
        rows: RowCounter | None,
    ) -> None:
        self._send = send
        self._limits = limits
        self._format = format_
        self._rows = rows
        self._size = 0
        self._held: list[bytes] = []
        self._held_size = 0

    def write(self, data: bytes) -> int:
        """Take bytes, unless they are too many or have too many rows."""
        piece = formats.faithful(bytes(data), self._format)
        self._size += len(piece)
        if self._size > self._limits.bytes:
            raise _RefusedError(Reason.TOO_LARGE, _too_large(self._limits.bytes, "bytes"))
        if self._rows is not None and self._rows.add(piece) > self._limits.rows:
            raise _RefusedError(Reason.TOO_LARGE, _too_large(self._limits.rows, "rows"))
        self._held.append(piece)
        self._held_size += len(piece)
        if self._held_size >= _PIECE:
            self.end()
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is held goes with the next piece, or at the end."""

    def end(self) -> None:
        """Send what is held."""
        if self._held:
            self._send(Frame.PIECE, b"".join(self._held))
            self._held, self._held_size = [], 0


def _counted(triples: pyoxigraph.QueryTriples, most: int) -> Iterator[pyoxigraph.Triple]:
    for count, triple in enumerate(triples, 1):
        if count > most:
            raise _RefusedError(Reason.TOO_LARGE, _too_large(most, "triples"))
        yield triple


def _too_large(most: int, what: str) -> str:
    return (
        f"The answer has more than {most:,} {what}, the most this server gives for one query. "
        "None are sent, so that a part is not taken for the whole. Ask for less: narrow the "
        "pattern, count, or take parts with ORDER BY, LIMIT and OFFSET. The whole graph can be "
        "downloaded as files."
    )


def _failed(error: Exception) -> _RefusedError:
    # Where our files lie is nothing for a reader.
    said = _FOLDERS.sub("", str(error))
    return _RefusedError(Reason.FAILED, f"The query could not be answered: {said}")


def _graph(name: str) -> pyoxigraph.NamedNode | pyoxigraph.DefaultGraph:
    return _node(name) if name else pyoxigraph.DefaultGraph()


def _node(name: str) -> pyoxigraph.NamedNode:
    return pyoxigraph.NamedNode(name)


def main() -> None:
    """Answer requests until there are no more."""
    store, style, limits = Path(sys.argv[1]), IriStyle(sys.argv[2]), orjson.loads(sys.argv[3])
    kept = Limits(limits[0], limits[1], limits[2], tuple(limits[3]))
    _prepare(kept)
    # Nothing else may write to the pipe of the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "rb")
    prefixes = dict(Prefixes(Iris(style)).namespaces)
    answerer = Answerer(pyoxigraph.Store.read_only(str(store)), kept, prefixes, out)
    with suppress(BrokenPipeError):
        out.write(frame(Frame.READY))
        out.flush()
        while header := requests.read(HEADER.size):
            _, length = head(header)
            answerer.answer(QueryRequest.unpacked(requests.read(length)))
    # The server has gone, or wants no more; the store is only read and needs no closing.
    os._exit(0)


def _prepare(limits: Limits) -> None:
    """Make this process harmless: it ends with its server, and yields to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_OUT_OF_MEMORY_FIRST, encoding="ascii")
        libc = ctypes.CDLL(None, use_errno=True)
        if not limits.federation:
            # No query should get to the network, and so none can. Where the system does not
            # allow this to a user, the check of the text stands alone.
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # after unshare, which forgets it
    threading.Thread(target=_end_with_server, daemon=True).start()
    if limits.memory:
        most = limits.memory * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    os.nice(_NICE)


def _end_with_server() -> None:
    """End this process when the server is gone, also while a query runs."""
    watch = select.poll()
    watch.register(0, 0)  # only that the other end was closed
    watch.poll()
    os._exit(1)


if __name__ == "__main__":
    main()
