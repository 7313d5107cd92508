"""How far a load is: a live bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bar

from pfocr_rdf.load.loader import LoadProgress, Step

_SECONDS_BETWEEN_LINES: Final = 5.0
_MEGABYTE: Final = 1_000_000


class Shown(NamedTuple):
    """Two functions: one for how far it is, one for what a user would wonder about."""

    progress: Callable[[LoadProgress], None]
    say: Callable[[str], None]


@contextmanager
def shown_load(console: Console, *, quiet: bool) -> Iterator[Shown]:
    """Give the functions that show how far a load is.

    Args:
        console: Standard error.
        quiet: Show nothing.
    """

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    if quiet:
        yield Shown(lambda _: None, lambda _: None)
    elif console.is_terminal:
        with _bar(console) as show:
            yield Shown(show, say)
    else:
        yield Shown(_plain_lines(say), say)


@contextmanager
def _bar(console: Console) -> Iterator[Callable[[LoadProgress], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        step = Step.CHECKING
        task = bar.add_task(step, total=None)

        def show(progress: LoadProgress) -> None:
            nonlocal step
            if progress.step is not step:
                step = progress.step
                bar.reset(task, description=step)
            bar.update(task, total=progress.total, completed=progress.done)

        yield show


def _plain_lines(say: Callable[[str], None]) -> Callable[[LoadProgress], None]:
    last = time.monotonic()
    step = Step.CHECKING

    def show(progress: LoadProgress) -> None:
        nonlocal last, step
        now = time.monotonic()
        if progress.step is not step:
            step = progress.step
            if step not in {Step.CHECKING, Step.LOADING}:
                last = now
                say(f"{step}")
        if step not in {Step.CHECKING, Step.LOADING} or now - last < _SECONDS_BETWEEN_LINES:
            return
        last = now
        say(f"{step}: {progress.done / _MEGABYTE:,.1f} of {progress.total / _MEGABYTE:,.1f} MB")

    return show
