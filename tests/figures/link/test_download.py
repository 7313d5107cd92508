"""Downloads against a real HTTP server on this machine; nothing leaves it."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from pfocr_rdf.errors import DownloadError, InputError
from pfocr_rdf.figures.link import download
from pfocr_rdf.figures.link.download import (
    HGNC_URL,
    TableStatus,
    UpdateOutcome,
    status,
    table_session,
    update,
)
from pfocr_rdf.figures.link.table import COLUMNS
from pfocr_rdf.figures.link.table_source import load_gene_table
from pfocr_rdf.http import PausingRetry


def table_text(genes: int, date: str = "2024-10-18") -> str:
    """A table with so many genes."""
    rows = (
        f"HGNC:{number}\tG{number}\tgene {number}\tApproved\t\t\t{date}\t{number}"
        for number in range(1, genes + 1)
    )
    return "\n".join(("\t".join(COLUMNS), *rows, ""))


BODY = table_text(1200).encode()
NEWER = table_text(1300, "2025-01-07").encode()


class Answer(NamedTuple):
    """What the server says to one request. `length` None: no Content-Length is sent."""

    code: int = 200
    body: bytes = BODY
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = -1


class Server(ThreadingHTTPServer):
    """Gives its answers in order, the last one for ever; keeps each request's headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = [Answer()]
        self.requests: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hgnc_complete_set.txt"


class Handler(BaseHTTPRequestHandler):
    """Plays the next answer."""

    server: Server

    def do_GET(self) -> None:
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        self.server.requests.append(dict(self.headers))
        self.send_response(answer.code)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.length is not None:
            length = len(answer.body) if answer.length < 0 else answer.length
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Tests read the requests; the terminal need not."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on a free port, whose tables are believed although they are small."""
    monkeypatch.setattr(download, "MINIMUM_GENES", 1000)
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """As `table_session`, but with short pauses."""
    with table_session(retries=3, pause=0.01) as quick:
        yield quick


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of this test, and of nobody else."""
    folder = tmp_path / "deep" / "cache"
    monkeypatch.setenv("PFOCR_RDF_CACHE", str(folder))
    return folder


@pytest.fixture
def filled(server: Server, cache: Path, session: requests.Session) -> Path:
    """A cache that has a table, fetched from the server."""
    server.answers = [Answer(headers=(("ETag", '"v1"'), ("Last-Modified", LAST_MODIFIED)))]
    update(server.url, session=session)
    server.requests.clear()
    return cache


LAST_MODIFIED = "Fri, 18 Oct 2024 03:00:00 GMT"
TABLE = "hgnc_complete_set.txt"
STATE = "hgnc_complete_set.txt.json"


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# --- what works ------------------------------------------------------------------------------


def test_the_first_update_fetches_the_table(
    server: Server, cache: Path, session: requests.Session
) -> None:
    assert status() is None
    server.answers = [Answer(headers=(("ETag", '"v1"'),))]
    outcome = update(server.url, session=session)
    assert isinstance(outcome, UpdateOutcome)
    assert outcome.changed
    assert (cache / TABLE).read_bytes() == BODY
    assert sorted(contents(cache)) == [TABLE, STATE]
    now = outcome.status
    assert now == status()
    assert now._replace(fetched="", checked="") == TableStatus(
        path=cache / TABLE,
        date="2024-10-18",
        genes=1200,
        sha256=hashlib.sha256(BODY).hexdigest(),
        url=server.url,
        etag='"v1"',
    )
    assert now.fetched == now.checked
    assert now.fetched.endswith("+00:00")
    assert load_gene_table().release.origin == "cache"
    assert server.requests[0]["User-Agent"].startswith("pfocr-rdf/")


def test_an_unchanged_table_is_not_fetched_again(
    server: Server, filled: Path, session: requests.Session
) -> None:
    before = contents(filled)
    server.answers = [Answer(code=304, body=b"", length=None)]
    outcome = update(server.url, session=session)
    assert not outcome.changed
    assert outcome.status.genes == 1200
    assert outcome.status.etag == '"v1"'
    assert server.requests[0]["If-None-Match"] == '"v1"'
    assert server.requests[0]["If-Modified-Since"] == LAST_MODIFIED
    assert contents(filled)[TABLE] == before[TABLE]


def test_a_newer_table_takes_the_place_of_the_old(
    server: Server, filled: Path, session: requests.Session
) -> None:
    server.answers = [Answer(body=NEWER, headers=(("ETag", '"v2"'),))]
    outcome = update(server.url, session=session)
    assert outcome.changed
    assert (outcome.status.genes, outcome.status.date) == (1300, "2025-01-07")
    assert json.loads(contents(filled)[STATE])["etag"] == '"v2"'
    assert json.loads(contents(filled)[STATE])["last_modified"] == ""


def test_the_same_bytes_again_are_no_change(
    server: Server, filled: Path, session: requests.Session
) -> None:
    assert not update(server.url, session=session).changed


@pytest.mark.parametrize("damage", ["table changed", "state broken", "state a list", "other url"])
def test_the_server_is_only_asked_for_changes_to_what_it_sent(
    server: Server, filled: Path, session: requests.Session, damage: str
) -> None:
    url = server.url
    if damage == "table changed":
        (filled / TABLE).write_bytes(BODY[:500])
        found = status()
        assert found is not None
        assert (found.fetched, found.url, found.etag) == ("", "", "")
    elif damage == "state broken":
        (filled / STATE).write_text("{", encoding="utf-8")
    elif damage == "state a list":
        (filled / STATE).write_text("[]", encoding="utf-8")
    else:
        url = f"{server.url}?mirror"
    update(url, session=session)
    assert "If-None-Match" not in server.requests[0]
    assert "If-Modified-Since" not in server.requests[0]
    assert (filled / TABLE).read_bytes() == BODY


def test_bad_answers_are_tried_again(
    server: Server, cache: Path, session: requests.Session
) -> None:
    server.answers = [Answer(500, b"oops"), Answer(503, b"", (("Retry-After", "0"),)), Answer()]
    assert update(server.url, session=session).changed
    assert len(server.requests) == 3
    assert (cache / TABLE).read_bytes() == BODY


def test_retry_after_is_honoured_up_to_a_minute(server: Server, session: requests.Session) -> None:
    policy = PausingRetry(total=1)
    for asked, waited in (("7", 7.0), ("86400", 60.0)):
        server.answers = [Answer(418, b"", (("Retry-After", asked),))]
        with session.get(server.url, stream=True) as response:
            assert policy.get_retry_after(response.raw) == waited
    server.answers = [Answer()]
    with session.get(server.url, stream=True) as response:
        assert policy.get_retry_after(response.raw) is None


@pytest.mark.parametrize("how", ["Content-Encoding", "file"])
def test_gzip(server: Server, cache: Path, session: requests.Session, how: str) -> None:
    headers = (("Content-Encoding", "gzip"),) if how == "Content-Encoding" else ()
    server.answers = [Answer(body=gzip.compress(BODY), headers=headers)]
    outcome = update(server.url, session=session)
    assert (cache / TABLE).read_bytes() == BODY
    assert outcome.status.sha256 == hashlib.sha256(BODY).hexdigest()
    assert status() == outcome.status


def test_a_server_that_states_no_length(
    server: Server, cache: Path, session: requests.Session
) -> None:
    server.answers = [Answer(length=None)]
    update(server.url, session=session)
    assert (cache / TABLE).read_bytes() == BODY


def test_a_folder_and_a_session_of_ones_own(server: Server, cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "chosen"
    outcome = update(server.url, folder)
    assert outcome.status.path == folder / TABLE
    assert status(folder) == outcome.status
    assert not cache.exists()
    assert HGNC_URL.startswith("https://")


# --- what fails, and leaves everything as it was ---------------------------------------------


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(404, b"gone"), "the server answered 404 Not Found"),
        (Answer(500, b"oops"), "the server answered 500 Internal Server Error"),
        (Answer(429, b""), "the server answered 429 Too Many Requests"),
        (Answer(204, b"", (), None), "the server answered 204"),
        (Answer(body=BODY[:-100], length=len(BODY)), "100 more expected"),
        (Answer(body=BODY[:-20], length=None), "the last one was cut short"),
        (
            Answer(body=b"<!DOCTYPE html><title>Sign in</title>"),
            "not the HGNC table: .* hgnc_id, symbol, .* missing",
        ),
        (Answer(body=b""), "not the HGNC table"),
        (Answer(body=gzip.compress(BODY)[:-50]), "not the HGNC table: .* ended before"),
        (
            Answer(body=b"no gzip", headers=(("Content-Encoding", "gzip"),)),
            "cannot be downloaded: .*(gzip|header)",
        ),
        (
            Answer(body=table_text(999).encode()),
            "at least 1000 approved genes, found 999",
        ),
        (Answer(302, b"", (("Location", "/again"),)), "cannot be downloaded: .*redirects"),
    ],
)
def test_a_failed_download_leaves_the_old_table(
    server: Server, filled: Path, session: requests.Session, answer: Answer, message: str
) -> None:
    before = contents(filled)
    server.answers = [answer]
    with pytest.raises(DownloadError, match=message) as caught:
        update(server.url, session=session)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(f"HGNC table: {server.url}: ")
    assert text.endswith("download that address by hand and pass it with --hgnc FILE)")
    assert ".part" not in text
    assert contents(filled) == before


def test_a_failed_first_download_leaves_nothing(
    server: Server, cache: Path, session: requests.Session
) -> None:
    server.answers = [Answer(body=b"<html>")]
    with pytest.raises(DownloadError):
        update(server.url, session=session)
    assert contents(cache) == {}
    assert load_gene_table().release.origin == "embedded"


def test_an_answer_of_unchanged_to_a_first_request_is_refused(
    server: Server, cache: Path, session: requests.Session
) -> None:
    server.answers = [Answer(304, b"", (), None)]
    with pytest.raises(DownloadError, match="answered 304"):
        update(server.url, session=session)


def test_fewer_genes_can_be_allowed(server: Server, cache: Path, session: requests.Session) -> None:
    server.answers = [Answer(body=table_text(3).encode())]
    assert update(server.url, session=session, minimum_genes=3).status.genes == 3


def test_a_table_that_is_not_complete_does_not_take_the_place_of_one(
    server: Server, cache: Path, session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("PFOCR_RDF_CACHE", str(cache))
    with pytest.raises(DownloadError, match="at least 40000 approved genes, found 1200"):
        update(server.url, session=session)
    assert contents(cache) == {}


def test_a_refused_connection_says_what_to_do(cache: Path, session: requests.Session) -> None:
    with Server() as closed:
        url = closed.url
    with pytest.raises(DownloadError, match="Connection refused") as caught:
        update(url, session=session)
    assert "object at" not in str(caught.value)
    assert "Pool" not in str(caught.value)
    assert "--hgnc FILE" in str(caught.value)
    assert not cache.exists()


def test_an_address_that_is_none(cache: Path, session: requests.Session) -> None:
    with pytest.raises(DownloadError, match="No scheme supplied"):
        update("hgnc_complete_set.txt", session=session)


def test_a_folder_that_cannot_be_made(
    server: Server, tmp_path: Path, session: requests.Session
) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("in the way", encoding="utf-8")
    with pytest.raises(DownloadError, match=r"cannot be written.*PFOCR_RDF_CACHE"):
        update(server.url, occupied / "cache", session=session)


def test_status_of_a_file_that_is_no_table(cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / TABLE).write_text("<html>", encoding="utf-8")
    with pytest.raises(InputError, match="missing"):
        status()


def test_a_full_disk(server: Server, filled: Path, session: requests.Session) -> None:
    resource = pytest.importorskip("resource", reason="file size limits exist on Unix only")
    before = contents(filled)
    server.answers = [Answer(body=NEWER)]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(NEWER) // 2, hard))
    try:
        with pytest.raises(DownloadError, match="cannot be written: File too large"):
            update(server.url, session=session)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert contents(filled) == before


def test_readers_always_see_a_whole_table(
    server: Server, filled: Path, session: requests.Session
) -> None:
    # Two updaters at once, and a reader: no reader ever finds half a table or none.
    server.answers = [Answer(body=body) for body in (NEWER, BODY) * 20]
    urls = [server.url] * 10

    def fetch() -> None:
        with table_session(pause=0.01) as own:
            for url in urls:
                update(url, session=own)

    threads = [threading.Thread(target=fetch) for _ in range(2)]
    for thread in threads:
        thread.start()
    seen = set()
    while any(thread.is_alive() for thread in threads):
        table = load_gene_table()
        assert table.release.origin == "cache"
        seen.add(len(table))
    for thread in threads:
        thread.join()
    assert seen
    assert seen <= {1200, 1300}
    assert sorted(contents(filled)) == [TABLE, STATE]
