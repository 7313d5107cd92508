"""How far an export is: a live bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from pfocr_rdf.exporting.run import Progress

_SECONDS_BETWEEN_LINES: Final = 5.0


@contextmanager
def shown_progress(console: Console, *, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Give a function that shows how far a run is.

    Args:
        console: Standard error.
        quiet: Show nothing.
    """
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        with _bar(console) as show:
            yield show
    else:
        yield _plain_lines(console)


@contextmanager
def _bar(console: Console) -> Iterator[Callable[[Progress], None]]:
    columns = (
        TextColumn("figures"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:,.0f}/s"),
        TextColumn("{task.fields[triples]:,} triples"),
        TextColumn("{task.fields[findings]:,} findings"),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
    )
    start = time.monotonic()
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("figures", total=None, rate=0.0, triples=0, findings=0)

        def show(progress: Progress) -> None:
            bar.update(
                task,
                total=progress.total,
                completed=progress.done,
                rate=progress.done / max(time.monotonic() - start, 1e-6),
                triples=progress.triples,
                findings=progress.findings,
            )

        yield show


def _plain_lines(console: Console) -> Callable[[Progress], None]:
    start = last = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _SECONDS_BETWEEN_LINES:
            return
        last = now
        rate = progress.done / (now - start)
        left = (progress.total - progress.done) / rate
        console.print(
            f"{progress.done:,} of {progress.total:,} figures, {rate:,.0f}/s, "
            f"{progress.triples:,} triples, {progress.findings:,} findings, {left:,.0f} s left",
            highlight=False,
            soft_wrap=True,
        )

    return show
