"""The static site of a release: made, made again, and made again after changes.

    python benchmarks/site.py           # 10,000 figures
    python benchmarks/site.py --full    # also 103,000, the size of a release

Each run is the command in a process of its own, with a process a core. After the changes the
site is compared, file by file, with one that is made into an empty folder. `--release OUT` takes
an export that is there already.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from goals import RELEASE
from measured import Run, measure
from page import replace, table
from places import CACHE, ROOT, Places, machine, say, warm
from second_runs import CHANGED, edited

from pfocr_rdf.rdf import PFOCR
from pfocr_rdf.release import open_release
from pfocr_rdf.web.site.inventory import INVENTORY, Inventory

_SHARED = ROOT.parent / "shared"
_GOAL_SECONDS = 10 * 60
_GOAL_AGAIN = 60
_DAY = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}


class Made(NamedTuple):
    """What the site of one release took.

    `files` and `size` are of the site without the release's own files; `size` is in bytes.
    """

    figures: int
    pages: int
    files: int
    size: int
    first: Run
    again: Run
    changed: Run | None


def main() -> None:
    """Measure, and write the tables."""
    options = _options()
    about = machine()
    if options.release:
        made = [_make(options.release, None, None)]
    else:
        places = Places(options.make_corpus.resolve(), options.hgnc.resolve())
        places.check()
        sizes = (options.figures, RELEASE) if options.full else (options.figures,)
        made = [_make_of(places, figures) for figures in sizes]
    _write(options.out, made, about)


def _make_of(places: Places, figures: int) -> Made:
    corpus, release = places.corpus(figures), CACHE / "site-release"
    shutil.rmtree(release, ignore_errors=True)
    warm(corpus)
    _export(places, corpus, release)
    return _make(release, places, corpus)


def _make(release: Path, places: Places | None, corpus: Path | None) -> Made:
    site = CACHE / "site"
    shutil.rmtree(site, ignore_errors=True)
    opened = open_release(release)
    figures = opened.class_counts[PFOCR.PathwayFigure]
    warm(release)
    say(f"a site of {figures:,} figures")
    first = _run(release, site)
    with Inventory(site) as inventory:
        pages = inventory.count()
        sizes = [size for path, size in inventory.files() if not path.startswith("files/")]
    say("again")
    again = _run(release, site)
    changed = None
    if places and corpus:
        say(f"again with {CHANGED} changed figures")
        with edited(corpus):
            _export(places, corpus, release)
        changed = _run(release, site)
        whole = CACHE / "site-whole"
        shutil.rmtree(whole, ignore_errors=True)
        _run(release, whole)
        _must_be_equal(whole, site)
        shutil.rmtree(whole)
    shutil.rmtree(site)
    return Made(figures, pages, len(sizes), sum(sizes), first, again, changed)


def _export(places: Places, corpus: Path, release: Path) -> None:
    say(f"export of {corpus.name}")
    command = [sys.executable, "-m", "pfocr_rdf", "export", corpus, "-o", release]
    more = ["--hgnc", places.hgnc, "--no-validate", "--quiet", "--release", "bench"]
    subprocess.run([str(part) for part in (*command, *more)], check=True)


def _run(release: Path, site: Path) -> Run:
    os.environ.update(_DAY)
    return measure([sys.executable, "-m", "pfocr_rdf", "site", release, "-o", site, "--quiet"])


def _must_be_equal(whole: Path, site: Path) -> None:
    for path in _files(whole):
        if (whole / path).read_bytes() != (site / path).read_bytes():
            sys.exit(f"benchmark: {path} is not as a site made anew has it")
    if left := set(_files(site)) - set(_files(whole)):
        sys.exit(f"benchmark: {min(left)} is not in a site made anew")


def _files(site: Path) -> Iterator[str]:
    with Inventory(site) as inventory:
        yield from (path for path, _ in inventory.files() if path != INVENTORY)


def _write(page: Path, made: list[Made], about: str) -> None:
    rows = []
    for each in made:
        runs = [("first run", each.first), ("nothing changed", each.again)]
        if each.changed:
            runs.append((f"{CHANGED} figures changed", each.changed))
        for name, run in runs:
            rate = f"{each.pages / run.seconds:,.0f}" if run is each.first else ""
            row = (name, f"{each.figures:,}", f"{run.seconds:.0f}", rate, f"{run.pss:.0f}")
            rows.append(row)
    seconds = table(("run", "figures", "seconds", "pages/s", "peak PSS, MiB"), rows)
    sizes = table(
        ("figures", "pages", "files", "size, MiB", "under 10 minutes", "again under 1"),
        [
            (
                f"{each.figures:,}",
                f"{each.pages:,}",
                f"{each.files:,}",
                f"{each.size / 2**20:,.0f}",
                _met(each.first.seconds < _GOAL_SECONDS),
                _met(each.again.seconds < _GOAL_AGAIN),
            )
            for each in made
        ],
    )
    replace(page, "site", f"{seconds}\n\n{sizes}", f"Files of the release apart. {about}.")
    say(f"done: {page}")


def _met(goal: bool) -> str:
    return "yes" if goal else "**no**"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--full", action="store_true", help="also 103,000 figures")
    parser.add_argument("--figures", type=int, default=10_000)
    parser.add_argument("--release", type=Path, help="an export, instead of making one")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "site.md")
    parser.add_argument(
        "--make-corpus", type=Path, default=_SHARED / "tools" / "make_corpus.py",
        help="the script that makes corpora: --figures N --out FOLDER",
    )  # fmt: skip
    parser.add_argument(
        "--hgnc", type=Path, default=_SHARED / "data" / "hgnc_complete_set_2024-11.txt.gz",
        help="a full HGNC table",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    main()
