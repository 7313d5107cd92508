"""The command `pfocr-rdf`: one function a verb, data on stdout, messages on stderr.

Exit codes: 0 done, 1 does not conform (or errors under --strict), 2 bad input or usage,
3 an internal fault or totals that do not balance, 130 interrupted, 143 ended by SIGTERM.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from pfocr_rdf.cli.lazy import LateGroup
from pfocr_rdf.cli.progress import shown_progress
from pfocr_rdf.cli.validation_text import format_human, format_json, format_turtle
from pfocr_rdf.errors import PfocrError, UsageError
from pfocr_rdf.exporting.cluster import export_on_dask
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.exporting.options import ExportOptions, day_of_epoch
from pfocr_rdf.exporting.run import ExportResult
from pfocr_rdf.exporting.run import export as run_export
from pfocr_rdf.figures.link.download import HGNC_URL
from pfocr_rdf.figures.link.download import status as table_status
from pfocr_rdf.figures.link.download import update as update_table
from pfocr_rdf.figures.link.table import GeneTable, TableRelease
from pfocr_rdf.figures.link.table_source import load_gene_table
from pfocr_rdf.figures.show import MentionRow, View, show_figure
from pfocr_rdf.findings import CODES
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.release.files import Compression
from pfocr_rdf.shacl.validate import Engine, validate_files
from pfocr_rdf.version import __version__

app = typer.Typer(
    name="pfocr-rdf",
    cls=LateGroup,
    help="Pathway figures of PFOCR as linked data: validated RDF, in Turtle and JSON-LD.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
genes_app = typer.Typer(help="The HGNC table that genes are linked with.", no_args_is_help=True)
app.add_typer(genes_app, name="genes")


class ReportFormat(StrEnum):
    """How a validation is reported."""

    HUMAN = "human"
    JSON = "json"
    TURTLE = "turtle"


class ExportEngine(StrEnum):
    """Where an export runs."""

    LOCAL = "local"
    DASK = "dask"


_REPORTS: Final = {
    ReportFormat.HUMAN: format_human,
    ReportFormat.JSON: format_json,
    ReportFormat.TURTLE: format_turtle,
}
_WIDE: Final = 10_000  # off a terminal a row stays one line, for grep and cut
_FILES_SHOWN: Final = 12
_INTERRUPTED: Final = 130  # as a shell has it: 128 and the number of the signal
_TERMINATED: Final = 143
_INTERNAL: Final = 3
_EMBEDDED_WARNING: Final = (
    "WARNING: linked with the small HGNC table that pfocr-rdf carries ({genes} genes, those of "
    "the seeds). Genes outside it have no HGNC link. Run `pfocr-rdf genes update`, or give the "
    "full table with --hgnc FILE."
)
_DAMAGED: Final = (
    "WARNING: damaged entries of the earlier run's ledger.sqlite: {count:,}. What they spoke of "
    "was made anew. What has changed may be more than --changed says."
)
_NO_FIGURE: Final = (
    "WARNING: no figure could be read, so the release is empty. findings.jsonl says why."
)


def _print(what: str | RichTable) -> None:
    """Print data; tables without the blanks that fill up their last column."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    with console.capture() as capture:
        console.print(what)
    for line in capture.get().splitlines():
        typer.echo(line.rstrip())


def _err() -> Console:
    return Console(stderr=True, highlight=False)


def _version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"pfocr-rdf {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda v: _version(asked=v),
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """Take the options that stand before a verb."""


# Read by `main`, because faults end there.
_Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Show tracebacks.")]
_Hgnc = Annotated[
    Path | None,
    typer.Option(
        "--hgnc", metavar="FILE", help="HGNC table; default: the downloaded, else the embedded one."
    ),
]


@app.command()
def export(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Pages, folders of pages, PFOCR checkouts, .tar.gz or .zip; .ndjson or .gmt.",
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
    hgnc: _Hgnc = None,
    iri_style: Annotated[
        IriStyle, typer.Option(help="Whose spelling gene, taxon, chemical, disease IRIs follow.")
    ] = IriStyle.OBO,
    captions: Annotated[
        bool, typer.Option("--captions/--no-captions", help="Write the figures' captions.")
    ] = True,
    jobs: Annotated[int, typer.Option("-j", "--jobs", help="Processes; 0: one a core.")] = 0,
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
        bool, typer.Option("--strict", help="Exit 1 when a finding is an error.")
    ] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print nothing but errors.")] = False,
    _verbose: _Verbose = False,
) -> None:
    """Export figures as a validated RDF graph."""
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
    )
    if scheduler and engine is not ExportEngine.DASK:
        raise UsageError("--scheduler: is for --engine dask")
    if changed and engine is ExportEngine.DASK:
        raise UsageError(
            "--changed: a cluster replaces no release, so there is none to compare with"
        )
    try:
        with _sigterm_interrupts(), shown_progress(_err(), quiet=quiet) as on_progress:
            if engine is ExportEngine.DASK:
                result = export_on_dask(inputs, out, options, on_progress, scheduler=scheduler)
            else:
                result = run_export(inputs, out, options, on_progress)
    except KeyboardInterrupt as error:
        _say("; ".join(("interrupted", f"{out} is as it was", *getattr(error, "__notes__", ()))))
        code = _TERMINATED if isinstance(error, _TerminatedError) else _INTERRUPTED
        raise typer.Exit(code) from error
    if not quiet:
        _warn_if_embedded(result.report.table)
        if not result.report.counts.figures:
            _warn(_NO_FIGURE)
        if result.damaged:
            _warn(_DAMAGED.format(count=result.damaged))
        _print_summary(result, out)
    if changed:
        _print_changes(result)
    if result.report.violations or (strict and result.has_errors):
        raise typer.Exit(1)


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="RDF of any syntax.")],
    *,
    shapes: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Shapes; default: those shipped.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Who validates.")] = Engine.FAST,
    format_: Annotated[
        ReportFormat, typer.Option("--format", help="How the report is written.")
    ] = ReportFormat.HUMAN,
    _verbose: _Verbose = False,
) -> None:
    """Validate RDF files against SHACL shapes."""
    outcome = validate_files(files, shapes or None, engine)
    typer.echo(_REPORTS[format_](outcome), nl=False)
    if not outcome.conforms:
        raise typer.Exit(1)


@app.command()
def show(
    target: Annotated[
        str, typer.Argument(metavar="FIGURE_FILE|FIGID", help="A page, or a figid with --in.")
    ],
    *,
    within: Annotated[
        Path | None, typer.Option("--in", metavar="INPUT", help="Where to look for a figid.")
    ] = None,
    view: Annotated[View, typer.Option("--format", help="Rows, or the graph.")] = View.TABLE,
    hgnc: _Hgnc = None,
    _verbose: _Verbose = False,
) -> None:
    """Show one figure: its mentions and how they were identified, or its graph."""
    table = load_gene_table(hgnc)
    shown = show_figure(target, within, view, table)
    _warn_if_embedded(table.release)
    if view is View.TABLE:
        _print(f"[bold]{escape(shown.figid)}[/bold]  {escape(shown.title)}")
        _print(_rich_table(MentionRow._fields, shown.rows))
    else:
        typer.echo(shown.text, nl=False)
    for finding in shown.findings:
        where = (finding.code, finding.file, finding.field, finding.value)
        _say(": ".join(filter(None, where)) + (f" ({finding.detail})" if finding.detail else ""))


@genes_app.command("update")
def genes_update(
    *,
    url: Annotated[str, typer.Option(help="Where the table is.")] = HGNC_URL,
    _verbose: _Verbose = False,
) -> None:
    """Download the HGNC table into the cache, if it has changed."""
    changed, status = update_table(url)
    said = "downloaded" if changed else "is current"
    typer.echo(f"HGNC table of {status.date} {said}: {status.genes:,} genes, {status.path}")


@genes_app.command("status")
def genes_status(
    *,
    _verbose: _Verbose = False,
) -> None:
    """Say which HGNC table an export would use."""
    status = table_status()
    if status is None:
        release = load_gene_table().release
        typer.echo(
            f"no table in the cache: exports use the embedded one of {release.genes:,} genes "
            f"({release.date}); run `pfocr-rdf genes update`"
        )
        return
    rows = [(name, str(value)) for name, value in status._asdict().items() if value]
    _print(_rich_table(("what", "value"), rows))


@genes_app.command("lookup")
def genes_lookup(
    query: Annotated[str, typer.Argument(metavar="SYMBOL", help="Symbol, HGNC id or Entrez id.")],
    *,
    hgnc: _Hgnc = None,
    _verbose: _Verbose = False,
) -> None:
    """Show what a symbol or id resolves to, and all candidates."""
    table = load_gene_table(hgnc)
    _warn_if_embedded(table.release)
    matches = table.lookup(query)
    if not matches:
        raise UsageError(
            f"{query}: no gene of the {table.release.origin} HGNC table has this symbol or id"
        )
    rows = [
        (
            match.gene.symbol,
            f"HGNC:{match.gene.hgnc_id}",
            match.gene.entrez_id,
            match.how.value,
            match.gene.name,
        )
        for match in matches
    ]
    _print(_rich_table(("symbol", "HGNC", "Entrez", "matched as", "name"), rows))
    typer.echo(_verdict(query, table))


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command; every fault ends as one line on stderr and an exit code.

    Args:
        arguments: What stands behind the command's name; None for those of the process.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    code = 0
    try:
        app(given, prog_name="pfocr-rdf")  # exits by itself, with 2 where it was used wrongly
    except PfocrError as error:
        if not {"-v", "--verbose"}.isdisjoint(given):
            traceback.print_exc()
        _say(f"error: {error}")
        code = error.exit_code
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; what it wanted it has. Python would complain
        # again when it flushes at its end, so what is left goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        # A fault of ours. Python would exit with 1, which here means "does not conform".
        traceback.print_exc()
        _say("error: this is a fault of pfocr-rdf; please report it with the lines above")
        raise SystemExit(_INTERNAL) from error
    sys.exit(code)


class _TerminatedError(KeyboardInterrupt):
    """SIGTERM, which ends an export as Ctrl-C does."""


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    def interrupt(*_: object) -> NoReturn:
        raise _TerminatedError

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(message: str) -> None:
    _err().print(message, markup=False, soft_wrap=True)


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


def _warn(warning: str) -> None:
    _err().print(warning, style="bold yellow", markup=False, soft_wrap=True)


def _warn_if_embedded(release: TableRelease) -> None:
    if release.origin == "embedded":
        _warn(_EMBEDDED_WARNING.format(genes=release.genes))


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
    grid = RichTable.grid(padding=(0, 2))
    for name, value in rows:
        grid.add_row(escape(name), escape(value))
    _print(grid)


def _print_changes(result: ExportResult) -> None:
    if result.changes is None:
        _say("there was no earlier release to compare with")
        return
    for sign, figids in zip("+~-", result.changes, strict=True):
        for figid in figids:
            typer.echo(f"{sign} {figid}")


def _conformance(result: ExportResult) -> str:
    if not result.report.validated:
        return "not validated"
    violations = result.report.violations
    return f"{violations:,} violations" if violations else "the graph conforms"


def _verdict(query: str, table: GeneTable) -> str:
    if table.by_symbol(query) is not None:
        return "An approved symbol: a keyword of a human figure is linked to this gene."
    previous = table.by_previous(query)
    if len(previous) == 1:
        return f"A previous symbol of one gene: a keyword is linked to {previous[0].symbol}."
    if any(match.how.value in ("alias", "previous") for match in table.lookup(query)):
        return "An alias, or ambiguous: a keyword is not linked, these genes are its candidates."
    return "An id: a row that states it is linked to this gene."


def _rich_table(head: tuple[str, ...], rows: object) -> RichTable:
    table = RichTable(box=None, pad_edge=False, header_style="bold")
    for name in head:
        table.add_column(name.replace("_", " "), overflow="fold")
    assert isinstance(rows, (list, tuple))
    for row in rows:
        table.add_row(*map(escape, row))
    return table
