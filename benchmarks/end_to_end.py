"""Our export, run as a user runs it, over corpora of several sizes."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from measured import Run, measure, repeated
from page import table
from places import CACHE, Places, say, warm


class Exported(NamedTuple):
    """One way of exporting one corpus."""

    figures: int
    validated: bool
    triples: int
    run: Run

    @property
    def ms_per_figure(self) -> float:
        """Return the wall time per figure, start of the program included."""
        return self.run.seconds * 1000 / self.figures


def run_export(
    places: Places,
    figures: int,
    *,
    validate: bool,
    times: int,
    formats: str = "turtle,jsonld",
    jobs: int = 0,
) -> Exported:
    """Export a corpus into a new folder, several times where that is cheap."""
    corpus, out = places.corpus(figures), CACHE / "release"
    command: list[str | Path] = [
        sys.executable, "-m", "pfocr_rdf", "export", corpus, "-o", out, "--hgnc", places.hgnc,
        "--format", formats, "--jobs", str(jobs), "--quiet",
        "--validate" if validate else "--no-validate",
    ]  # fmt: skip

    def once() -> Run:
        # Into nothing each time: no run may live off what an earlier one left.
        shutil.rmtree(out, ignore_errors=True)
        return measure(command)

    warm(corpus)
    run = repeated(once, times)
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return Exported(figures, validate, int(report["triples"]), run)


def run_all(places: Places, sizes: Iterable[int], times: int) -> list[Exported]:
    """Export every size, without validation and with it."""
    out = []
    for figures in sizes:
        for validate in (False, True):
            say(f"export of {figures:,} figures, validation {'on' if validate else 'off'}")
            out.append(run_export(places, figures, validate=validate, times=times))
    return out


def speed_table(exported: Iterable[Exported]) -> str:
    """Return the speed and memory of each run."""
    return table(
        ("figures", "validated", "triples", "seconds", "figures/s", "triples/s", "peak PSS, MiB",
         "peak RSS, MiB", "runs"),
        [
            (
                f"{e.figures:,}",
                "yes" if e.validated else "no",
                f"{e.triples:,}",
                f"{e.run.seconds:.1f}",
                f"{e.figures / e.run.seconds:,.0f}",
                f"{e.triples / e.run.seconds:,.0f}",
                f"{e.run.pss:.0f}",
                f"{e.run.rss:.0f}",
                str(e.run.times),
            )
            for e in exported
        ],
    )  # fmt: skip


def growth_table(exported: list[Exported]) -> str:
    """Return time and memory per size, against those of the second smallest."""
    rows: list[tuple[str, ...]] = []
    size = sorted({e.figures for e in exported})[:2][-1]
    against = f"against {size:,}"
    for validated in (False, True):
        same = [e for e in exported if e.validated is validated]
        base = next(e for e in same if e.figures == size)
        rows += [
            (
                f"{e.figures:,}",
                "yes" if validated else "no",
                f"{e.ms_per_figure:.2f}",
                f"{e.ms_per_figure / base.ms_per_figure - 1:+.0%}",
                f"{e.run.pss:.0f}",
                f"{e.run.pss / base.run.pss - 1:+.0%}",
            )
            for e in same
        ]
    return table(
        ("figures", "validated", "ms/figure", against, "peak PSS, MiB",
         against),
        rows,
    )  # fmt: skip
