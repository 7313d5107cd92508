"""Queries that never end, workers that die, readers that leave: the server goes on.

Over real HTTP against the real command, with processes that are really killed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.store import ensure_store
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.release.opened import open_release
from pfocr_rdf.web.server.frames import Limits, QueryRequest
from pfocr_rdf.web.server.options import ServeOptions
from pfocr_rdf.web.server.query_pool import QueryPool
from pfocr_rdf.web.server.server import listen
from tests.support.pages import checkout, run
from tests.support.releases import SharedReleases
from tests.support.serving import (
    ENDLESS,
    PATIENCE,
    Serving,
    busy,
    children,
    end,
    ready,
    runs,
    serving,
    start,
    ticks,
    until,
)

pytestmark = pytest.mark.whole

LONG = 100_000


@pytest.fixture(scope="module")
def release(releases: SharedReleases) -> Path:
    return releases.of_everything()


@pytest.fixture(scope="module")
def patient(release: Path) -> Iterator[Serving]:
    """A server whose queries may run for a day, one at a time."""
    with serving(release, "--timeout", LONG, "--workers", 1) as running:
        yield running


class Asking(threading.Thread):
    """Sends a query in the background, and keeps the answer."""

    def __init__(self, server: Serving, query: str = ENDLESS) -> None:
        super().__init__(daemon=True)
        self._address = f"{server.url}sparql?query={quote(query)}"
        self.answer: httpx.Response | None = None
        self.start()

    def run(self) -> None:
        with suppress(httpx.TransportError):  # a server may end before it has read all
            self.answer = httpx.get(self._address, timeout=PATIENCE)

    def result(self) -> httpx.Response:
        self.join(PATIENCE)
        assert self.answer is not None
        return self.answer


def leave(server: Serving, query: str = ENDLESS) -> None:
    """Send a query, and hang up when it runs."""
    before = ticks(server.workers()[0])
    with socket.create_connection(server.address, timeout=PATIENCE) as connection:
        connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert until(lambda: ticks(server.workers()[0]) > before + 10)


RUNAWAYS = (
    ENDLESS,
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a",
    "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STR(?a) = CONCAT(STR(?l), '!')) }",
    "CONSTRUCT { ?a ?b ?l } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STR(?a) = CONCAT(STR(?l), '!')) }",
    "SELECT * { ?s (!<urn:a>|!^<urn:a>)* ?o . ?t (!<urn:a>|!^<urn:a>)* ?u FILTER(?s = 1) }",
)


def test_runaway_queries_are_ended_and_others_are_served(release: Path) -> None:
    """All at once, each in a process of its own, and one process left for others."""
    count = len(RUNAWAYS) + 1
    options = ("--timeout", 20, "--workers", count, "--max-memory", 1024)
    with serving(release, *options) as server:
        before = server.workers()
        runaways = [Asking(server, query) for query in RUNAWAYS]
        assert busy(server.workers) in before
        served = 0
        while any(runaway.is_alive() for runaway in runaways):
            served += server.ask("ASK { ?s ?p ?o }").status_code == 200
        for query, runaway in zip(RUNAWAYS, runaways, strict=True):
            answer = runaway.result()
            # A query that sorts may rather run into the cap of memory.
            assert answer.status_code in ({500, 504} if "ORDER" in query else {504}), query
            assert "20 seconds" in answer.text or answer.status_code == 500
        assert served
        # Each of theirs is replaced; the sixth has served the others.
        assert until(lambda: len(set(server.workers()) & set(before)) <= 1)
        assert until(lambda: len(server.workers()) == count)


def test_a_query_waits_no_longer_than_it_may_run(release: Path) -> None:
    with serving(release, "--timeout", 5, "--workers", 1) as server:
        runaways = [Asking(server) for _ in range(3)]
        answers = [runaway.result() for runaway in runaways]
        assert {answer.status_code for answer in answers} <= {503, 504}
        assert any(answer.status_code == 504 for answer in answers)
        assert until(lambda: server.ask("ASK { }").status_code == 200)


def test_a_worker_that_is_killed_is_told_and_replaced(patient: Serving) -> None:
    asking = Asking(patient)
    victim = busy(patient.workers)
    os.kill(victim, signal.SIGKILL)
    answer = asking.result()
    assert answer.status_code == 500
    assert "SIGKILL" in answer.text
    assert patient.ask("ASK { }").status_code == 200
    assert victim not in patient.workers()


def test_an_idle_worker_that_is_killed_is_replaced(patient: Serving) -> None:
    assert patient.ask("ASK { }").status_code == 200
    (victim,) = patient.workers()
    os.kill(victim, signal.SIGKILL)
    assert until(lambda: not runs(victim))
    # The request may be quicker than the news of the death.
    assert until(lambda: patient.ask("ASK { }").status_code == 200)
    assert until(lambda: len(patient.workers()) == 1)


def test_a_new_worker_never_answers_from_another_release(tmp_path: Path, seeds: Path) -> None:
    run(checkout(tmp_path / "in"), out=tmp_path / "out")
    with serving(tmp_path / "out", "--timeout", 5, "--workers", 1) as server:
        assert until(lambda: server.ask("ASK { }").status_code == 200)
        run(seeds, out=tmp_path / "out")
        ensure_store(open_release(tmp_path / "out"))
        (victim,) = server.workers()
        os.kill(victim, signal.SIGKILL)
        assert until(lambda: not runs(victim))
        answers = []

        def is_refused() -> bool:
            # At first a request may be quicker than the news of the death, or of the reason.
            answers.append(server.ask("ASK { }"))
            return "started again" in answers[-1].text

        assert until(is_refused)
        assert answers[-1].status_code == 503
        assert {answer.status_code for answer in answers} <= {500, 503}


def test_a_worker_that_hangs_is_ended_at_the_deadline(release: Path) -> None:
    with serving(release, "--timeout", 5, "--workers", 1) as server:
        (victim,) = server.workers()
        os.kill(victim, signal.SIGSTOP)
        assert server.ask("ASK { }").status_code == 504
        assert until(lambda: server.ask("ASK { }").status_code == 200)
        assert not runs(victim)


def test_a_reader_who_leaves_frees_the_worker(patient: Serving) -> None:
    for _ in range(3):
        leave(patient)
        # The only worker could not answer before a day has passed.
        assert patient.ask("ASK { }").status_code == 200


def test_a_reader_who_leaves_the_queue_is_forgotten(patient: Serving) -> None:
    with socket.create_connection(patient.address, timeout=PATIENCE) as first:
        line = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        first.sendall(line)
        busy(patient.workers)
        for _ in range(5):
            with socket.create_connection(patient.address, timeout=PATIENCE) as second:
                second.sendall(line)
    assert patient.ask("ASK { }").status_code == 200


@pytest.mark.parametrize("grace", [PATIENCE, 0.0])
def test_a_process_is_kept_when_its_query_ends_soon_after_its_reader_left(
    release: Path, grace: float
) -> None:
    place = ensure_store(open_release(release))
    limits = Limits(rows=10, bytes=10_000, memory=0, federation=())

    async def leave_early() -> tuple[list[int], list[int]]:
        pool = QueryPool(
            place.oxigraph, IriStyle.OBO, limits, PATIENCE, 1, lambda: True, grace=grace
        )
        async with pool:
            before = pool.processes()
            # Held, so that the query surely runs when its reader leaves.
            os.kill(before[0], signal.SIGSTOP)
            job = QueryRequest("ASK { }", "text/csv", "")
            asking = asyncio.create_task(pool.run(job))
            await asyncio.wait({asking}, timeout=0.5)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            if grace:
                os.kill(before[0], signal.SIGCONT)
            answer = await pool.run(job)
            with answer.body as body:
                assert body.read().strip() == b"true"
            return before, pool.processes()

    before, after = asyncio.run(leave_early())
    assert (before == after) is bool(grace)


def test_too_many_readers_are_asked_to_come_back(patient: Serving) -> None:
    async def crowd() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as client:
            asking = [
                asyncio.create_task(client.get(f"{patient.url}sparql", params={"query": ENDLESS}))
                for _ in range(70)
            ]
            done, waiting = await asyncio.wait(
                asking, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED
            )
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            return [task.result() for task in done]

    for answer in asyncio.run(crowd()):
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "waiting" in answer.text
    assert patient.ask("ASK { }").status_code == 200


def test_a_query_that_needs_too_much_memory_ends_alone(release: Path) -> None:
    greedy = (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?all) "
        "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    )
    with serving(release, "--timeout", LONG, "--max-memory", 200, "--workers", 2) as server:
        asking = Asking(server, greedy)
        while asking.is_alive():
            assert server.ask("ASK { }").status_code == 200
        answer = asking.result()
        assert answer.status_code == 500
        assert "memory" in answer.text
        assert until(lambda: len(server.workers()) == 2)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 100_000 + "}" * 100_000,
        "ASK { FILTER(" + "(" * 100_000 + "1" + ")" * 100_000 + ") }",
        "ASK { ?s " + "(" * 50_000 + "<urn:a>" + ")" * 50_000 + " ?o }",
        "ASK { ?s " + "/".join(["<urn:a>"] * 20_000) + " ?o }",
        "ASK { FILTER(" + "!" * 200_000 + "true) }",
        "SELECT * { VALUES ?x { " + "1 " * 200_000 + "} }",
        "ASK { FILTER(REGEX('" + "a" * 50_000 + "', '(a*)*b')) }",
    ],
)
def test_a_query_made_to_break_the_parser_breaks_nothing(release: Path, query: str) -> None:
    with serving(release, "--timeout", 20, "--workers", 1) as server:
        answer = server.client.post(
            "sparql", content=query, headers={"content-type": "application/sparql-query"}
        )
        assert answer.status_code in {200, 400, 403, 500, 504}
        assert until(lambda: server.ask("ASK { }").status_code == 200)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("at_work", [False, True])
def test_a_signal_ends_the_server_and_all_its_processes(
    release: Path, number: signal.Signals, *, at_work: bool
) -> None:
    process = start(release, "--timeout", LONG)
    try:
        server = Serving(process, ready(process))
        workers = server.workers()
        assert len(workers) >= 2
        # More than there are workers, so that some wait.
        asking = [Asking(server) for _ in range(8 if at_work else 0)]
        if at_work:
            busy(server.workers)
        # As a terminal does it: to all of them at once.
        os.killpg(process.pid, number) if number is signal.SIGINT else os.kill(process.pid, number)
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said
        assert "Traceback" not in said
        assert until(lambda: not any(map(runs, workers)))
        for each in asking:
            each.join(PATIENCE)
        answers = [each.answer for each in asking if each.answer is not None]
        assert bool(answers) == at_work
        for answer in answers:
            assert (answer.status_code, "shut down" in answer.text) == (503, True)
        server.client.close()
    finally:
        end(process)


@pytest.mark.parametrize("at_work", [False, True])
def test_no_process_outlives_a_server_that_is_killed(release: Path, *, at_work: bool) -> None:
    process = start(release, "--timeout", LONG)
    try:
        server = Serving(process, ready(process))
        workers = children(process.pid)
        assert len(workers) >= 2
        if at_work:
            connection = socket.create_connection(server.address)
            connection.sendall(
                f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            )
            busy(server.workers)
            connection.close()
        os.kill(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
        assert until(lambda: not any(map(runs, workers)))
        server.client.close()
    finally:
        end(process)


def test_a_worker_has_no_network_unless_it_may_federate(release: Path) -> None:
    """The second lock behind the check of the text, where the system lets a user have it."""
    allowed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import ctypes; raise SystemExit(ctypes.CDLL(None).unshare(0x50000000) != 0)",
        ],
        check=False,
    )
    if allowed.returncode:
        pytest.skip("this system lets no user make a network namespace")
    endpoint = "https://sparql.example/sparql"
    for options, cut_off in (((), True), (("--federation", endpoint), False)):
        with serving(release, "--workers", 1, *options) as server:
            (worker,) = server.workers()
            ours, its = (
                Path(f"/proc/{process}/ns/net").readlink() for process in (os.getpid(), worker)
            )
            assert (ours != its) == cut_off


def test_a_port_that_is_taken_is_said_in_one_line(release: Path, patient: Serving) -> None:
    process = start(release, "--port", patient.address[1])
    try:
        out, said = process.communicate(timeout=PATIENCE)
    finally:
        end(process)
    assert process.returncode == 2
    assert (out, said.count("\n")) == ("", 1)
    assert "is taken" in said
    assert patient.ask("ASK { }").status_code == 200


def test_what_is_no_release_is_said_in_one_line(tmp_path: Path) -> None:
    process = start(tmp_path)
    try:
        _, said = process.communicate(timeout=PATIENCE)
    finally:
        end(process)
    assert process.returncode == 2
    assert said.count("\n") == 1
    assert str(tmp_path) in said


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (ServeOptions(port=65_536), "--port"),
        (ServeOptions(port=-1), "--port"),
        (ServeOptions(timeout=0), "--timeout"),
        (ServeOptions(timeout=float("nan")), "--timeout"),
        (ServeOptions(timeout=float("inf")), "--timeout"),
        (ServeOptions(client_timeout=0), "--client-timeout"),
        (ServeOptions(client_timeout=float("inf")), "--client-timeout"),
        (ServeOptions(max_rows=0), "--max-rows"),
        (ServeOptions(max_bytes=-1), "--max-bytes"),
        (ServeOptions(max_request=0), "--max-request"),
        (ServeOptions(workers=-1), "--workers"),
        (ServeOptions(federation=("sparql",)), "--federation"),
        (ServeOptions(federation=("https://a b",)), "--federation"),
        (ServeOptions(federation=("https://[",)), "--federation"),
        (ServeOptions(base_url="ftp://x"), "--base-url"),
        (ServeOptions(base_url="https://x/?y"), "--base-url"),
    ],
)
def test_options_that_cannot_be_followed_are_refused(options: ServeOptions, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        options.check()


def test_options_that_can_be_followed_are_taken() -> None:
    ServeOptions().check()
    ServeOptions(
        federation=("https://sparql.uniprot.org/sparql",), base_url="https://x.example/pfocr"
    ).check()


def test_a_host_that_is_not_ours_is_refused() -> None:
    with pytest.raises(UsageError, match="--host"):
        listen("no.such.host.invalid", 0)
    with pytest.raises(UsageError, match="--host"):
        listen("192.0.2.1", 0)


def test_a_worker_imports_no_web_framework() -> None:
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import sys, pfocr_rdf.web.server.query_worker; print(sorted({'starlette', 'uvicorn', 'jinja2'} "
                "& set(sys.modules)))"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"


def test_a_reader_who_takes_slowly_does_not_keep_the_server(release: Path) -> None:
    """He has some seconds; then it ends without him, and without a traceback."""
    process = start(release, "--client-timeout", LONG)
    try:
        server = Serving(process, ready(process))
        rows = quote("SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 60000")
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(server.address)
            connection.sendall(f"GET /sparql?query={rows} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(12) == b"HTTP/1.1 200"
            os.kill(process.pid, signal.SIGTERM)
            _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert said == ""
        server.client.close()
    finally:
        end(process)
