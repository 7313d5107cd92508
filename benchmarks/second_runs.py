"""A release exported again: with nothing changed, and with a hundred pages changed.

After each, the release is compared file by file with what a full run into an empty folder
writes; the benchmark stops when a byte differs.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from measured import Run, measure
from page import table
from places import CACHE, Places, say, warm

CHANGED = 100
_LEDGER = "ledger.sqlite"  # a note to the next run, not of the release


class SecondRuns(NamedTuple):
    """What a first run took, and the two kinds of runs after it."""

    figures: int
    first: Run
    unchanged: Run
    changed: Run


def run_second(places: Places, figures: int) -> SecondRuns:
    """Export a corpus, export it again, and again after a change of some pages."""
    corpus, out = places.corpus(figures), CACHE / "again"
    shutil.rmtree(out, ignore_errors=True)
    say(f"runs after a first run of {figures:,} figures")
    warm(corpus)
    first = measure(_command(places, corpus, out))
    before = _digests(out)
    unchanged = measure(_command(places, corpus, out))
    _must_be_equal(before, _digests(out), "with nothing changed")
    with edited(corpus):
        changed = measure(_command(places, corpus, out))
        found = _digests(out)
        whole = CACHE / "release"
        shutil.rmtree(whole, ignore_errors=True)
        measure(_command(places, corpus, whole))
        _must_be_equal(_digests(whole), found, f"with {CHANGED} pages changed")
    return SecondRuns(figures, first, unchanged, changed)


def _command(places: Places, corpus: Path, out: Path) -> list[str | Path]:
    return [
        sys.executable, "-m", "pfocr_rdf", "export", corpus, "-o", out, "--hgnc", places.hgnc,
        "--quiet",
    ]  # fmt: skip


@contextmanager
def edited(corpus: Path) -> Iterator[None]:
    """Give some pages another caption, for a while."""
    pages = sorted((corpus / "_figures").glob("*.md"))
    chosen = {page: page.read_bytes() for page in islice(pages, 0, None, len(pages) // CHANGED)}
    chosen = dict(islice(chosen.items(), CHANGED))
    try:
        for page, content in chosen.items():
            edited = content.replace(b"\ncaption: ", b"\ncaption: Edited. ", 1)
            if edited == content:
                edited = content.replace(b"\nfigtitle: ", b"\nfigtitle: Edited. ", 1)
            assert edited != content, f"{page} has neither a caption nor a title to edit"
            page.write_bytes(edited)
        yield
    finally:
        for page, content in chosen.items():
            page.write_bytes(content)


def _digests(folder: Path) -> dict[str, str]:
    out = {}
    for path in sorted(folder.iterdir()):
        if path.name != _LEDGER:
            with path.open("rb") as handle:
                out[path.name] = hashlib.file_digest(handle, "sha256").hexdigest()
    return out


def _must_be_equal(expected: dict[str, str], found: dict[str, str], what: str) -> None:
    different = sorted(name for name in expected | found if expected.get(name) != found.get(name))
    if different:
        sys.exit(f"benchmark: second run {what}: other bytes in {', '.join(different)}")


def second_table(runs: Iterable[SecondRuns]) -> str:
    """Return what each run took."""
    rows = [
        (kind, f"{each.figures:,}", f"{run.seconds:.1f}", f"{run.pss:.0f}")
        for each in runs
        for kind, run in (
            ("first run", each.first),
            ("nothing changed", each.unchanged),
            (f"{CHANGED} pages changed", each.changed),
        )
    ]
    return table(("run, validated", "figures", "seconds", "peak PSS, MiB"), rows)
