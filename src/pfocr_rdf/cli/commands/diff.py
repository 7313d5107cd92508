"""`pfocr-rdf diff`: what has changed from one release to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pfocr_rdf.assess import DiffFormat, compare, make_sink
from pfocr_rdf.cli.exit_codes import NOT_SO
from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.options import Output, Verbose
from pfocr_rdf.cli.output import opened, say
from pfocr_rdf.errors import UsageError, check_least
from pfocr_rdf.rdf import ALIGNMENT_GRAPH, Iris, Prefixes, web_iri
from pfocr_rdf.release import open_release


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Folder of the older export.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Folder of the newer export.")],
    *,
    format_: Annotated[
        DiffFormat,
        typer.Option("--format", help="For people, data, the patch of a store, or a feed."),
    ] = DiffFormat.HUMAN,
    limit: Annotated[
        int,
        typer.Option(metavar="N", help="human, markdown: items of each list at most; 0: all."),
    ] = 20,
    graph: Annotated[
        str,
        typer.Option(
            metavar="IRI", help="sparql-update: named graph of the figures; default graph if none."
        ),
    ] = "",
    alignment: Annotated[
        bool,
        typer.Option(
            "--alignment", help="json, sparql-update: also alignment.ttl, in its named graph."
        ),
    ] = False,
    output: Output = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 when the releases differ.")
    ] = False,
    _verbose: Verbose = False,
) -> None:
    """Compare two exports: figures, facts, links of genes, symbols, counts.

    pfocr-rdf diff old new

    pfocr-rdf diff old new --format json -o changes.json
    """
    check_least("--limit", limit)
    if graph and web_iri(graph) is None:
        raise UsageError(f"--graph: expected an IRI with http or https, found {graph!r}")
    before, now = open_release(old), open_release(new)
    prefixes = Prefixes(Iris(now.iri_style))
    with interruptible(), opened(output) as out:
        sink = make_sink(format_, out, prefixes, limit=limit, graph=graph, issued=now.issued)
        summary = compare(before, now, sink, ALIGNMENT_GRAPH if alignment else "")
    if output is not None and not summary.same:
        say(f"{summary.triples_removed:,} triples removed, {summary.triples_added:,} added")
    if exit_code and not summary.same:
        raise typer.Exit(NOT_SO)
