"""`pfocr-rdf serve`: its options, and the one call behind them."""

from __future__ import annotations

from typing import Annotated

import typer

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
from pfocr_rdf.query.store import ensure_store
from pfocr_rdf.release import open_release
from pfocr_rdf.web import ImageHost, ServeOptions, run

_DEFAULTS = ServeOptions()


def serve(
    out: ReleaseFolder,
    *,
    port: Annotated[int, typer.Option(help="Port; 0: any free one.")] = _DEFAULTS.port,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = _DEFAULTS.host,
    timeout: QueryTimeout = _DEFAULTS.timeout,
    client_timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="How long a client may take to send or take.")
    ] = _DEFAULTS.client_timeout,
    max_rows: Annotated[
        int, typer.Option(metavar="N", help="Rows or triples an answer may have.")
    ] = _DEFAULTS.max_rows,
    max_bytes: Annotated[
        int, typer.Option(metavar="N", help="Bytes an answer may have.")
    ] = _DEFAULTS.max_bytes,
    max_request: Annotated[
        int, typer.Option(metavar="BYTES", help="Bytes a request may have.")
    ] = _DEFAULTS.max_request,
    max_memory: QueryMemory = _DEFAULTS.max_memory,
    workers: Annotated[
        int, typer.Option(metavar="N", help="Queries at once; 0: two a core, at least four.")
    ] = _DEFAULTS.workers,
    federation: Federation = None,
    images: Annotated[
        ImageHost, typer.Option(help="Where images of figures come from; none: they are not shown.")
    ] = _DEFAULTS.images,
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="Where readers reach the server, behind a proxy.")
    ] = _DEFAULTS.base_url,
    _verbose: Verbose = False,
) -> None:
    """Serve an export: SPARQL, linked data and web pages.

    pfocr-rdf serve out

    pfocr-rdf serve out --port 8080 --base-url https://pfocr.example.org/
    """
    options = ServeOptions(
        host=host,
        port=port,
        timeout=timeout,
        client_timeout=client_timeout,
        max_rows=max_rows,
        max_bytes=max_bytes,
        max_request=max_request,
        max_memory=max_memory,
        workers=workers,
        federation=tuple(federation or ()),
        images=images,
        base_url=base_url,
    )
    options.check()
    release = open_release(out)
    with shown_progress(stderr()) as on_progress:
        place = ensure_store(release, on_progress, jobs=default_jobs())
    run(release, place, options, lambda url: typer.echo(f"serving {out} at {url}"))
