"""What every test may ask for: the seeds, and the real data that lies beside the project."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.places import ROOT, TESTS
from tests.support.releases import SharedReleases
from tests.support.samples import SAMPLES, Sample
from tests.support.shared_data import real_data

# A shared machine is sometimes slow: a deadline would fail tests for no fault of theirs.
settings.register_profile("fast", max_examples=50, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


MOST_SECONDS = 2.0
"""Of processor time, which a test may take that is not marked `whole`; no clock on the wall."""
_started: list[object] = []
sys.addaudithook(lambda event, _: _started.append(event) if event == "subprocess.Popen" else None)


_IN_MEMORY = Path("/dev/shm")
_ROOM = 4 * 2**30
"""More than three times what all tests leave; a container may have 64 MB of it."""


def pytest_configure() -> None:
    """Work in memory where there is room: all tests make 100,000 files, each 0.6 ms on a disk."""
    # What is imported and collected stays: to look through it for garbage takes a tenth of the time.
    gc.disable()
    if "TMPDIR" in os.environ or not os.access(_IN_MEMORY, os.W_OK):
        return
    if shutil.disk_usage(_IN_MEMORY).free > _ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_IN_MEMORY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in tests/whole."""
    for item in items:
        if TESTS / "whole" in item.path.parents:
            item.add_marker(pytest.mark.whole)


def pytest_collection_finish() -> None:
    """Let no round of the collector of garbage walk over 7,000 tests and what they import."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_sessionfinish() -> None:
    """Undo it: else libraries in C take what is frozen for leaks."""
    gc.unfreeze()
    gc.enable()  # where nothing was collected


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail in `make check` what is slow or starts a process: it lacks the mark `whole`."""
    if item.config.getoption("markexpr") != "not whole":
        return (yield)
    _started.clear()
    before = _processor_seconds()
    result = yield
    spent = _processor_seconds() - before
    assert not _started, "it starts a process: mark it `whole`, or move it to tests/whole"
    slow = f"{spent:.1f} s of processor time: make it quicker, or mark it `whole`"
    assert spent < MOST_SECONDS, slow
    return result


def _processor_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the expected files of golden tests anew; review them with git diff",
    )


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden tests shall rewrite what they expect instead of comparing."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session", autouse=True)
def _interrupts_reach_children() -> None:
    """Undo what a shell does to jobs in its background: their children would ignore Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _no_cached_table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the developer's own HGNC table out: tests use the embedded one, or one they name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PFOCR_RDF_CACHE", str(tmp_path_factory.mktemp("no-cache")))
        yield


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a cache folder that no other test has: for journals of loads."""
    monkeypatch.setenv("PFOCR_RDF_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The five seed pages."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def shared() -> Path:
    """HGNC tables and PFOCR's releases of 2021, both whole; not part of the project."""
    return real_data()


@pytest.fixture(scope="module", params=SAMPLES, ids=str)
def sample(request: pytest.FixtureRequest) -> Sample:
    """Pages of every generation: the made ones, and the real ones where they are."""
    assert isinstance(request.param, Sample)
    return request.param


@pytest.fixture(scope="session")
def releases(
    seeds: Path, tmp_path_factory: pytest.TempPathFactory, _no_cached_table: None
) -> Iterator[SharedReleases]:
    """Releases that all processes of this run share; nobody writes to them."""
    base = tmp_path_factory.getbasetemp()
    shared = SharedReleases(
        (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "releases", seeds
    )
    yield shared
    assert shared.changed() == [], "a test has written to a release that others read"


@pytest.fixture(scope="session")
def best_sample() -> Sample:
    """The real pages where they are, else the made ones: for what takes long."""
    return SAMPLES[-1]
