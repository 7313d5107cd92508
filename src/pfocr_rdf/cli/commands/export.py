"""`pfocr-rdf export`: from options to a release, and what was done in a few lines."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape
from rich.table import Table

from pfocr_rdf.cli.exit_codes import NOT_SO
from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.options import Hgnc, Jobs, Quiet, Verbose
from pfocr_rdf.cli.output import print_data, say, stderr, warn
from pfocr_rdf.cli.progress import shown_progress
from pfocr_rdf.cli.table_warnings import warn_of_table
from pfocr_rdf.errors import UsageError
from pfocr_rdf.exporting import ExportOptions, ExportResult, day_of_epoch
from pfocr_rdf.exporting import export as run_export
from pfocr_rdf.exporting.cluster import export_on_dask
from pfocr_rdf.exporting.forms import Form
from pfocr_rdf.findings import CODES
from pfocr_rdf.rdf import FormatName, IriStyle
from pfocr_rdf.release import Compression
from pfocr_rdf.text import printable

_FILES_SHOWN: Final = 12
_DAMAGED: Final = (
    "WARNING: damaged entries of the earlier run's ledger.sqlite: {count:,}. What they spoke of "
    "was made anew. What has changed may be more than --changed says."
)


class ExportEngine(StrEnum):
    """Where an export runs."""

    LOCAL = "local"
    DASK = "dask"


def export(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Pages, folders of pages, PFOCR checkouts, .tar.* or .zip; .ndjson or .gmt.",
        ),
    ],
    out: Annotated[
        str, typer.Option("-o", "--out", metavar="FOLDER", help="Folder that becomes the release.")
    ],
    *,
    formats: Annotated[
        str,
        typer.Option(
            "--format", metavar="NAMES", help=f"Comma-separated: {', '.join(FormatName)}."
        ),
    ] = "turtle,jsonld",
    compress: Annotated[Compression | None, typer.Option(help="Compress the dumps.")] = None,
    hgnc: Hgnc = None,
    iri_style: Annotated[
        IriStyle, typer.Option(help="Whose spelling gene, taxon, chemical, disease IRIs follow.")
    ] = IriStyle.OBO,
    captions: Annotated[
        bool, typer.Option("--captions/--no-captions", help="Write the figures' captions.")
    ] = True,
    jobs: Jobs = 0,
    limit: Annotated[int, typer.Option(help="Stop after so many figures; 0: all.")] = 0,
    validate: Annotated[
        bool, typer.Option("--validate/--no-validate", help="Validate against the shapes.")
    ] = True,
    shard_size: Annotated[
        int, typer.Option(help="Figures a numbered file holds; 0: one file.")
    ] = 0,
    release: Annotated[str, typer.Option(metavar="NAME", help="Name of the release.")] = "",
    reuse: Annotated[
        bool,
        typer.Option(
            "--reuse/--no-reuse", help="Use again what an earlier run made of unchanged pages."
        ),
    ] = True,
    also: Annotated[
        str,
        typer.Option(
            "--also", metavar="NAMES", help=f"Other forms, comma-separated: {', '.join(Form)}."
        ),
    ] = "",
    issued: Annotated[
        str,
        typer.Option(
            metavar="DAY",
            help="Day of publication, 2024-11-30; default: SOURCE_DATE_EPOCH, if set.",
        ),
    ] = "",
    previous: Annotated[
        str, typer.Option(metavar="NAME|IRI", help="The release before this one.")
    ] = "",
    download: Annotated[
        str, typer.Option(metavar="URL", help="Folder where the files will be had.")
    ] = "",
    endpoint: Annotated[
        str, typer.Option(metavar="URL", help="SPARQL endpoint that will have the graph.")
    ] = "",
    changed: Annotated[
        bool,
        typer.Option("--changed", help="Print which figures are new, changed or gone."),
    ] = False,
    engine: Annotated[
        ExportEngine, typer.Option(help="Where it runs; with dask, INPUT and FOLDER may be URLs.")
    ] = ExportEngine.LOCAL,
    scheduler: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="dask: tcp://HOST:PORT; default: this machine."),
    ] = "",
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Publish nothing, and exit 1, when a finding is an error."),
    ] = False,
    allow_shrink: Annotated[
        bool,
        typer.Option(
            "--allow-shrink", help="Replace a release also by one with over a fifth fewer figures."
        ),
    ] = False,
    pmc_ids: Annotated[
        Path | None,
        typer.Option(
            "--pmc-ids", metavar="FILE", help="NCBI's PMC-ids.csv(.gz): PubMed ids of papers."
        ),
    ] = None,
    mesh: Annotated[
        list[Path] | None,
        typer.Option(
            "--mesh",
            metavar="FILE",
            help="NLM's mesh.nt, d2024.bin, c2024.bin (.gz): names of MeSH; repeatable.",
        ),
    ] = None,
    mappings: Annotated[
        Path | None,
        typer.Option(
            "--mappings", metavar="FILE", help="Table of SSSOM: your mappings, for the alignment."
        ),
    ] = None,
    quiet: Quiet = False,
    _verbose: Verbose = False,
) -> None:
    """Export figures as a validated RDF graph.

    pfocr-rdf export pfocr-database -o out

    pfocr-rdf export pages.tar.gz -o out --release 2026.1 --compress zstd --also gmt

    pfocr-rdf export pfocr-database -o out --changed
    """
    options = ExportOptions(
        formats=_formats(formats),
        compression=compress,
        hgnc=hgnc,
        style=iri_style,
        captions=captions,
        jobs=jobs,
        limit=limit,
        validate=validate,
        shard_size=shard_size,
        release=release,
        reuse=reuse,
        also=_forms(also),
        issued=issued or day_of_epoch(os.environ.get("SOURCE_DATE_EPOCH", "")),
        previous=previous,
        download=download,
        endpoint=endpoint,
        strict=strict,
        allow_shrink=allow_shrink,
        pmc_ids=pmc_ids,
        mesh=tuple(mesh or ()),
        mappings=mappings,
    )
    if scheduler and engine is not ExportEngine.DASK:
        raise UsageError("--scheduler: is for --engine dask")
    if changed and engine is ExportEngine.DASK:
        raise UsageError(
            "--changed: a cluster replaces no release, so there is none to compare with"
        )
    with (
        interruptible(f"{out} is as it was"),
        shown_progress(stderr(), quiet=quiet) as on_progress,
    ):
        if engine is ExportEngine.DASK:
            result = export_on_dask(inputs, out, options, on_progress, scheduler=scheduler)
        else:
            result = run_export(inputs, out, options, on_progress)
    if not quiet:
        warn_of_table(result.report.table, result.left_out)
        if result.damaged:
            warn(_DAMAGED.format(count=result.damaged))
        _print_summary(result, out)
    if changed:
        _print_changes(result)
    if result.report.violations:
        raise typer.Exit(NOT_SO)


def _formats(names: str) -> tuple[FormatName, ...]:
    try:
        return tuple(dict.fromkeys(FormatName(name.strip()) for name in names.split(",")))
    except ValueError as error:
        known = ", ".join(FormatName)
        raise UsageError(f"--format: expected some of {known}, found {names!r}") from error


def _forms(names: str) -> tuple[Form, ...]:
    try:
        return tuple(dict.fromkeys(Form(name.strip()) for name in names.split(",") if names))
    except ValueError as error:
        known = ", ".join(Form)
        raise UsageError(f"--also: expected some of {known}, found {names!r}") from error


def _print_summary(result: ExportResult, out: str) -> None:
    report = result.report
    things = report.things()
    genes = things["genes"]
    rows = [
        ("figures", f"{things['figures']:,}"),
        ("triples", f"{report.counts.triples:,}"),
        ("genes linked", f"{genes:,}, {report.genes_with_hgnc:,} of them to HGNC"),
        ("HGNC table", f"{report.table.origin}, {report.table.genes:,} genes, {report.table.date}"),
        ("shapes", _conformance(result)),
    ]
    rows.append(("findings", f"{report.findings.total():,}"))
    for code, count in sorted(report.findings.items()):
        rows.append((f"  {code}", f"{count:,} ({CODES[code].severity})"))
    names = [file.name for file in result.files[:_FILES_SHOWN]]
    if more := len(result.files) - len(names):
        names.append(f"{more:,} more")
    rows.append(("files", ", ".join(names)))
    rows.append(("in", out))
    grid = Table.grid(padding=(0, 2))
    for name, value in rows:
        grid.add_row(escape(name), escape(printable(value)))
    print_data(grid)


def _print_changes(result: ExportResult) -> None:
    if result.changes is None:
        say("there was no earlier release to compare with")
        return
    for sign, figids in zip("+~-", result.changes, strict=True):
        for figid in figids:
            typer.echo(f"{sign} {printable(figid)}")


def _conformance(result: ExportResult) -> str:
    if not result.report.validated:
        return "not validated"
    violations = result.report.violations
    return f"{violations:,} violations" if violations else "the graph conforms"
