"""The benchmark of the exporter: `make bench`, or `make bench ARGS=--quick`.

Measures the export end to end, its growth, its stages, its SHACL engine against pyshacl and
engines in Rust, and other ways to the same graph, and writes what it finds into the tables of
a page.
"""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path

from competitors import peer_versions, peers_table, run_alone, run_peers
from end_to_end import growth_table, run_all, speed_table
from goals import RELEASE, Goals
from page import replace
from places import ROOT, Places, machine, say
from rust_engines import run_rust_engines, rust_table
from second_runs import run_second, second_table
from shacl_engines import engines_table, run_engines
from stages import run_stages, stage_table

_SHARED = ROOT.parent / "shared"
_PARTS = ("export", "again", "stages", "shacl", "validate", "peers")


def main() -> None:
    """Measure, and rewrite the tables."""
    options = _options()
    places = Places(options.make_corpus.resolve(), options.hgnc.resolve())
    places.check()
    where = machine()
    figures, quick = options.figures, options.quick
    times = 1 if quick else 3
    sizes = [max(1, figures // 10), figures] + [RELEASE] * (not quick and not options.no_release)
    small = min(figures, 300 if quick else 1000)
    few = min(figures, 50 if quick else 200)
    peer_figures = options.peer_figures or min(figures, 1000 if quick else figures)

    def written(name: str, body: str, about: str) -> None:
        replace(options.out, name, body, f"{about}. {where}.")

    goals = Goals()

    def told() -> None:
        written("goals", goals.table(), "Each row of the run whose table stands below")

    if "export" in options.only:
        exported = run_all(places, sizes, times)
        medians = "Medians of the runs; files in the page cache"
        written("export", speed_table(exported), medians)
        written("growth", growth_table(exported), medians)
        goals.exported(exported)
        told()
    if "again" in options.only:
        again = [run_second(places, size) for size in sizes[1:]]
        written("again", second_table(again), "Each once; bytes equal to those of a full run")
        goals.again(again)
        told()
    if "stages" in options.only:
        stages = run_stages(places, small, times)
        about = f"{stages.figures:,} figures, {stages.triples / stages.figures:.0f} triples each"
        written("stages", stage_table(stages), f"{about}; runs: {times}")
    if "shacl" in options.only:
        engines = run_engines(places, few)
        written("shacl", engines_table(engines), f"One process; pyshacl {version('pyshacl')}")
        goals.engines(engines)
        told()
    if "validate" in options.only:
        validated = min(figures, 500 if quick else figures)
        judged = run_rust_engines(places, validated)
        written("validate", rust_table(judged), f"The Turtle of {validated:,} figures, each once")
    if "peers" in options.only:
        compared = run_peers(places, peer_figures, times)
        alone = run_alone(places, peer_figures, times)
        about = f"Medians of up to {times} runs; {peer_versions()}"
        written("peers", peers_table(compared, alone), about)
        goals.peers(compared)
        told()
    say(f"done: {options.out}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--figures", type=int, default=10_000, help="the main corpus (default: 10000)"
    )
    parser.add_argument("--quick", action="store_true", help="all of it in under ten minutes")
    parser.add_argument(
        "--no-release", action="store_true", help=f"leave out the corpus of {RELEASE:,} figures"
    )
    parser.add_argument(
        "--only", nargs="+", choices=_PARTS, default=_PARTS, help="some parts; the others stay"
    )
    parser.add_argument(
        "--peer-figures",
        type=int,
        default=0,
        help="for the peers (default: as --figures; quick: 1000)",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "performance.md")
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
