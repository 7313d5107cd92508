"""How long `pfocr-rdf patch-frontmatter` takes: a first run, one with nothing to do, a dry run.

Run `python benchmarks/patch_frontmatter.py CHECKOUT`; the pages are copied, and the table goes
into docs/schema-org.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from measured import Run, measure
from page import replace, table
from places import ROOT, machine, warm


def main() -> None:
    """Measure, and rewrite the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="a PFOCR checkout; it is not changed")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "schema-org.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "pfocr"
        shutil.copytree(options.checkout / "_figures", copy / "_figures")
        warm(copy)
        pages = len(list((copy / "_figures").iterdir()))
        dry, first, again = (
            measure([sys.executable, "-m", "pfocr_rdf", "patch-frontmatter", copy, "-q", *more])
            for more in (["--dry-run"], [], [])
        )
    rows = [
        _row("every page, `--dry-run`", pages, dry),
        _row("every page, written", pages, first),
        _row("nothing to do", pages, again),
    ]
    under = f"`python benchmarks/patch_frontmatter.py CHECKOUT`, {pages:,} pages. {machine()}."
    headers = ("run", "seconds", "pages/s", "memory (MiB)")
    replace(options.out, "patch-frontmatter", table(headers, rows), under)


def _row(what: str, pages: int, run: Run) -> tuple[str, str, str, str]:
    return what, f"{run.seconds:,.1f}", f"{pages / run.seconds:,.0f}", f"{run.pss:,.0f}"


if __name__ == "__main__":
    main()
