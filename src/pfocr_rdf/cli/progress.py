"""How far a run is: a live bar on a terminal, plain lines elsewhere.

What the runs tell of themselves is theirs; nothing of their rooms is imported here, so that no
verb waits for another's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
    track,
)

if TYPE_CHECKING:
    from pfocr_rdf.exporting import Progress as ExportProgress
    from pfocr_rdf.load import LoadProgress

_SECONDS_BETWEEN_LINES: Final = 5.0
_MEGABYTE: Final = 1_000_000

T = TypeVar("T")


class Step(Protocol):
    """How far a step of a longer work is; 0 for a total that is not known."""

    @property
    def step(self) -> str:
        """What is being done."""

    @property
    def done(self) -> int:
        """How much of it."""

    @property
    def total(self) -> int:
        """How much there is."""


# --- an export -------------------------------------------------------------------------------


@contextmanager
def shown_export(console: Console, *, quiet: bool) -> Iterator[Callable[[ExportProgress], None]]:
    """Give a function that shows how far an export is.

    Args:
        console: Standard error.
        quiet: Show nothing.
    """
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        with _figures_bar(console) as show:
            yield show
    else:
        yield _figures_lines(console)


@contextmanager
def _figures_bar(console: Console) -> Iterator[Callable[[ExportProgress], None]]:
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
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("figures", total=None, rate=0.0, triples=0, findings=0)

        def show(progress: ExportProgress) -> None:
            bar.update(
                task,
                total=progress.total,
                completed=progress.done,
                rate=progress.done / max(time.monotonic() - start, 1e-6),
                triples=progress.triples,
                findings=progress.findings,
            )

        yield show


def _figures_lines(console: Console) -> Callable[[ExportProgress], None]:
    start = last = time.monotonic()

    def show(progress: ExportProgress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _SECONDS_BETWEEN_LINES:
            return
        last = now
        rate = progress.done / (now - start)
        left = (progress.total - progress.done) / rate
        _line(
            console,
            f"{progress.done:,} of {progress.total:,} figures, {rate:,.0f}/s, "
            f"{progress.triples:,} triples, {progress.findings:,} findings, {left:,.0f} s left",
        )

    return show


# --- a load ----------------------------------------------------------------------------------


class ShownLoad(NamedTuple):
    """Two functions: one for how far it is, one for what a user would wonder about."""

    progress: Callable[[LoadProgress], None]
    say: Callable[[str], None]


@contextmanager
def shown_load(console: Console, *, quiet: bool) -> Iterator[ShownLoad]:
    """Give the functions that show how far a load is.

    Args:
        console: Standard error.
        quiet: Show nothing.
    """

    def say(line: str) -> None:
        _line(console, line)

    if quiet:
        yield ShownLoad(lambda _: None, lambda _: None)
    elif console.is_terminal:
        with _bytes_bar(console) as show:
            yield ShownLoad(show, say)
    else:
        yield ShownLoad(_bytes_lines(say), say)


@contextmanager
def _bytes_bar(console: Console) -> Iterator[Callable[[LoadProgress], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        step = ""
        task = bar.add_task(step, total=None)

        def show(progress: LoadProgress) -> None:
            nonlocal step
            if progress.step != step:
                step = progress.step
                bar.reset(task, description=step)
            bar.update(task, total=progress.total, completed=progress.done)

        yield show


def _bytes_lines(say: Callable[[str], None]) -> Callable[[LoadProgress], None]:
    last = time.monotonic()
    step = ""

    def show(progress: LoadProgress) -> None:
        nonlocal last, step
        now = time.monotonic()
        if not progress.step.is_measured:
            if progress.step != step:
                last = now
                say(progress.step)
        elif now - last >= _SECONDS_BETWEEN_LINES:
            last = now
            megabytes = f"{progress.done / _MEGABYTE:,.1f} of {progress.total / _MEGABYTE:,.1f} MB"
            say(f"{progress.step}: {megabytes}")
        step = progress.step

    return show


# --- works of several steps ------------------------------------------------------------------


@contextmanager
def shown_build(console: Console) -> Iterator[Callable[[Step], None]]:
    """Give a function that shows how far a store is; silent when there is nothing to build.

    Args:
        console: Standard error.
    """
    with _shown_steps(console, TaskProgressColumn(), "{} the store") as show:
        yield show


@contextmanager
def shown_site(console: Console, *, quiet: bool) -> Iterator[Callable[[Step], None]]:
    """Give a function that shows how far a site is.

    Args:
        console: Standard error.
        quiet: Show nothing.
    """
    if quiet:
        yield lambda _: None
    else:
        with _shown_steps(console, MofNCompleteColumn(), "{}") as show:
            yield show


@contextmanager
def _shown_steps(
    console: Console, amount: ProgressColumn, called: str
) -> Iterator[Callable[[Step], None]]:
    """Give a function that shows a bar for each step, else a line, beginning with the first."""
    if not console.is_terminal:
        yield _step_lines(console, called)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        amount,
        TimeRemainingColumn(compact=True),
    )
    bar = Progress(*columns, console=console, transient=True)
    try:
        yield _step_bars(bar, called)
    finally:
        bar.stop()


def _step_bars(bar: Progress, called: str) -> Callable[[Step], None]:
    tasks: dict[str, TaskID] = {}

    def show(progress: Step) -> None:
        bar.start()  # only now: most of the time there is no store to build
        if progress.step not in tasks:
            for task in bar.tasks:
                bar.update(task.id, total=task.total or 1, completed=task.total or 1)
            tasks[progress.step] = bar.add_task(called.format(progress.step), total=None)
        bar.update(tasks[progress.step], total=progress.total or None, completed=progress.done)

    return show


def _step_lines(console: Console, called: str) -> Callable[[Step], None]:
    said: set[str] = set()

    def show(progress: Step) -> None:
        if progress.step not in said:
            said.add(progress.step)
            _line(console, called.format(progress.step))

    return show


# --- pages -----------------------------------------------------------------------------------


def shown_pages(pages: Iterable[T], total: int, console: Console, *, quiet: bool) -> Iterable[T]:
    """Return pages that are shown as they are taken, on a terminal.

    Args:
        pages: What is taken.
        total: How many there are.
        console: Standard error.
        quiet: Show nothing.
    """
    return track(
        pages,
        "pages",
        total=total,
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    )


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
