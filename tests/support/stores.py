"""Real triple stores, started on loopback for the tests of `load`: Virtuoso and Oxigraph.

Each listens on a port that the system chose, is asked until it answers, can be killed and
started again with what it has on disk, and is ended whatever the test does. Where a program is
missing the test is skipped with its name; under CI=true that is a failure.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
import requests

PATIENCE = 120.0
"""Seconds that a store may take to answer; a machine with other work is slow."""

_INI = """\
[Database]
DatabaseFile=db/v.db
ErrorLogFile=db/v.log
LockFile=db/v.lck
TransactionFile=db/v.trx
xa_persistent_file=db/v.pxa
FileExtend=200
MaxCheckpointRemap=2000
TempStorage=TempDatabase
[TempDatabase]
DatabaseFile=db/t.db
TransactionFile=db/t.trx
MaxCheckpointRemap=2000
[Parameters]
ServerPort=127.0.0.1:{sql}
DisableUnixSocket=1
CaseMode=2
DirsAllowed=., {allowed}
NumberOfBuffers=40000
MaxDirtyBuffers=30000
MaxQueryMem=1G
ThreadsPerQuery=2
[HTTPServer]
ServerPort=127.0.0.1:{http}
ServerRoot=vsp
ServerThreads=10
Charset=UTF-8
EnabledGzipContent=1
[URIQA]
DynamicLocal=0
DefaultHost=127.0.0.1:{http}
[SPARQL]
MaxQueryCostEstimationTime=0
MaxQueryExecutionTime=120
{more}
"""


class StoreServer:
    """A store that can be killed and started again on its port, with its data.

    Attributes:
        url: Its address.
        query: Address of its SPARQL endpoint, for anybody.
        folder: Of its data and output.
    """

    def __init__(self, folder: Path, command: Sequence[str], url: str, query: str) -> None:
        self.folder = folder
        self.url = url
        self.query = query
        self.sql = 0
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self.prepare: Callable[[], None] | None = None

    def start(self) -> None:
        """Start it and wait until it answers a query."""
        with (self.folder / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=self.prepare,  # noqa: PLW1509  # limits of the child alone
                start_new_session=True,
                # Python ignores SIGXFSZ; so does a child that inherits it, which then sees an
                # error of the file system instead of being killed.
                restore_signals=False,
            )
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                pytest.fail(f"{self._command[0]} does not answer: {self.output()}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Say whether it answers a query."""
        try:
            answer = requests.get(self.query, params={"query": "ASK {}"}, timeout=5)
        except requests.RequestException:
            return False
        return answer.status_code == 200

    def runs(self) -> bool:
        """Say whether its process is there."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            if self.runs():
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE)

    def output(self) -> str:
        """Return the end of what it printed."""
        return (self.folder / "output.txt").read_text(errors="replace")[-2000:]

    def ask(self, query: str) -> list[list[str]]:
        """Return the rows of a query, each value as text."""
        answer = requests.post(
            self.query,
            data={"query": query},
            headers={"Accept": "application/sparql-results+json"},
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        result = answer.json()
        names = result["head"]["vars"]
        return [
            [row[n]["value"] for n in names if n in row] for row in result["results"]["bindings"]
        ]

    def count(self, graph: str) -> int:
        """Return how many triples a graph has, as the store counts them; "" is the default graph."""
        pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
        ((number,),) = self.ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
        return int(number)

    def graphs(self) -> set[str]:
        """Return the names of the graphs that are ours."""
        rows = self.ask("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        return {name for (name,) in rows if "w3id.org" in name or name.startswith("urn:pfocr")}


@contextmanager
def reading(server: StoreServer, graph: str) -> Iterator[list[int]]:
    """Count a graph all the time meanwhile, at least once before and once after."""
    seen: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(server.count(graph))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        _more_than(seen, 0)
        yield seen
        _more_than(seen, len(seen) + 1)  # one may have been under way
    finally:
        stop.set()
        reader.join()


def _more_than(seen: list[int], number: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(seen) <= number:
        assert time.monotonic() < deadline, "the store does not answer a reader"
        time.sleep(0.01)


@contextmanager
def oxigraph(
    folder: Path, *, on_disk: bool = True, prepare: Callable[[], None] | None = None
) -> Iterator[StoreServer]:
    """Give a running Oxigraph server.

    Args:
        folder: Empty or new.
        on_disk: Whether it keeps its data when it is killed.
        prepare: Run in its process before it starts.
    """
    program = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if program is None:
        missing("oxigraph (PyPI package oxigraph)")
    folder.mkdir(parents=True, exist_ok=True)
    place = f"127.0.0.1:{free_port()}"
    location = ["--location", "db"] if on_disk else []
    command = [program, "serve", *location, "--bind", place]
    server = StoreServer(folder, command, f"http://{place}", f"http://{place}/query")
    server.prepare = prepare
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def virtuoso(
    folder: Path, *, max_rows: int = 0, allowed: Path | None = None
) -> Iterator[StoreServer]:
    """Give a running Virtuoso server, with the user dba, password dba.

    Args:
        folder: Empty or new.
        max_rows: ResultSetMaxRows; 0 leaves it out.
        allowed: A folder that its bulk loader may read.
    """
    program = shutil.which("virtuoso-t")
    if program is None:
        missing("virtuoso-t (Debian package virtuoso-opensource-7-bin)")
    for name in ("db", "vsp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    http, sql = free_port(), free_port()
    more = f"ResultSetMaxRows={max_rows}" if max_rows else ""
    ini = _INI.format(http=http, sql=sql, more=more, allowed=allowed or folder)
    (folder / "virtuoso.ini").write_text(ini)
    command = [program, "+foreground", "+configfile", "virtuoso.ini"]
    url = f"http://127.0.0.1:{http}"
    server = StoreServer(folder, command, url, f"{url}/sparql")
    server.sql = sql
    try:
        server.start()
        yield server
    finally:
        server.kill()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Jena:
    """Jena's commands, from Debian's package, which lacks some files where it looks for them.

    Args:
        folder: Where those files are put.
    """

    def __init__(self, folder: Path) -> None:
        java = shutil.which("java")
        jars = Path("/usr/share/java")
        if java is None or not (jars / "jena-arq.jar").exists():
            missing("Jena (Debian packages libapache-jena-java and default-jre-headless)")
        if not (folder / "xerces").exists():
            _move_messages(jars / "jena-core.jar", folder)
        path = [str(folder), *(str(jars / f"{name}.jar") for name in _JARS)]
        self.command = [
            java,
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            ":".join(path),
        ]

    def run(self, name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a class with arguments."""
        return subprocess.run(
            [*self.command, name, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


_JARS = (
    "jena-arq jena-base jena-cmds jena-core jena-dboe-base jena-dboe-index jena-dboe-storage "
    "jena-dboe-trans-data jena-dboe-transaction jena-iri jena-rdfconnection jena-shacl jena-shex "
    "jena-tdb jena-tdb2 commons-cli commons-codec commons-compress commons-csv commons-io "
    "commons-lang3 commons-logging dexx.collection gson guava httpclient httpcore jackson-core "
    "jackson-databind jackson-annotations jsonld-java jakarta.json-api thrift protobuf "
    "titanium-json-ld slf4j-api slf4j-simple"
).split()


def _move_messages(jar: Path, folder: Path) -> None:
    """Put the messages of the XML classes where the relocated classes look for them."""
    import zipfile

    inside = "org/apache/jena/ext/xerces/"
    with zipfile.ZipFile(jar) as archive:
        for name in archive.namelist():
            if name.startswith(inside) and not name.endswith("/"):
                target = folder / "xerces" / name.removeprefix(inside)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))


def missing(what: str) -> NoReturn:
    """Skip the test for want of a program; under CI=true, fail."""
    reason = f"{what} is not installed; `scripts/setup-stores` tries to fetch it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
