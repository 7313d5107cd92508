"""`pfocr-rdf site`: its options, the one call behind them, and what was done in a few lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.options import Jobs, Quiet, ReleaseFolder, Verbose
from pfocr_rdf.cli.output import say, stderr
from pfocr_rdf.cli.progress import shown_progress
from pfocr_rdf.release import open_release
from pfocr_rdf.web import ImageHost, SiteOptions, SiteResult, State, build_site

_DEFAULTS = SiteOptions()


def site(
    release: ReleaseFolder,
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
    images: Annotated[
        ImageHost, typer.Option(help="Where images of figures come from; none: they are not shown.")
    ] = _DEFAULTS.images,
    jobs: Jobs = 0,
    quiet: Quiet = False,
    _verbose: Verbose = False,
) -> None:
    """Make a static site of an export: a page for every figure, gene and paper.

    pfocr-rdf site out -o site --base-url https://pfocr.example.org/
    """
    options = SiteOptions(base_url, endpoint, files_url, jobs, images)
    options.check()
    opened = open_release(release)
    with (
        interruptible("nothing was published"),
        shown_progress(stderr(), quiet=quiet) as on_progress,
    ):
        result = build_site(opened, out, options, on_progress)
    if not quiet:
        _print_result(result, out)
    if result.without:
        say(f"WARNING: {result.without:,} figures have no page: their names are too long for files")


def _print_result(result: SiteResult, out: Path) -> None:
    states = result.states
    if not result.written:
        typer.echo(f"nothing has changed: {states[State.SAME]:,} pages in {out}")
        return
    for kind, count in result.pages.items():
        typer.echo(f"{kind.plural:<10}  {count:,}")
    typer.echo(
        f"pages       {states.total():,}: {states[State.NEW]:,} new, "
        f"{states[State.CHANGED]:,} changed, {states[State.SAME]:,} the same, "
        f"{result.removed:,} removed"
    )
    typer.echo(f"in          {out}")
