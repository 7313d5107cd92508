"""`pfocr-rdf site`: its options, the one call behind them, and what was done in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pfocr_rdf.release.opened import open_release
from pfocr_rdf.web.site import SiteOptions, SiteResult, build_site
from pfocr_rdf.web.site.ledger import State
from pfocr_rdf.web.site.progress import OnProgress, SiteProgress, SiteStep, unseen

_INTERRUPTED: Final = 130  # as a shell has it: 128 and the number of the signal
_DEFAULTS = SiteOptions()


def site(
    release: Annotated[
        Path, typer.Argument(metavar="OUT", help="The folder that `pfocr-rdf export` wrote.")
    ],
    *,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="SITE", help="Folder that becomes the site.")
    ],
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="Address that the site will have on the web.")
    ] = _DEFAULTS.base_url,
    endpoint: Annotated[
        str, typer.Option(metavar="URL", help="SPARQL endpoint of the release, to point to.")
    ] = _DEFAULTS.endpoint,
    files_url: Annotated[
        str,
        typer.Option(
            metavar="URL", help="Folder on the web with the release's files; default: in the site."
        ),
    ] = _DEFAULTS.files_url,
    jobs: Annotated[int, typer.Option("-j", "--jobs", help="Processes; 0: one a core.")] = 0,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print nothing but errors.")] = False,
    _verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show tracebacks.")] = False,
) -> None:
    """Make a static site of an export: a page for every figure, gene and paper."""
    options = SiteOptions(base_url, endpoint, files_url, jobs)
    options.check()
    opened = open_release(release)
    console = Console(stderr=True, highlight=False)
    try:
        with _shown(console, quiet=quiet) as on_progress:
            result = build_site(opened, out, options, on_progress)
    except KeyboardInterrupt as error:
        console.print("interrupted; nothing was published", markup=False, soft_wrap=True)
        raise typer.Exit(_INTERRUPTED) from error
    if not quiet:
        _print_result(result, out)
    if result.without:
        console.print(
            f"WARNING: {result.without:,} figures have no page: their names are too long for files",
            markup=False,
            soft_wrap=True,
        )


def _print_result(result: SiteResult, out: Path) -> None:
    states = result.states
    if not result.written:
        typer.echo(f"nothing has changed: {states[State.SAME]:,} pages in {out}")
        return
    for kind, count in result.pages.items():
        typer.echo(f"{kind.folder:<10}  {count:,}")
    typer.echo(
        f"pages       {states.total():,}: {states[State.NEW]:,} new, "
        f"{states[State.CHANGED]:,} changed, {states[State.SAME]:,} the same, "
        f"{result.removed:,} removed"
    )
    typer.echo(f"in          {out}")


@contextmanager
def _shown(console: Console, *, quiet: bool) -> Iterator[OnProgress]:
    """Give a function that shows how far a site is: a live bar, else a line a step."""
    if quiet:
        yield unseen
    elif console.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            yield _bars(bar)
    else:
        yield _lines(console)


def _bars(bar: Progress) -> Callable[[SiteProgress], None]:
    tasks = {step: bar.add_task(step, total=None, start=False) for step in SiteStep}

    def show(progress: SiteProgress) -> None:
        task = tasks[progress.step]
        bar.start_task(task)
        bar.update(task, completed=progress.done, total=progress.total or None)

    return show


def _lines(console: Console) -> Callable[[SiteProgress], None]:
    said: set[SiteStep] = set()

    def show(progress: SiteProgress) -> None:
        if progress.step not in said:
            said.add(progress.step)
            console.print(str(progress.step), markup=False, soft_wrap=True)

    return show
