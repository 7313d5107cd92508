"""`pfocr-rdf mcp`: its options, and the one call behind them."""

from __future__ import annotations

from typing import Annotated

import typer

from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.options import (
    Federation,
    QueryMemory,
    QueryTimeout,
    ReleaseFolder,
    Verbose,
)
from pfocr_rdf.cli.output import stderr
from pfocr_rdf.cli.progress import shown_progress
from pfocr_rdf.processes import default_jobs
from pfocr_rdf.query.store import ensure_store, run_interruptibly
from pfocr_rdf.release import open_release
from pfocr_rdf.web import ServeOptions, check_library, run_stdio

_DEFAULTS = ServeOptions()


def mcp(
    out: ReleaseFolder,
    *,
    timeout: QueryTimeout = _DEFAULTS.timeout,
    max_rows: Annotated[
        int, typer.Option(metavar="N", help="Rows or triples a query may find.")
    ] = _DEFAULTS.max_rows,
    max_bytes: Annotated[
        int, typer.Option(metavar="N", help="Bytes a query may find.")
    ] = _DEFAULTS.max_bytes,
    max_memory: QueryMemory = _DEFAULTS.max_memory,
    workers: Annotated[int, typer.Option(metavar="N", help="Queries at once.")] = 2,
    federation: Federation = None,
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="Where the release is served, for links to pages.")
    ] = _DEFAULTS.base_url,
    _verbose: Verbose = False,
) -> None:
    """Let an assistant ask an export: a server of the Model Context Protocol over stdio.

    pfocr-rdf mcp out

    pfocr-rdf mcp out --base-url https://pfocr.example.org/
    """
    check_library()
    options = ServeOptions(
        timeout=timeout,
        max_rows=max_rows,
        max_bytes=max_bytes,
        max_memory=max_memory,
        workers=workers,
        federation=tuple(federation or ()),
        base_url=base_url,
    )
    options.check()
    release = open_release(out)
    with interruptible():
        with shown_progress(stderr()) as on_progress:
            place = ensure_store(release, on_progress, jobs=default_jobs())
        run_interruptibly(lambda: run_stdio(release, place, options))
