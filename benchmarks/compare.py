"""Two releases of the same pages, compared: `pfocr-rdf diff` and `pfocr-rdf stats`.

    python benchmarks/compare.py

The two are linked with HGNC tables six years apart: hundreds of entities differ, and few figures,
since most genes are stated by their Entrez ids. A release is also compared with itself. The table stands in docs/diff.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from goals import RELEASE
from measured import measure
from page import replace, table
from places import CACHE, ROOT, Places, machine, say, warm

_SHARED = ROOT.parent / "shared"


def main() -> None:
    """Measure, and write the table."""
    options = _options()
    about = machine()
    old, new = (_exported(options, table_) for table_ in (options.old_hgnc, options.hgnc))
    rows = list(_rows(options.figures, old, new))
    headers = ("work", "figures", "seconds", "peak PSS, MiB", "written, MiB")
    replace(options.out, "compared", table(headers, rows), f"Each once. {about}.")
    say(f"done: {options.out}")


def _rows(figures: int, old: Path, new: Path) -> Iterator[tuple[str, ...]]:
    work: tuple[tuple[str, list[str | Path]], ...] = (
        ("nothing differs, for people", ["diff", new, new]),
        ("another HGNC table, for people", ["diff", old, new]),
        ("another HGNC table, `sparql-update`", ["diff", old, new, "--format", "sparql-update"]),
        ("`stats --html`", ["stats", new, "--html"]),
    )
    for name, arguments in work:
        say(name)
        warm(old)
        warm(new)
        out = CACHE / "compared"
        command = [sys.executable, "-m", "pfocr_rdf", *arguments, "-o", out]
        run = measure(command)
        size = out.stat().st_size / 2**20
        yield name, f"{figures:,}", f"{run.seconds:.0f}", f"{run.pss:.0f}", f"{size:,.1f}"


def _exported(options: argparse.Namespace, hgnc: Path) -> Path:
    places = Places(options.make_corpus.resolve(), hgnc.resolve())
    places.check()
    corpus = places.corpus(options.figures)
    out = CACHE / f"compared-{options.figures}-{hgnc.name.partition('.')[0]}"
    say(f"export of {options.figures:,} figures with {hgnc.name}")
    command = [sys.executable, "-m", "pfocr_rdf", "export", corpus, "-o", out, "--hgnc", hgnc]
    more = ["--format", "jsonld", "--no-validate", "--quiet"]
    subprocess.run([str(part) for part in (*command, *more)], check=True)
    return out


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--figures", type=int, default=RELEASE, help=f"default: {RELEASE}")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "diff.md")
    parser.add_argument(
        "--make-corpus", type=Path, default=_SHARED / "tools" / "make_corpus.py",
        help="the script that makes corpora",
    )  # fmt: skip
    for option, year in (("--old-hgnc", 2018), ("--hgnc", 2024)):
        parser.add_argument(
            option, type=Path, default=_SHARED / "data" / f"hgnc_complete_set_{year}-11.txt.gz",
            help="a full HGNC table",
        )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    main()
