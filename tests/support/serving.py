"""The real `pfocr-rdf serve`, as a process of its own on a port that the system chooses."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph

from tests.support.pages import unmeasured

# A shared machine may be slow: nothing here is a matter of seconds, only of coming at all.
PATIENCE = 120.0
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
"""A query that would run for years, and gives no row before its end."""


class Serving:
    """A server that runs, and a client of it."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url
        self.client = httpx.Client(base_url=url, timeout=PATIENCE)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        url = httpx.URL(self.url)
        assert url.port is not None
        return url.host, url.port

    def ask(self, query: str, **options: Any) -> httpx.Response:
        """Send a query by GET."""
        return self.client.get("sparql", params={"query": query}, **options)

    def raw(self, request: bytes) -> bytes:
        """Send bytes as they are, and return all bytes of the answer."""
        answer = bytearray()
        # A server may hang up before it has read all.
        with (
            socket.create_connection(self.address, timeout=PATIENCE) as connection,
            suppress(ConnectionError, BrokenPipeError),
        ):
            connection.sendall(request)
            while piece := connection.recv(65536):
                answer += piece
        return bytes(answer)

    def workers(self) -> list[int]:
        """Return the ids of its worker processes."""
        return children(self.process.pid)


@contextmanager
def serving(release: Path, *options: object) -> Iterator[Serving]:
    """Start a server, wait until it is ready, and end it with all that came from it."""
    process = start(release, *options, measured=True)
    server = None
    try:
        server = Serving(process, ready(process))
        yield server
    finally:
        if server is not None:
            server.client.close()
        # In peace, as what was measured is written at the end.
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        end(process)


def start(release: Path, *options: object, measured: bool = False) -> subprocess.Popen[str]:
    """Start a server in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "pfocr_rdf", "serve", *map(str, (release, "--port", 0, *options))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=dict(os.environ) if measured else unmeasured(),
    )


def ready(process: subprocess.Popen[str]) -> str:
    """Return the address that a server prints when it is ready."""
    assert process.stdout is not None
    assert process.stderr is not None
    readable, _, _ = select.select([process.stdout], [], [], PATIENCE)
    line = process.stdout.readline() if readable else ""
    if not line.startswith("serving "):
        os.killpg(process.pid, signal.SIGKILL)
        raise AssertionError(f"the server did not start: {line}{process.stderr.read()}")
    return line.split()[-1]


def end(process: subprocess.Popen[str]) -> None:
    """Kill a server and all that is left of it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def children(parent: int) -> list[int]:
    """Return the ids of the processes that a process has started and that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        state = _state(int(entry.name)) if entry.name.isdigit() else None
        if state is not None and state[0] != "Z" and state[1] == parent:
            found.append(int(entry.name))
    return sorted(found)


def runs(process: int) -> bool:
    """Say whether a process runs; a zombie does not."""
    state = _state(process)
    return state is not None and state[0] != "Z"


def busy(processes: Callable[[], list[int]]) -> int:
    """Wait until one of some processes has computed for a while, and return which."""
    before: dict[int, int] = {}
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for process in processes():
            if ticks(process) > before.setdefault(process, ticks(process)) + 10:
                return process
        time.sleep(0.05)
    raise AssertionError("no process is busy")


def until(what: Callable[[], object]) -> bool:
    """Wait until something holds, and say whether it came to that."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def ticks(process: int) -> int:
    """Return how much processor time a process has used, in hundredths of a second."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    fields = stat.rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _state(process: int) -> tuple[str, int] | None:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, parent = stat.rpartition(")")[2].split()[:2]
    return state, int(parent)


def store_of(*paths: Path) -> pyoxigraph.Store:
    """Return files in one default graph, to compare answers with."""
    store = pyoxigraph.Store()
    for path in paths:
        store.load(path=str(path))
    return store
