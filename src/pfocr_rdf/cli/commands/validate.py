"""`pfocr-rdf validate`: files against shapes, and the report as text."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from pfocr_rdf.cli.exit_codes import NOT_SO
from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.options import Jobs, Verbose
from pfocr_rdf.cli.output import write_data
from pfocr_rdf.cli.validation_text import format_human, format_json, format_turtle
from pfocr_rdf.errors import check_least
from pfocr_rdf.shacl import ShaclEngine, validate_files


class ReportFormat(StrEnum):
    """How a validation is reported."""

    HUMAN = "human"
    JSON = "json"
    TURTLE = "turtle"


_REPORTS: Final = {
    ReportFormat.HUMAN: format_human,
    ReportFormat.JSON: format_json,
    ReportFormat.TURTLE: format_turtle,
}


def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="RDF of any syntax.")],
    *,
    shapes: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Shapes; default: those shipped.")
    ] = None,
    engine: Annotated[ShaclEngine, typer.Option(help="Who validates.")] = ShaclEngine.FAST,
    format_: Annotated[
        ReportFormat, typer.Option("--format", help="How the report is written.")
    ] = ReportFormat.HUMAN,
    jobs: Jobs = 0,
    _verbose: Verbose = False,
) -> None:
    """Validate RDF files against SHACL shapes.

    pfocr-rdf validate out/pfocr.ttl

    pfocr-rdf validate mine.ttl --shapes shapes.ttl --format turtle
    """
    check_least("--jobs", jobs)
    with interruptible():
        outcome = validate_files(files, shapes or None, engine, jobs=jobs or None)
    write_data(_REPORTS[format_](outcome))
    if not outcome.conforms:
        raise typer.Exit(NOT_SO)
