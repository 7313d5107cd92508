"""What lies under a running server is replaced, removed, cut, or the disk is full.

It answers from what it has, or says with 503 that it must be started again; never from another release,
and never with a fault of its own. As docs/serve.md says.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pfocr_rdf.query.store import ensure_store
from pfocr_rdf.release.opened import open_release
from tests.support.pages import checkout, run
from tests.support.serving import Serving, runs, serving, until

pytestmark = pytest.mark.whole

PAGES = (
    "",
    "genes/8600",
    "figures/PMC1__a",
    "figures/PMC1__a.nt",
    "search?q=TNFSF11",
    "api/suggest?q=tn",
)
FILES = ("files/manifest.json", "files/pfocr.ttl")
ALL = "SELECT * { ?s ?p ?o }"
LOST = "has to be started again"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    run(checkout(tmp_path / "in"), out=tmp_path / "out")
    ensure_store(open_release(tmp_path / "out"))
    return tmp_path / "out"


@pytest.fixture
def server(out: Path) -> Iterator[Serving]:
    with serving(out, "--workers", 1, "--timeout", 5) as running:
        yield running


def statuses(server: Serving, paths: tuple[str, ...]) -> set[int]:
    """Return how paths are answered; a failure says what to do."""
    found = set()
    for path in paths:
        answer = server.client.get(path)
        assert answer.status_code == 200 or LOST in answer.text, (path, answer.text)
        found.add(answer.status_code)
    return found


def ended(server: Serving) -> str:
    """End a server in peace, and return what it said."""
    server.process.terminate()
    _, said = server.process.communicate(timeout=60)
    assert server.process.returncode == 0
    assert "Traceback" not in said
    return said


def kill_worker(server: Serving) -> None:
    (victim,) = server.workers()
    os.kill(victim, signal.SIGKILL)
    assert until(lambda: not runs(victim))


def test_a_release_that_is_replaced(server: Serving, out: Path, seeds: Path) -> None:
    before = server.client.get("genes/8600.nt").text
    run(seeds, out=out)
    assert statuses(server, PAGES) == {200}
    assert server.client.get("genes/8600.nt").text == before
    assert server.ask(ALL).status_code == 200
    # They would be those of the new release.
    assert statuses(server, FILES) == {503}
    ended(server)


def test_a_release_that_is_removed(server: Serving, out: Path) -> None:
    assert statuses(server, FILES) == {200}
    shutil.rmtree(out)
    assert statuses(server, PAGES) == {200}
    assert statuses(server, FILES) == {503}
    ended(server)


def test_a_store_that_is_removed(server: Serving, out: Path) -> None:
    shutil.rmtree(out.with_name("out.store"))
    assert statuses(server, PAGES) == {200}
    assert server.ask(ALL).status_code == 200
    kill_worker(server)
    assert until(lambda: server.ask(ALL).status_code == 503)
    assert LOST in server.ask(ALL).text
    assert statuses(server, PAGES) == {200}
    ended(server)


def cut_all(store: Path) -> None:
    for path in store.rglob("*"):
        if path.is_file() and not path.name.startswith("LOG"):
            os.truncate(path, path.stat().st_size // 3)


def cut_index(store: Path) -> None:
    os.truncate(store / "index.sqlite", 5000)


@pytest.mark.parametrize("cut", [cut_all, cut_index])
def test_a_store_that_is_cut(server: Serving, out: Path, cut: Callable[[Path], None]) -> None:
    cut(out.with_name("out.store"))
    # Some of it had been read before.
    assert 503 in statuses(server, PAGES) <= {200, 503}
    answer = server.ask(ALL)
    if cut is cut_all:
        assert answer.status_code == 500
        assert "Corruption" in answer.text
        assert str(out.parent) not in answer.text
    else:
        assert answer.status_code == 200
    said = ended(server)
    assert re.search(r"^the store cannot be read: .+$", said, re.MULTILINE)


def test_a_disk_without_room_for_an_answer(server: Serving) -> None:
    large = f"SELECT * {{ {ALL[9:]} ?a ?b ?c }} LIMIT 20000"
    assert len(server.ask(large).content) > 2**20
    # Files of the server alone, such as the one of an answer, may not be so large any more.
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (2**16, 2**16))
    answer = server.ask(large)
    assert answer.status_code == 503
    assert "no room for an answer" in answer.text
    assert until(lambda: server.ask("ASK {}").status_code == 200)
    assert statuses(server, PAGES) == {200}
    ended(server)
