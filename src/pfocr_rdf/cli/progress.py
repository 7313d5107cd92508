"""How far a run is: live bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    track,
)
from rich.progress import Progress as Bars

from pfocr_rdf.release import BYTES
from pfocr_rdf.text import printable

if TYPE_CHECKING:
    from pfocr_rdf.release import OnProgress, Progress

_SECONDS_BETWEEN_LINES: Final = 5.0
_MEGABYTE: Final = 1_000_000

T = TypeVar("T")


@contextmanager
def shown_progress(console: Console, *, quiet: bool = False) -> Iterator[OnProgress]:
    """Give a function that shows how far a run is; silent until there is something to do.

    Args:
        console: Standard error.
        quiet: Show nothing.
    """
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[amount]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("left"),
        )
        bars = Bars(*columns, console=console, transient=True)
        try:
            yield _bars(bars)
        finally:
            bars.stop()
    else:
        yield _lines(console)


def shown_pages(pages: Iterable[T], total: int, console: Console, *, quiet: bool) -> Iterable[T]:
    """Return pages that are shown as they are taken, on a terminal.

    Args:
        pages: What is taken.
        total: How many there are.
        console: Standard error.
        quiet: Show nothing.
    """
    if quiet or not console.is_terminal:
        return pages
    return track(
        pages,
        "pages",
        total=total,
        console=console,
        transient=True,
    )


def line(console: Console, text: str) -> None:
    """Print a line as it is, whatever the width."""
    console.print(printable(text), markup=False, highlight=False, soft_wrap=True)


def _bars(bars: Bars) -> OnProgress:
    tasks: dict[str, TaskID] = {}
    start = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal start
        bars.start()
        if progress.step not in tasks:
            start = time.monotonic()
            for task in bars.tasks:
                bars.update(task.id, total=task.total or 1, completed=task.total or 1)
            name = progress.step or progress.unit
            tasks[progress.step] = bars.add_task(name, total=None, amount="")
        bars.update(
            tasks[progress.step],
            total=progress.total or None,
            completed=progress.done,
            amount=_amount(progress, time.monotonic() - start),
        )

    return show


def _lines(console: Console) -> OnProgress:
    start = last = time.monotonic()
    step = ""

    def show(progress: Progress) -> None:
        nonlocal start, last, step
        now = time.monotonic()
        if progress.step != step:
            step, start, last = progress.step, now, now
            line(console, step)
        elif progress.done < progress.total and now - last >= _SECONDS_BETWEEN_LINES:
            last = now
            left = (progress.total - progress.done) * (now - start) / max(progress.done, 1)
            name = f"{step}: " if step else ""
            line(console, f"{name}{_amount(progress, now - start)}, {left:,.0f} s left")

    return show


def _amount(progress: Progress, seconds: float) -> str:
    """Return how much is done, how fast, and what was counted."""
    if not progress.total:
        return ""
    rate = progress.done / max(seconds, 1e-6)
    if progress.unit == BYTES:
        done, total = progress.done / _MEGABYTE, progress.total / _MEGABYTE
        said = [f"{done:,.1f} of {total:,.1f} MB", f"{rate / _MEGABYTE:,.1f} MB/s"]
    else:
        of = f"{progress.done:,} of {progress.total:,} {progress.unit}".rstrip()
        said = [of, f"{rate:,.0f}/s"]
    return ", ".join([*said, *(f"{count:,} {name}" for name, count in progress.counts.items())])
