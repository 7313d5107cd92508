"""What other forms cost: `--also` on a release whose figures are all as they were.

    python benchmarks/forms.py

Every run copies the figures and writes the entities anew; what it takes beyond the run without
a form is the form. Then documents and sets of the release are exported in turn. The table
stands in docs/forms.md.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from goals import RELEASE
from measured import Run, measure
from page import replace, table
from places import CACHE, ROOT, Places, machine, say, warm

from pfocr_rdf.exporting.forms import Form

_SHARED = ROOT.parent / "shared"
_MIB = 2**20


def main() -> None:
    """Measure, and write the table."""
    options = _options()
    places = Places(options.make_corpus.resolve(), options.hgnc.resolve())
    places.check()
    about = machine()
    rows = list(_rows(places, options.figures))
    headers = ("work", "figures", "seconds", "peak PSS, MiB", "files, MiB")
    replace(options.out, "forms", table(headers, rows), f"Each once. {about}.")
    say(f"done: {options.out}")


def _rows(places: Places, figures: int) -> Iterator[tuple[str, ...]]:
    corpus, out = places.corpus(figures), CACHE / "forms"
    shutil.rmtree(out, ignore_errors=True)
    say(f"export of {figures:,} figures")
    warm(corpus)
    subprocess.run([str(part) for part in _command(places, corpus, out)], check=True)
    plain = _sizes(out)
    choices = {f"`--also {form}`": [form] for form in Form} | {"all of them": list(Form)}
    yield _row("no form (of figures that are copied)", figures, _timed(places, corpus, out, []))
    for name, forms in choices.items():
        run = _timed(places, corpus, out, forms)
        size = sum(size for file, size in _sizes(out).items() if file not in plain)
        yield _row(name, figures, run, size)
    for name in ("pfocr-biothings-all.ndjson", "pfocr-20241018-gmt-Homo_sapiens.gmt"):
        source = CACHE / name
        shutil.copy(out / name, source)
        say(f"export of {name}")
        again = CACHE / "forms-again"
        shutil.rmtree(again, ignore_errors=True)
        run = measure(_command(places, source, again))
        size = sum(_sizes(again).values())
        yield _row(f"`{name}` as INPUT", figures, run, size)


def _timed(places: Places, corpus: Path, out: Path, forms: list[Form]) -> Run:
    """Export over a release of the same figures."""
    say(f"--also {','.join(forms)}")
    warm(out)
    return measure([*_command(places, corpus, out), "--also", ",".join(forms)])


def _command(places: Places, source: Path, out: Path) -> list[str | Path]:
    return [
        sys.executable, "-m", "pfocr_rdf", "export", source, "-o", out, "--hgnc", places.hgnc,
        "--format", "jsonld", "--no-validate", "--quiet",
    ]  # fmt: skip


def _sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()}


def _row(name: str, figures: int, run: Run, size: int = 0) -> tuple[str, ...]:
    return name, f"{figures:,}", f"{run.seconds:.0f}", f"{run.pss:.0f}", f"{size / _MIB:,.1f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--figures", type=int, default=RELEASE, help=f"default: {RELEASE}")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "forms.md")
    parser.add_argument(
        "--make-corpus", type=Path, default=_SHARED / "tools" / "make_corpus.py",
        help="the script that makes corpora",
    )  # fmt: skip
    parser.add_argument(
        "--hgnc", type=Path, default=_SHARED / "data" / "hgnc_complete_set_2024-11.txt.gz",
        help="a full HGNC table",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    main()
