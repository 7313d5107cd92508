"""`pfocr-rdf serve` for ten minutes with a crowd of all sorts: it stays up, and says so in numbers.

Two hundred readers look at pages, search, ask for other forms, query, query without end, take or send
slowly, hang up and send nonsense. It fails when an answer is a 5xx that is not documented, when memory
grows after the warm-up, when pages are slow while runaway queries are being ended, when a worker is
missing at the end, or when the server does not end in time. Run it with `python
benchmarks/stays_up.py`; `--help` lists its options. It needs what `benchmarks/serve_load.py` needs.
"""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import linear_regression, quantiles
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from crowd import LEFT, LOOKS, NO_ANSWER, Asked, Crowd, Served
from measured import children_of, private_memory
from page import replace, table
from places import machine, say
from serve_load import add_release_options, release_of

from pfocr_rdf.query.store import ensure_store
from pfocr_rdf.release.opened import open_release

_WORKERS: Final = 4
_TIMEOUT: Final = 5.0
_CLIENT_TIMEOUT: Final = 10.0
_FAILURES: Final = 500
_DOCUMENTED: Final = (503, 504)
_PATIENCE: Final = 60.0
"""Seconds after which a server that was asked to end is killed."""
_EVERY: Final = 1.0
_PAGES: Final = 150
_KINDS: Final = (
    "a <https://w3id.org/pfocr/vocab#PathwayFigure>",
    "a <http://schema.org/Gene>",
    "a <http://schema.org/ScholarlyArticle>",
    "a <http://schema.org/Taxon>",
)


class Outcome(NamedTuple):
    """What came of it.

    Attributes:
        asked: All requests.
        growth: MiB a minute of the memory of the server's own process after the warm-up.
        memory: MiB at the end of that, and of all its processes at most.
        ended: How many worker processes were ended meanwhile.
        alive: How many workers answered at the end.
        seconds: From SIGTERM, with slow readers still there, to the end; and the exit code.
        said: What it said on stderr.
    """

    asked: Sequence[Asked]
    growth: float
    memory: tuple[float, float]
    ended: int
    alive: int
    seconds: float
    code: int
    said: str


def main() -> None:
    """Measure, write the table, and exit with 1 when it did not hold."""
    options = _options()
    about = machine()
    release = options.release or release_of(options)
    ensure_store(open_release(release))
    outcome = _run(release, options.readers, options.seconds)
    triples = open_release(release).triples
    under = (
        f"{options.readers} readers for {options.seconds:g} s, {triples:,} triples, "
        f"{_WORKERS} workers, queries ended after {_TIMEOUT:g} s. {about}."
    )
    replace(options.out, "stays up", _report(outcome), under)
    if faults := _faults(outcome, options.slowest, options.growth, options.end):
        sys.exit(f"benchmark: {'; '.join(faults)}")


def _run(release: Path, readers: int, seconds: float) -> Outcome:
    program = [sys.executable, "-m", "pfocr_rdf", "serve", str(release), "--port", "0"]
    limits = ("--workers", _WORKERS, "--timeout", _TIMEOUT, "--client-timeout", _CLIENT_TIMEOUT)
    process = subprocess.Popen(
        [*program, *map(str, limits)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    said: list[str] = []
    assert process.stdout is not None
    assert process.stderr is not None
    listening = threading.Thread(target=said.extend, args=(process.stderr,), daemon=True)
    listening.start()
    try:
        port = int(process.stdout.readline().strip().rstrip("/").rpartition(":")[2])
        served = _served(("127.0.0.1", port), release)
        for page in served.pages:  # what is kept of each is no growth
            _get(served.address, page)
        crowd = Crowd(served, readers)
        say(f"{readers} readers for {seconds:g} s")
        crowd.come()
        own, of_all, workers = _watched(process.pid, seconds)
        asked = crowd.asked()
        alive = _alive(served.address, process.pid)
        process.send_signal(signal.SIGTERM)
        begun = time.perf_counter()
        try:
            code = process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            code = -1
        took = time.perf_counter() - begun
        crowd.leave()
    finally:
        process.kill()
        process.wait()
    listening.join(_TIMEOUT)
    warm = own[len(own) // 4 :]
    growth = 60 * linear_regression(*zip(*warm, strict=True)).slope
    memory = (own[-1][1], max(of_all))
    ended = len(workers) - _WORKERS
    return Outcome(asked, growth, memory, ended, alive, took, code, "".join(said))


def _watched(
    server: int, seconds: float
) -> tuple[list[tuple[float, float]], list[float], set[int]]:
    """Return the memory of the server by seconds, of all its processes, and which those were."""
    begun = time.monotonic()
    own: list[tuple[float, float]] = []
    of_all: list[float] = []
    workers: set[int] = set()
    while (now := time.monotonic() - begun) < seconds:
        at_work = children_of(server)
        workers.update(at_work)
        own.append((now, private_memory(server)))
        of_all.append(own[-1][1] + sum(map(private_memory, at_work)))
        time.sleep(_EVERY)
    return own, of_all, workers


def _alive(address: tuple[str, int], server: int) -> int:
    """Return how many workers there are when all have had the time to be replaced, and answer."""
    until = time.monotonic() + 10 * _TIMEOUT
    while True:
        with ThreadPoolExecutor(_WORKERS) as some:
            answers = list(some.map(lambda _: _get(address, _sparql("ASK {}"))[0], range(_WORKERS)))
        alive = min(len(children_of(server)), answers.count(http.client.OK))
        if alive == _WORKERS or time.monotonic() > until:
            return alive
        time.sleep(0.2)


def _served(address: tuple[str, int], release: Path) -> Served:
    """Return what there is to be read: pages of each kind, and the largest file."""
    pages = []
    for kind in _KINDS:
        query = f"SELECT ?thing {{ ?thing {kind} }} LIMIT {_PAGES}"
        _, body, _ = _get(address, f"{_sparql(query)}&format=json")
        for row in json.loads(body)["results"]["bindings"]:
            status, _, to = _get(address, f"/resource?iri={quote(row['thing']['value'], safe='')}")
            if status == http.client.SEE_OTHER:
                pages.append(to)
    largest = max(open_release(release).outputs, key=lambda file: file.bytes)
    return Served(address, ["/", *pages], f"/files/{largest.name}")


def _sparql(query: str) -> str:
    return f"/sparql?{urlencode({'query': query})}"


def _get(address: tuple[str, int], path: str) -> tuple[int, bytes, str]:
    """Return status, body and the path of the Location of an answer."""
    connection = http.client.HTTPConnection(*address, timeout=10 * _TIMEOUT)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(), urlsplit(answer.headers.get("Location", "")).path
    finally:
        connection.close()


def _faults(outcome: Outcome, slowest: float, growth: float, end: float) -> list[str]:
    """Return what did not hold, in words."""
    faults = [
        f"{count:,} {sort}: {f'status {status}' if status else 'no answer'}"
        for (sort, status), count in sorted(_statuses(outcome.asked).items())
        if status == NO_ANSWER or (status >= _FAILURES and status not in _DOCUMENTED)
    ]
    if (p95 := 1000 * _percentiles(outcome.asked, LOOKS)[1]) > slowest:
        faults.append(f"p95 of pages: {p95:.0f} ms, over {slowest:g}")
    if outcome.growth > growth:
        faults.append(f"memory grows by {outcome.growth:.2f} MiB a minute, over {growth:g}")
    if not outcome.ended:
        faults.append("no runaway query was ended")
    if outcome.alive != _WORKERS:
        faults.append(f"{outcome.alive} of {_WORKERS} workers are there at the end")
    if outcome.seconds > end or outcome.code:
        faults.append(f"it ended after {outcome.seconds:.1f} s with exit code {outcome.code}")
    if "Traceback" in outcome.said:
        faults.append(f"it said: {outcome.said[-2000:]}")
    return faults


def _report(outcome: Outcome) -> str:
    statuses = _statuses(outcome.asked)
    rows = []
    for sort in dict.fromkeys(each.sort for each in outcome.asked):
        of_sort = sorted((status, n) for (its, status), n in statuses.items() if its == sort)
        p50, p95 = _percentiles(outcome.asked, sort)
        said = ", ".join(f"{'left' if status == LEFT else status}: {n:,}" for status, n in of_sort)
        total = sum(n for _, n in of_sort)
        rows.append([sort, said, f"{total:,}", f"{1000 * p50:,.0f}", f"{1000 * p95:,.0f}"])
    server, most = outcome.memory
    measures = [
        ["memory of the server's own process at the end, MiB", f"{server:,.0f}"],
        ["its growth after the first quarter, MiB a minute", f"{outcome.growth:+.2f}"],
        ["all processes together at most, MiB", f"{most:,.0f}"],
        ["worker processes ended with their queries, and replaced", f"{outcome.ended:,}"],
        ["workers at the end", f"{outcome.alive} of {_WORKERS}"],
        ["from SIGTERM to the end, s", f"{outcome.seconds:.1f}"],
        ["exit code", str(outcome.code)],
    ]
    readers = table(("readers", "statuses", "requests", "p50, ms", "p95, ms"), rows, words=2)
    return f"{readers}\n\n{table(('of the server', ''), measures)}"


def _statuses(asked: Sequence[Asked]) -> Mapping[tuple[str, int], int]:
    return Counter((each.sort, each.status) for each in asked)


def _percentiles(asked: Sequence[Asked], sort: str) -> tuple[float, float]:
    seconds = [each.seconds for each in asked if each.sort == sort]
    if len(seconds) < 2:
        return (seconds * 2 + [0.0, 0.0])[0], (seconds * 2 + [0.0, 0.0])[0]
    cuts = quantiles(seconds, n=20, method="inclusive")
    return cuts[9], cuts[18]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=200, help="at once (200)")
    parser.add_argument("--seconds", type=float, default=600, help="that they stay (600)")
    parser.add_argument(
        "--slowest", type=float, default=100, help="ms that p95 of pages may be (100)"
    )
    parser.add_argument("--end", type=float, default=5, help="s that its end may take (5)")
    parser.add_argument(
        "--growth", type=float, default=1.0, help="MiB a minute that memory may grow by (1)"
    )
    add_release_options(parser)
    return parser.parse_args()


if __name__ == "__main__":
    main()
