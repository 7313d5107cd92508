"""`pfocr-rdf serve` under load: many readers with mixed shipped questions, for a minute.

Beside it `oxigraph serve-read-only`, the same engine in its own server, on the same store and
with the same readers. Before the load each question is asked once at both, and the number of
rows or triples must be the same. An error of any reader fails the benchmark. Run it with `python benchmarks/serve_load.py`; `--help` lists
its options. It needs the corpus maker and a full HGNC table, as `benchmarks/export.py` does.
"""

from __future__ import annotations

import argparse
import http.client
import random
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple
from urllib.parse import urlencode

from page import replace, table
from places import CACHE, ROOT, Places, machine, say

from pfocr_rdf.query.questions import QueryForm, Question, load_questions
from pfocr_rdf.query.store import ensure_store
from pfocr_rdf.release import open_release

_SHARED = ROOT.parent / "shared"
_OURS = "pfocr-rdf serve"
_THEIRS = "oxigraph serve-read-only"
_PATIENCE = 120.0


class Endpoint(NamedTuple):
    """Where a server answers queries."""

    host: str
    port: int
    path: str


class Reply(NamedTuple):
    """One request under load: its question, its status (0: no answer), its seconds."""

    question: str
    status: int
    seconds: float


class Load(NamedTuple):
    """All replies of one server, and how many seconds it took until the last."""

    replies: Sequence[Reply]
    seconds: float


class Reader:
    """One reader with a connection of its own, as a program that asks again and again has it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._connection = http.client.HTTPConnection(
            endpoint.host, endpoint.port, timeout=_PATIENCE
        )

    def ask(self, question: Question) -> tuple[int, bytes]:
        """Return the status and the body of the answer to a question."""
        is_graph = question.form is QueryForm.CONSTRUCT
        accept = "application/n-triples" if is_graph else "text/tab-separated-values"
        path = f"{self._endpoint.path}?{urlencode({'query': question.text})}"
        try:
            self._connection.request("GET", path, headers={"Accept": accept})
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0, b""

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def main() -> None:
    """Measure, and write the tables."""
    options = _options()
    about = machine()
    release = options.release or release_of(options)
    store = ensure_store(open_release(release)).oxigraph
    questions = {
        name: question for name, question in load_questions().items() if not question.federated
    }
    loads: dict[str, Load] = {}
    answers: dict[str, dict[str, int]] = {}
    for name, serving in ((_OURS, _ours(release)), (_THEIRS, _theirs(store))):
        with serving as endpoint:
            say(f"{name}: each question once")
            answers[name] = _once(endpoint, questions)
            say(f"{name}: {options.readers} readers for {options.seconds:g} s")
            loads[name] = load(endpoint, questions, options.readers, options.seconds)
            replies = loads[name].replies
            say(f"{name}: {len(replies):,} answers, {errors(loads[name]).total()} of them errors")
    if answers[_OURS] != answers[_THEIRS]:
        differing = sorted(
            name for name in questions if answers[_OURS][name] != answers[_THEIRS][name]
        )
        sys.exit(f"benchmark: the two servers answer otherwise: {', '.join(differing)}")
    triples = open_release(release).triples
    under = (
        f"{options.readers} readers for {options.seconds:g} s each server, {len(questions)} "
        f"questions drawn evenly, {triples:,} triples. {about}."
    )
    _write(options.out, questions, loads, under)
    if failed := [failure(name, each) for name, each in loads.items() if errors(each)]:
        sys.exit(f"benchmark: {'; '.join(failed)}")


def errors(load: Load) -> Counter[int]:
    """Return how many replies were none, by their status (0: no answer at all)."""
    return Counter(reply.status for reply in load.replies if reply.status != http.client.OK)


def failure(name: str, load: Load) -> str:
    """Return what went wrong at a server, in words."""
    found = ", ".join(
        f"{count:,} times {f'status {status}' if status else 'no answer'}"
        for status, count in sorted(errors(load).items())
    )
    return f"{name}: {found} of {len(load.replies):,}"


def _write(
    page: Path, questions: Mapping[str, Question], loads: Mapping[str, Load], under: str
) -> None:
    whole = [_summary(name, load) for name, load in loads.items()]
    headers: tuple[str, ...] = (
        "server",
        "answers",
        "a second",
        "errors",
        "p50, ms",
        "p95, ms",
        "p99, ms",
    )
    replace(page, "load", table(headers, whole), under)
    rows = []
    for question in questions:
        row = [f"`{question}`"]
        for load in loads.values():
            seconds = [reply.seconds for reply in load.replies if reply.question == question]
            row += [f"{1000 * value:,.0f}" for value in _percentiles(seconds)]
        rows.append(row)
    headers = ("question", *(f"{who} {p}" for who in ("ours", "oxigraph") for p in ("p50", "p95", "p99")))  # fmt: skip
    replace(page, "load by question", table(headers, rows), f"Milliseconds. {under}")


def _summary(name: str, load: Load) -> list[str]:
    good = [reply.seconds for reply in load.replies if reply.status == http.client.OK]
    values = [f"{1000 * value:,.0f}" for value in _percentiles(good)]
    return [
        f"`{name}`",
        f"{len(good):,}",
        f"{len(good) / load.seconds:.1f}",
        str(errors(load).total()),
        *values,
    ]


def _percentiles(seconds: Sequence[float]) -> tuple[float, float, float]:
    if len(seconds) < 2:
        only = seconds[0] if seconds else float("nan")
        return only, only, only
    cuts = quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def _once(endpoint: Endpoint, questions: Mapping[str, Question]) -> dict[str, int]:
    """Return how many rows or triples each question has; it also warms what there is to warm."""
    found = {}
    reader = Reader(endpoint)
    for name, question in questions.items():
        start = time.perf_counter()
        status, body = reader.ask(question)
        if status != http.client.OK:
            sys.exit(f"benchmark: {name}: status {status}: {body[:300].decode(errors='replace')}")
        say(f"  {name}: {1000 * (time.perf_counter() - start):,.0f} ms")
        found[name] = body.count(b"\n")
    reader.close()
    return found


def load(
    endpoint: Endpoint, questions: Mapping[str, Question], readers: int, seconds: float
) -> Load:
    """Let readers ask for some seconds, each the next question when it has its answer."""
    begin = time.perf_counter()
    until = begin + seconds

    def read(number: int) -> list[Reply]:
        draw = random.Random(number)
        names = list(questions)
        replies: list[Reply] = []
        reader = Reader(endpoint)
        while time.perf_counter() < until:
            name = draw.choice(names)
            start = time.perf_counter()
            status, _ = reader.ask(questions[name])
            replies.append(Reply(name, status, time.perf_counter() - start))
        reader.close()
        return replies

    with ThreadPoolExecutor(readers) as crowd:
        replies = [reply for each in crowd.map(read, range(readers)) for reply in each]
    return Load(replies, time.perf_counter() - begin)


@contextmanager
def _ours(release: Path) -> Iterator[Endpoint]:
    command = [sys.executable, "-m", "pfocr_rdf", "serve", str(release), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline().strip().rstrip("/").rpartition(":")[2])
            yield Endpoint("127.0.0.1", port, "/sparql")
        finally:
            process.terminate()


@contextmanager
def _theirs(store: Path) -> Iterator[Endpoint]:
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which(
        "oxigraph"
    )
    if program is None:
        sys.exit("benchmark: oxigraph: not installed (`pip install oxigraph`)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    bind = f"127.0.0.1:{port}"
    command = [program, "serve-read-only", "--location", str(store), "--bind", bind]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + _PATIENCE
            while time.monotonic() < deadline:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield Endpoint("127.0.0.1", port, "/query")
        finally:
            process.terminate()


def release_of(options: argparse.Namespace) -> Path:
    """Return an export of a corpus, made when it is not in the cache."""
    places = Places(options.make_corpus, options.hgnc)
    places.check()
    corpus, out = places.corpus(options.figures), CACHE / f"served-{options.figures}"
    if not (out / "manifest.json").is_file():
        say(f"exporting {options.figures:,} figures")
        command = [sys.executable, "-m", "pfocr_rdf", "export", corpus, "-o", out]
        more = ["--hgnc", options.hgnc, "--format", "ntriples", "--quiet"]
        subprocess.run([str(part) for part in (*command, *more)], check=True)
    return out


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=50, help="at once (50)")
    parser.add_argument("--seconds", type=float, default=60, help="for each server (60)")
    add_release_options(parser)
    return parser.parse_args()


def add_release_options(parser: argparse.ArgumentParser) -> None:
    """Add what says which release is served, and on which page the tables are."""
    parser.add_argument("--figures", type=int, default=10_000, help="of the corpus (10000)")
    parser.add_argument("--release", type=Path, help="an export to serve instead")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "serve.md")
    parser.add_argument(
        "--make-corpus", type=Path, default=_SHARED / "tools" / "make_corpus.py",
        help="the script that makes corpora",
    )  # fmt: skip
    parser.add_argument(
        "--hgnc", type=Path, default=_SHARED / "data" / "hgnc_complete_set_2024-11.txt.gz",
        help="a full HGNC table",
    )  # fmt: skip


if __name__ == "__main__":
    main()
