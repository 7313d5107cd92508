"""Shows how far the building of a store is: a live bar on a terminal, else a line a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from pfocr_rdf.query.store.progress import BuildProgress, BuildStep, OnProgress


@contextmanager
def shown_build(console: Console) -> Iterator[OnProgress]:
    """Give a function that shows how far `ensure_store` is; silent when it has nothing to do.

    Args:
        console: Standard error.
    """
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(compact=True),
    )
    bar = Progress(*columns, console=console, transient=True)
    try:
        yield _bars(bar)
    finally:
        bar.stop()


def _bars(bar: Progress) -> OnProgress:
    tasks: dict[BuildStep, Callable[[BuildProgress], None]] = {}

    def begin(step: BuildStep) -> Callable[[BuildProgress], None]:
        task = bar.add_task(f"{step} the store", total=None)

        def show(progress: BuildProgress) -> None:
            bar.update(task, total=progress.total or None, completed=progress.done)

        return show

    def show(progress: BuildProgress) -> None:
        bar.start()  # only now: most of the time there is nothing to build
        if progress.step not in tasks:
            for task in bar.tasks:
                bar.update(task.id, total=task.total or 1, completed=task.total or 1)
            tasks[progress.step] = begin(progress.step)
        tasks[progress.step](progress)

    return show


def _lines(console: Console) -> OnProgress:
    said: set[BuildStep] = set()

    def show(progress: BuildProgress) -> None:
        if progress.step not in said:
            said.add(progress.step)
            console.print(f"{progress.step} the store", highlight=False, soft_wrap=True)

    return show
