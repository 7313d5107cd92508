"""The benchmark of the server: it measures, and fails when a reader has an error."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.pages import end, run, unmeasured
from tests.support.places import ROOT
from tests.support.serving import PATIENCE, children, until
from tests.support.stores import missing

pytestmark = pytest.mark.whole

PARTS = ("load", "load by question", "stays up")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    place = Path(sys.executable).parent
    if shutil.which("oxigraph", path=f"{place}{os.pathsep}{os.environ['PATH']}") is None:
        missing("oxigraph (PyPI)")
    out = tmp_path_factory.mktemp("load") / "out"
    run(seeds, out=out)
    return out


@contextmanager
def benchmark(
    release: Path, page: Path, name: str = "serve_load.py", *more: object
) -> Iterator[subprocess.Popen[str]]:
    """Start a short run that writes into a page of its own."""
    page.write_text(
        "".join(f"<!-- generated: {part} -->\n<!-- end: {part} -->\n" for part in PARTS),
        encoding="utf-8",
    )
    program = [sys.executable, str(ROOT / "benchmarks" / name)]
    options = ["--release", release, "--readers", 3, "--seconds", 3, "--out", page, *more]
    process = subprocess.Popen(
        [*program, *map(str, options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=unmeasured(),
    )
    try:
        yield process
    finally:
        end(process)


def test_two_servers_are_measured(release: Path, tmp_path: Path) -> None:
    with benchmark(release, tmp_path / "page.md") as process:
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"\| `(pfocr-rdf serve|oxigraph [a-z-]+)` \| ([0-9,]+) \| .*? \| (\d+) \|", text
    )
    assert [errors for _, _, errors in rows] == ["0", "0"]
    assert all(int(answers.replace(",", "")) > 3 for _, answers, _ in rows)
    assert "| `figures-of-gene` |" in text


def test_an_error_of_a_reader_fails_it(release: Path, tmp_path: Path) -> None:
    with benchmark(release, tmp_path / "page.md") as process:
        assert process.stdout is not None
        line = ""
        while "readers for" not in line:
            line = process.stdout.readline()
            assert line, "it ended before the load"
        # Nothing is left of the server, and its readers find that out.
        (server,) = children(process.pid)
        os.kill(server, signal.SIGKILL)
        assert until(lambda: server not in children(process.pid))
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert re.search(r"benchmark: pfocr-rdf serve: [0-9,]+ times no answer of [0-9,]+\n$", said)


def test_a_crowd_of_all_sorts_does_not_bring_it_down(release: Path, tmp_path: Path) -> None:
    """What ten minutes measure, in some seconds; how fast it is and how it grows it cannot tell."""
    page = tmp_path / "page.md"
    limits = ("--readers", 40, "--seconds", 12, "--slowest", 1e6, "--growth", 1e6, "--end", 60)
    with benchmark(release, page, "stays_up.py", *limits) as process:
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    rows = dict(
        re.findall(
            r"^\| ([a-z -]+) \| ((?:(?:\d+|left): [\d,]+(?:, )?)+) \|",
            page.read_text(),
            re.MULTILINE,
        )
    )
    assert "200: " in rows["pages"]
    assert "504: " in rows["runaway queries"]
    assert set(re.findall(r"(\d+): ", rows["bad requests"])) <= {str(n) for n in range(400, 500)}
    assert "| workers at the end | 4 of 4 |" in page.read_text()


def test_a_crowd_sees_what_goes_wrong(release: Path, tmp_path: Path) -> None:
    # So many that some of them look at pages.
    limits = ("--readers", 20, "--seconds", 6, "--slowest", 0, "--growth", -1e6)
    with benchmark(release, tmp_path / "page.md", "stays_up.py", *limits) as process:
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert re.search(r"p95 of pages: \d+ ms, over 0; memory grows by", said), said
